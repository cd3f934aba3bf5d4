"""SAQ: Redis lists, asyncio. Worker: `python saq_rival.py work`, the same as `saq saq_rival.settings` but on uvloop."""

import asyncio
import logging
import sys

import orjson
import redis.asyncio
import uvloop
from saq import Worker
from saq.queue.redis import RedisQueue

import common

logging.disable(logging.WARNING)
queue = RedisQueue(
    redis.asyncio.from_url(common.REDIS, max_connections=1000), name="bench", dump=orjson.dumps, load=orjson.loads,
    max_concurrent_ops=2 * common.CONCURRENCY)


async def complete(ctx, *, body):
    return await common.call(ctx["client"], body)


async def startup(ctx):
    ctx["client"] = common.http_client()


settings = {"queue": queue, "functions": [("complete", complete)], "concurrency": common.CONCURRENCY, "startup": startup}


async def fill(jobs):
    await common.many(range(jobs), lambda number: queue.enqueue("complete", body=common.request(number)))
    # Workers sweep when they start, and abort jobs that another is just taking (its status is not written yet, two of
    # 8,000 were lost so). With this mark nobody sweeps for ten minutes.
    await queue.redis.set("saq:bench:sweep", 1, ex=600)


async def latency(rate, seconds):
    async def one(number):
        return await queue.apply("complete", timeout=30, body=common.request(number))

    return await common.paced(rate, seconds, one)


if __name__ == "__main__":
    if sys.argv[1] == "work":
        uvloop.run(Worker(**settings).start())
    else:
        common.run(fill, latency)
