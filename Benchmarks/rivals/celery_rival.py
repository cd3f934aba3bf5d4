"""Celery with Redis as broker and for results; threads and pycurl. Worker: `celery -A celery_rival worker`."""

import io
import json
import sys
import threading
import time

import celery
import pycurl

import common

app = celery.Celery("bench", broker=common.REDIS, backend=common.REDIS)
app.conf.update(
    worker_prefetch_multiplier=8, task_acks_late=True, result_expires=3600, worker_disable_rate_limits=True,
    worker_send_task_events=False, task_send_sent_event=False, broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False, broker_pool_limit=None, redis_max_connections=1000)
local = threading.local()


@app.task(name="complete")
def complete(body):
    handle = getattr(local, "handle", None)
    if handle is None:
        handle = local.handle = pycurl.Curl()
        handle.setopt(pycurl.URL, common.UPSTREAM)
        handle.setopt(pycurl.HTTPHEADER, ["content-type: application/json", "expect:"])
        handle.setopt(pycurl.NOSIGNAL, 1)
    answer = io.BytesIO()
    handle.setopt(pycurl.POSTFIELDS, body)
    handle.setopt(pycurl.WRITEDATA, answer)
    handle.perform()
    if handle.getinfo(pycurl.RESPONSE_CODE) != 200:
        raise RuntimeError("the stub did not answer 200")
    return answer.getvalue().decode()


def fill(jobs):
    with app.producer_pool.acquire(block=True) as producer:
        for number in range(jobs):
            complete.apply_async((common.request(number),), producer=producer)


def latency(rate, seconds):
    begin, times, threads = time.perf_counter(), [], []

    def one(number):
        start = time.perf_counter()
        if "chat.completion" not in complete.delay(common.request(number)).get(timeout=30):
            sys.exit("a job ended without an answer")
        times.append((time.perf_counter() - start) * 1000)

    for number in range(rate * seconds):
        time.sleep(max(0, begin + number / rate - time.perf_counter()))
        threads.append(threading.Thread(target=one, args=(number,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return times


if __name__ == "__main__":
    values = [int(word) for word in sys.argv[2:]]
    if sys.argv[1] == "fill":
        fill(*values)
    else:
        print(json.dumps(latency(*values)))
