"""ardiq: Redis streams and a Rust core that runs tasks of Python's asyncio. Worker: `ardiq run ardiq_rival:app`."""

import os

import uvloop
from ardiq import Ardiq

import common

if os.environ.get("BENCH_LOOP", "uvloop") == "uvloop":
    uvloop.install()
app = Ardiq(
    redis_url=common.REDIS, queue_name="bench", concurrency=common.CONCURRENCY,
    prefetch=int(os.environ.get("BENCH_PREFETCH", 2 * common.CONCURRENCY)))


@app.lifespan
async def client():
    yield {"client": common.http_client()}


@app.task
async def complete(body: str) -> str:
    return await common.call(app.state.client, body)


async def fill(jobs):
    for start in range(0, jobs, 500):
        await app.enqueue_many(complete.prepare(common.request(n)) for n in range(start, min(start + 500, jobs)))


async def latency(rate, seconds):
    async def one(number):
        job = await complete.enqueue(common.request(number))
        return (await job.result(timeout=30)).value

    return await common.paced(rate, seconds, one)


if __name__ == "__main__":
    common.run(fill, latency)
