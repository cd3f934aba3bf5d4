"""What a waited call costs over asking the pool directly. The two take turns: whatever else the machine does meets both."""

import statistics
import time

import openai

import clients
from checks import SIMULATOR, messages

CALLS = 300


def run():
    direct = openai.OpenAI(base_url=f"{SIMULATOR}/eastus-ptu/v1", api_key="simulator")
    pairs = (("direct", direct), ("sluice", clients.plain()))
    times = {"direct": [], "sluice": []}
    for n in range(CALLS + 20):
        for name, client in pairs:
            took = timed(client)
            if n >= 20:
                times[name].append(took)
    for name, values in times.items():
        p50, p99 = statistics.median(values), sorted(values)[CALLS * 99 // 100]
        print(f"  {name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, {CALLS} chats one after another")


def timed(client):
    started = time.perf_counter()
    client.chat.completions.create(model="gpt-4o", messages=messages(), max_tokens=20)
    return (time.perf_counter() - started) * 1000
