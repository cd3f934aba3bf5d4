"""What is traced: runs beside a Sluice (scripts/with-stack), and writes down the ids of its jobs. Usage: work.py FILE"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

INTAKE, SIMULATOR = os.environ["INTAKE_URL"], os.environ["SIMULATOR_URL"]
ENDPOINTS = ("eastus-ptu", "westeurope-ptu", "eastus-standard")


def call(url, body=None, **headers):
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode() if body is not None else None
    headers = {"content-type": "application/json"} | {name.replace("_", "-"): text for name, text in headers.items()}
    request = urllib.request.Request(url, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response), response.headers
    except urllib.error.HTTPError as error:
        return json.load(error), error.headers


def parent(number, flags="01"):
    return f"00-{number:032x}-{number:016x}-{flags}"


def submit(number, **fields):
    body = {"prompt": f"the secret question {number}", "model": "gpt-4o", "cache": False} | fields
    return call(f"{INTAKE}/v1/jobs", body, traceparent=parent(number), tracestate="a=1")[0]["id"]


def until(id, *states):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if (job := call(f"{INTAKE}/v1/jobs/{id}?wait=5")[0])["status"] in states:
            return job
        time.sleep(0.05)
    sys.exit(f"{id} never came to {states}")


def behave(**fields):
    for endpoint in ENDPOINTS:
        call(f"{SIMULATOR}/_sim/endpoints/{endpoint}", fields)


jobs = {"plain": submit(1)}
until(jobs["plain"], "completed")

behave(error_rate=1)
jobs["retried"] = submit(2, max_attempts=100)
end = time.monotonic() + 30
while not call(f"{INTAKE}/v1/jobs/{jobs['retried']}/attempts")[0]["data"]:
    if time.monotonic() > end:
        sys.exit("no attempt came of a job whose endpoints fail")
    time.sleep(0.05)
behave(error_rate=0)
until(jobs["retried"], "completed")

call(f"{INTAKE}/v1/queues/batch/pause", {})
jobs["cancelled"] = submit(3, queue="batch")
call(f"{INTAKE}/v1/jobs/{jobs['cancelled']}/cancel", {})
jobs["expired"] = submit(4, queue="batch", expires_in=0.2)
until(jobs["expired"], "expired")
call(f"{INTAKE}/v1/queues/batch/resume", {})

chat = {"model": "gpt-4o", "messages": [{"role": "user", "content": "the secret question 5"}]}
jobs["called"] = call(f"{INTAKE}/v1/chat/completions", chat, traceparent=parent(5))[1]["x-sluice-job-id"]
call(f"{INTAKE}/v1/jobs", "{", traceparent=parent(6))
quiet = call(f"{INTAKE}/v1/jobs", {"prompt": "quiet", "model": "gpt-4o"}, traceparent=parent(7, "00"))[0]["id"]
until(quiet, "completed")
own = call(f"{INTAKE}/v1/jobs", {"prompt": "own", "model": "gpt-4o"})[0]["id"]
until(own, "completed")
jobs["own"] = own
json.dump(jobs, open(sys.argv[1], "w"))
