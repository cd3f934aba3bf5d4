"""What the rivals in Python share: where things are, what a job carries, and the command line.

  NAME_rival.py fill N          puts N jobs into the empty queue, with no worker running
  NAME_rival.py latency RATE S  submits RATE jobs a second for S seconds, waits for each; prints milliseconds as JSON
"""

import asyncio
import json
import os
import sys
import time

REDIS = os.environ.get("BENCH_REDIS", "redis://127.0.0.1:6379/0")
UPSTREAM = os.environ.get("BENCH_UPSTREAM", "http://127.0.0.1:8090/0") + "/v1/chat/completions"
CONCURRENCY = int(os.environ.get("BENCH_CONCURRENCY", "100"))


def request(number):
    """The upstream request of one job, with a prompt of 1,024 bytes: ready to send, so that no worker has to build it."""
    prompt = f"{number} ".ljust(1024, "p")
    return json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": prompt}]}, separators=(",", ":"))


def http_client():
    """The quickest client for asyncio that was found: reqwest, in Rust."""
    from pyreqwest.client import ClientBuilder

    return ClientBuilder().build()


async def call(client, body):
    response = await client.post(UPSTREAM).header("content-type", "application/json").body_text(body).build().send()
    if response.status != 200:
        raise RuntimeError(f"the stub answered {response.status}")
    return await response.text()


async def many(numbers, action, at_once=200):
    """Runs `action` for all numbers, `at_once` of them at a time."""
    numbers = list(numbers)
    for start in range(0, len(numbers), at_once):
        await asyncio.gather(*(action(number) for number in numbers[start:start + at_once]))


async def paced(rate, seconds, one):
    """Starts `one(number)` at a steady rate, whether or not earlier ones are back; the milliseconds each took."""
    async def timed(number):
        start = time.perf_counter()
        answer = await one(number)
        if "chat.completion" not in answer:
            sys.exit(f"job {number} ended with {answer!r}")
        return (time.perf_counter() - start) * 1000

    begin, tasks = time.perf_counter(), []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0, begin + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(timed(number)))
    return await asyncio.gather(*tasks)


def run(fill, latency):
    import uvloop

    command, values = sys.argv[1], [int(word) for word in sys.argv[2:]]
    if command == "fill":
        uvloop.run(fill(*values))
    elif command == "latency":
        print(json.dumps(uvloop.run(latency(*values))))
    else:
        sys.exit(f"{sys.argv[0]}: no command {command}")
