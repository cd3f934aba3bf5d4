"""taskiq with its streams broker and results in Redis. Worker: `taskiq worker taskiq_rival:broker` (uvloop by itself)."""

import os

from taskiq import TaskiqEvents
from taskiq.serializers import ORJSONSerializer
from taskiq_redis import RedisAsyncResultBackend, RedisStreamBroker

import common

broker = RedisStreamBroker(
    common.REDIS, queue_name="bench", consumer_id="0", xread_count=int(os.environ.get("BENCH_PREFETCH", "100")),
).with_result_backend(
    RedisAsyncResultBackend(common.REDIS, result_ex_time=3600, prefix_str="result", serializer=ORJSONSerializer())
).with_serializer(ORJSONSerializer())


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def startup(state):
    state.client = common.http_client()


@broker.task(task_name="complete")
async def complete(body):
    return await common.call(broker.state.client, body)


async def fill(jobs):
    await broker.startup()
    await common.many(range(jobs), lambda number: complete.kiq(common.request(number)))
    await broker.shutdown()


async def latency(rate, seconds):
    await broker.startup()

    async def one(number):
        task = await complete.kiq(common.request(number))
        return (await task.wait_result(check_interval=0.001, timeout=30)).return_value

    return await common.paced(rate, seconds, one)


if __name__ == "__main__":
    common.run(fill, latency)
