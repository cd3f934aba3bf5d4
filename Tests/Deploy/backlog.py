"""What KEDA's scalers read of the queue, by the commands that they send, beside what the queue says of itself."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

import traffic
from checks import check, get, post

INTAKE, REDIS = os.environ["INTAKE_URL"], os.environ["REDIS_URL"]


# What KEDA's trigger `redis` runs, less the branches for kinds of keys that ours is not.
COUNT = """
local kind = redis.call('type', KEYS[1]).ok
if kind == 'zset' then return redis.call('zcard', KEYS[1]) else return redis.call('llen', KEYS[1]) end
"""


def redis(*words, user=None):
    url = REDIS.replace("redis://", f"redis://{user}@") if user else REDIS
    run = subprocess.run(["redis-cli", "--json", "--no-auth-warning", "-u", url, *words], capture_output=True, text=True)
    return run.stdout if run.returncode == 0 else "null"


def make_user():
    """The one of docs/operations.md, with all that it may do."""
    rule = re.search(r"^ +ACL SETUSER keda (.*)$", Path("docs/operations.md").read_text(), re.M)[1]
    redis("ACL", "SETUSER", "keda", *rule.replace("PASSWORD", "pw").split())


def lag(queue):
    groups = json.loads(redis("XINFO", "GROUPS", f"sluice{{0}}:stream:{queue}", user="keda:pw"))
    return next(group["lag"] for group in groups if group["name"] == "workers")


def pending(queue):
    return json.loads(redis("XPENDING", f"sluice{{0}}:stream:{queue}", "workers", user="keda:pw"))[0]


def eventually(what, read, expected):
    end = time.monotonic() + 15
    while (seen := read()) != expected and time.monotonic() < end:
        time.sleep(0.1)
    check(what, seen == expected, seen)


def leases():
    return json.loads(redis("EVAL", COUNT, "1", "sluice{0}:leases", user="keda:pw"))


def run():
    make_user()
    check("KEDA's user may ask for the version", "redis_version" in redis("INFO", "server", user="keda:pw"))
    check("and may not read jobs", "NOPERM" in redis("GET", "sluice{0}:pulse", user="keda:pw"))
    queue = "batch"
    post(f"{INTAKE}/v1/queues/{queue}/pause", {})
    jobs = [traffic.submit(f"backlog {number}", queue=queue, cache=False) for number in range(30)]
    eventually("the lag of a paused queue is its backlog", lambda: lag(queue), 30)
    for job in jobs[:5]:
        post(f"{INTAKE}/v1/jobs/{job}/cancel", {})
    check("cancelled jobs still count until they are passed over, and the lag stays known", lag(queue) == 30, lag(queue))
    traffic.behave({"latency_ms": 3000})
    post(f"{INTAKE}/v1/queues/{queue}/resume", {})
    eventually("running jobs are leases", leases, 25)
    check("and no lag", lag(queue) == 0, lag(queue))
    check("and not pending in the stream", pending(queue) == 0, pending(queue))
    for job in jobs[5:]:
        traffic.ended(job)
    eventually("no lease is left at the end", leases, 0)
    check("no lag is left at the end", lag(queue) == 0, lag(queue))
