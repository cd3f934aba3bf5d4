"""The HTTP intake beside an empty handler on the same server: submitting and polling."""

import contextlib
import json
import pathlib
import re
import time

import measure
import servers
import wrk
from figures import Result, count, figure, percent

CONNECTIONS = 64


@contextlib.contextmanager
def handler(bench):
    """The empty handler; its address."""
    process = servers.Process("handler", [bench.sluice.helper, "handler", "--port", "0"], bench.folder)
    try:
        found = []

        def has_said():
            process.check()
            found[:] = re.findall(r'"port":\s*(\d+)', process.log.read_text())
            return found

        servers.wait_until(has_said, 20, "the empty handler")
        yield f"http://127.0.0.1:{found[-1]}"
    finally:
        process.stop()


@contextlib.contextmanager
def intake(bench):
    """Its address, and its configuration: workers that share it share the audit log too, as they do on one machine."""
    file, _ = bench.sluice.configure()
    bench.redis.flush()
    process, url = bench.sluice.intake(file)
    try:
        yield url, file
    finally:
        process.stop()


def compare(bench, url, script, **values):
    """Runs of the intake and of the empty handler, in turns; a first one of a second does not count."""
    rounds, seconds = (2, 3) if bench.quick else (3, 5)
    ours, empty = [], []
    with handler(bench) as other:
        for turn in range(rounds + 1):
            for runs, address in ((ours, url), (empty, other)):
                run = wrk.run(script, address, seconds if turn else 1, CONNECTIONS, **values)
                if turn:
                    runs.append(run)
    return ours, empty


def _half_load(url, rate):
    """The intake at half the rate: each connection waits before a request, so that together they make that many."""
    pause = CONNECTIONS * 4 / (rate / 2) * 1000
    return wrk.run("submit", url, 6, CONNECTIONS * 4, PAUSE_MS=f"{pause:.3f}")


@figure("submit", "POST /v1/jobs beside an empty handler; p99 at half that load", quick=True)
def submit(bench):
    with intake(bench) as (url, _):
        ours, empty = compare(bench, url, "submit")
        rate, limit = _median(ours), _median(empty)
        half = _half_load(url, rate)
    result = Result()
    result.add("POST /v1/jobs / empty handler", f"{percent(_ratio(ours, empty))} ({count(rate)} / {count(limit)} requests/s)", ">= 50 %", _ratio(ours, empty) >= 0.5)
    result.add("POST /v1/jobs at half that load, p99", f"{half['p99_ms']:.1f} ms at {count(half['per_second'])}/s (p50 {half['p50_ms']:.1f})", "<= 20 ms", half["p99_ms"] <= 20)
    result.notes.append(f"POST at full load, {CONNECTIONS} connections: p50 {ours[-1]['p50_ms']:.1f} ms, p99 {ours[-1]['p99_ms']:.1f} ms. "
                        f"The half load was to be {count(rate / 2)}/s.")
    return result


@figure("poll", "GET /v1/jobs/{id} of ended jobs beside an empty handler", quick=True)
def poll(bench):
    with intake(bench) as (url, file):
        ours, empty = compare(bench, url, "poll", IDS=_ended_jobs(bench, file))
    rate, limit = _median(ours), _median(empty)
    result = Result()
    result.add("GET /v1/jobs/{id} / empty handler", f"{percent(_ratio(ours, empty))} ({count(rate)} / {count(limit)} requests/s)", ">= 60 %", _ratio(ours, empty) >= 0.6)
    return result


def _ended_jobs(bench, file, jobs=2_000):
    """A file with the ids of jobs that have ended."""
    bench.sluice.load(jobs)
    worker = bench.sluice.workers(file)
    try:
        servers.wait_until(lambda: bench.sluice.completed(jobs) == jobs, 60, "the jobs to poll")
    finally:
        worker.stop()
    ids = pathlib.Path(bench.folder) / "ids"
    ids.write_text("".join(id + "\n" for id in bench.sluice.ids()))
    return ids


def _ratio(ours, empty):
    return measure.ratio([run["per_second"] for run in ours], [run["per_second"] for run in empty])


def _median(runs):
    return measure.median([run["per_second"] for run in runs])


@figure("latency", "submit -> result readable, 20 jobs/s, 0 ms upstream, with ?wait", quick=True)
def latency(bench):
    with intake(bench) as (url, file):
        worker = bench.sluice.workers(file)
        try:
            time.sleep(1)
            times = bench.sluice.help("latency", "--url", url, "--rate", 20, "--seconds", 8 if bench.quick else 20)
        finally:
            worker.stop()
    result = Result()
    bench.latency = times
    result.add("submit -> result readable, p50", f"{times['p50_ms']:.2f} ms", "<= 2 ms", times["p50_ms"] <= 2)
    result.add("submit -> result readable, p99", f"{times['p99_ms']:.2f} ms", "<= 6 ms", times["p99_ms"] <= 6)
    result.notes.append(f"Latency of {times['count']} jobs at 20/s: " + json.dumps(times) + ".")
    return result
