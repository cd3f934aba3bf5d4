"""What a waited call costs over asking the pool directly."""

import statistics
import time

import openai

import clients
from checks import SIMULATOR, messages

CALLS = 300


def run():
    direct = openai.OpenAI(base_url=f"{SIMULATOR}/eastus-ptu/v1", api_key="simulator")
    times = {name: sorted(timed(client)) for name, client in (("direct", direct), ("sluice", clients.plain()))}
    for name, values in times.items():
        print(f"  {name}: p50 {values[CALLS // 2]:.2f} ms, p99 {values[CALLS * 99 // 100]:.2f} ms, {CALLS} chats one after another")
    added = statistics.median(times["sluice"]) - statistics.median(times["direct"])
    print(f"  added at p50: {added:.2f} ms")


def timed(client):
    for n in range(CALLS + 20):
        started = time.perf_counter()
        client.chat.completions.create(model="gpt-4o", messages=messages(), max_tokens=20)
        if n >= 20:
            yield (time.perf_counter() - started) * 1000
