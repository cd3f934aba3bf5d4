"""Counts what was checked; the first argument of each check says what has to hold."""

import json
import sys
import urllib.request

done = 0
failures = []


def check(what, holds, seen=None):
    global done
    done += 1
    if not holds:
        failures.append(what)
        print(f"  not so: {what}" + (f" (seen: {seen!r})" if seen is not None else ""), file=sys.stderr)


def finish(subject):
    print(f"{subject}: {done} checks")
    if failures:
        sys.exit(f"{subject}: {len(failures)} do not hold")


def get(url, timeout=10):
    with urllib.request.urlopen(url, timeout=timeout) as response:
        return response.read().decode()


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)
