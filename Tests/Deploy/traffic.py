"""Jobs of every kind for a running Sluice, so that every metric has something to say."""

import json
import os
import time
import urllib.error
import urllib.request

from checks import check, get, post

INTAKE, SIMULATOR = os.environ["INTAKE_URL"], os.environ["SIMULATOR_URL"]
ENDPOINTS = ["eastus-ptu", "westeurope-ptu", "eastus-standard"]


def behave(behaviour):
    for endpoint in ENDPOINTS:
        post(f"{SIMULATOR}/_sim/endpoints/{endpoint}", behaviour)


def submit(prompt, **more):
    return post(f"{INTAKE}/v1/jobs", {"prompt": prompt, "model": "gpt-4o", **more})["id"]


def ended(job, within=60):
    end = time.monotonic() + within
    while time.monotonic() < end:
        state = json.loads(get(f"{INTAKE}/v1/jobs/{job}?wait=5", timeout=20))
        if state["status"] in ("completed", "failed", "cancelled", "expired"):
            return state["status"]
    return "not at all"


def run():
    jobs = [submit(f"prompt {number % 10}", queue=queue) for queue in ("interactive", "default", "batch")
            for number in range(20)]
    check("on a good day every job completes", {ended(job) for job in jobs} == {"completed"})
    # A name of this machine, which is not called without leave: its webhook is dead at once.
    check("a job that names a webhook completes", ended(submit("told", webhook_url="http://localhost:9/hook")) == "completed")
    # Each endpoint refuses twice and fails twice, so that jobs wait for another attempt.
    behave({"fail_next": [500, 429, 500, 429]})
    jobs = [submit(f"bad day {number}") for number in range(10)]
    check("on a bad day, too", {ended(job) for job in jobs} == {"completed"})
    behave({"fail_next": [400] * 2})
    check("a prompt at fault fails", ended(submit("at fault")) == "failed")
    behave({"fail_next": []})
    try:
        post(f"{INTAKE}/v1/jobs", {"queue": "default"})
    except urllib.error.HTTPError as error:
        check("a submission without a prompt is refused", error.code == 400)
