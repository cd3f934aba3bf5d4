"""Helps to check."""

import json
import os
import time
import urllib.request

from counted import check

INTAKE = os.environ["INTAKE_URL"]
SIMULATOR = os.environ["SIMULATOR_URL"]
ENDPOINTS = ["eastus-ptu", "westeurope-ptu", "eastus-standard"]

_number = 0


def equal(what, seen, expected):
    check(what, seen == expected, seen)


def raises(what, error, call):
    """The error of that type which the call raises."""
    try:
        call()
    except error as raised:
        check(what, True)
        return raised
    except Exception as other:
        check(what, False, other)
        return None
    check(what, False, "no error")
    return None


def prompt(text="What is a sluice?"):
    """Unlike any before: equal prompts share an answer."""
    global _number
    _number += 1
    return f"{text} (number {_number} of {os.getpid()})"


def messages(text="What is a sluice?"):
    return [{"role": "user", "content": prompt(text)}]


def http(method, url, body=None, headers={}):
    data = None if body is None else json.dumps(body, separators=(",", ":")).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json", **headers}, method=method)
    with urllib.request.urlopen(request) as response:
        return response.read().decode()


def behave(**behaviour):
    for endpoint in ENDPOINTS:
        http("POST", f"{SIMULATOR}/_sim/endpoints/{endpoint}", behaviour)


def upstream_calls():
    return _counted("calls")


def aborts():
    """Calls that were closed before their answer."""
    return _counted("client_aborts")


def _counted(what):
    endpoints = json.loads(http("GET", f"{SIMULATOR}/_sim/stats"))["by_endpoint"].values()
    return sum(endpoint[what] for endpoint in endpoints)


def jobs_made():
    lines = http("GET", f"{INTAKE}/metrics").splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("sluice_jobs_submitted_total{"))


def eventually(what, holds, within=20):
    end = time.monotonic() + within
    while time.monotonic() < end:
        if holds():
            return check(what, True)
        time.sleep(0.05)
    check(what, False, "never")
