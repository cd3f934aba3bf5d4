"""What it costs to be watched, and to take another worker.json over."""

import collections
import contextlib
import datetime
import json
import os
import signal
import sqlite3
import time

import measure
import servers
from figures import Result, count, figure, percent

CHANGED = "settings were changed"


@figure("observe", "a full queue with metrics and tracing on and off: jobs/s and CPU")
def observe(bench):
    """In turns, so that whatever else the machine does meets all of them."""
    jobs, rounds = (20_000, 3) if bench.quick else (40_000, 5)
    ways = {
        "metrics on, tracing off (as it comes)": {},
        "metrics off": {"metrics": False},
        "tracing on, every job": {"otlp_endpoint": bench.stub.url("0")},
    }
    runs = collections.defaultdict(list)
    for _ in range(rounds):
        for way, telemetry in ways.items():
            runs[way].append(bench.sluice.drain(jobs, telemetry=telemetry))
    usual, unwatched, traced = runs.values()
    result = Result()
    for name, one, other in (("metrics", usual, unwatched), ("tracing, every job", traced, usual)):
        rate = measure.ratio([run.jobs_per_second for run in one], [run.jobs_per_second for run in other])
        cpu = measure.ratio([run.cpu for run in one], [run.cpu for run in other])
        result.add(f"{name}: jobs/s with / without", f"{percent(rate)} ({count(_rate(one))} / {count(_rate(other))} jobs/s; CPU {cpu:.2f})")
    result.table("Drain, watched and not, medians", ["", "jobs/s", "CPU s per 10,000, workers"],
                 [[way, count(_rate(some)), f"{measure.median([run.cpu for run in some]):.2f}"] for way, some in runs.items()])
    return result


def _rate(runs):
    return measure.median([run.jobs_per_second for run in runs])


@figure("reload", "another worker.json while 200 calls are under way: time until it is in force, calls that fail")
def reload(bench):
    jobs, times = 20_000, 8
    file, audit = bench.sluice.configure("50ms", concurrency=100)
    bench.redis.flush()
    bench.sluice.load(jobs)
    workers, taken = bench.sluice.workers(file), []
    try:
        servers.wait_until(lambda: workers.check() or bench.sluice.completed(jobs) > 500, 60, "the first jobs")
        for number in range(times):
            taken += _change(file, workers, number)
        servers.wait_until(lambda: workers.check() or bench.sluice.completed(jobs) == jobs, 120, "the last jobs")
    finally:
        workers.stop()
    bench.sluice.verify(jobs, audit)
    with contextlib.closing(sqlite3.connect(f"file:{audit}?mode=ro", uri=True)) as database:
        failed = database.execute("SELECT COUNT(*) FROM attempts WHERE outcome <> 'completed'").fetchone()[0]
    result = Result()
    taken.sort()
    result.add("reload by SIGHUP, 2 workers with 100 calls each", f"{measure.median(taken):.0f} ms (at most {taken[-1]:.0f}; {len(taken)} times)")
    result.add("calls that failed meanwhile", f"{failed} of {count(jobs)}", "0", failed == 0)
    return result


def _change(file, workers, number):
    """Milliseconds until each of the two workers said so."""
    settings = json.loads(file.read_text())
    settings["pool"]["endpoints"][0]["timeout"] = f"{100 + number}s"
    settings.setdefault("retry", {})["base_delay"] = f"{500 + number}ms"
    settings["log"]["level"] = "info" if number % 2 else "debug"
    before = len(_changes(workers))
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(settings))
    os.replace(fresh, file)
    begin = time.time()
    os.kill(workers.pid, signal.SIGHUP)
    servers.wait_until(lambda: workers.check() or len(_changes(workers)) >= before + 2, 10, "both workers' reload")
    return [(moment - begin) * 1000 for moment in _changes(workers)[before:]]


def _changes(workers):
    """When the workers took settings over, by their own log: Unix seconds."""
    lines = [json.loads(line) for line in workers.log.read_text(errors="replace").splitlines() if CHANGED in line]
    return [datetime.datetime.fromisoformat(line["time"]).timestamp() for line in lines]
