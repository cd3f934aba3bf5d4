"""What is done by hand to a running Sluice, as the metrics of its intake show it to everybody."""

import os
import re
import time

import traffic
from checks import check, get, post

INTAKE = os.environ["INTAKE_URL"]
QUEUE, ENDPOINT = "batch", traffic.ENDPOINTS[-1]


def shown(series):
    found = re.search(rf"^{re.escape(series)} (\S+)$", get(f"{INTAKE}/metrics"), re.M)
    return float(found[1]) if found else None


def eventually(what, series, holds):
    end = time.monotonic() + 15
    while not holds(seen := shown(series)) and time.monotonic() < end:
        time.sleep(0.2)
    check(what, holds(seen), seen)


def run():
    paused, drained = f'sluice_queue_paused{{queue="{QUEUE}"}}', f'sluice_endpoint_drained{{endpoint="{ENDPOINT}"}}'
    since = f'sluice_endpoint_drained_timestamp_seconds{{endpoint="{ENDPOINT}"}}'
    cancelled = f'sluice_jobs_finished_total{{queue="{QUEUE}",status="cancelled"}}'
    eventually("nothing was cancelled", cancelled, lambda seen: seen == 0)
    post(f"{INTAKE}/v1/queues/{QUEUE}/pause", {})
    post(f"{INTAKE}/v1/endpoints/{ENDPOINT}/drain", {})
    eventually("a paused queue is shown", paused, lambda seen: seen == 1)
    eventually("a drained endpoint is shown", drained, lambda seen: seen == 1)
    eventually("and since when", since, lambda seen: 0 <= time.time() - seen < 60)
    job = traffic.submit("cancelled while it waits", queue=QUEUE)
    for _ in range(2):
        post(f"{INTAKE}/v1/jobs/{job}/cancel", {})
    eventually("a job that is cancelled while it waits is counted, once", cancelled, lambda seen: seen == 1)
    post(f"{INTAKE}/v1/queues/{QUEUE}/resume", {})
    post(f"{INTAKE}/v1/endpoints/{ENDPOINT}/undrain", {})
    eventually("a queue that runs again is shown", paused, lambda seen: seen == 0)
    eventually("an endpoint that was put back is shown", drained, lambda seen: seen == 0)
    eventually("and since when no more", since, lambda seen: seen == 0)
    eventually("the webhook that nobody took is shown", 'sluice_webhooks{status="dead"}', lambda seen: seen == 1)
    eventually("and none is on its way", 'sluice_webhooks{status="pending"}', lambda seen: seen == 0)
