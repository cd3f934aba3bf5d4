"""Upstreams that take their time: 50 ms, 200 ms, 30 s."""

import resource
import time

import measure
from figures import Result, Skipped, count, figure, percent


@figure("upstream-50ms", "50 ms upstream, 200 calls at once (100 in each of 2 workers): jobs/s of the ideal 4,000")
def upstream_50ms(bench):
    run = bench.sluice.drain(40_000, processes=2, delay="50ms", concurrency=100)
    result = Result()
    share = run.jobs_per_second / 4000
    result.add("50 ms upstream, 200 at once", f"{percent(share)} of 4,000 ({count(run.jobs_per_second)} jobs/s)", ">= 97 %", share >= 0.97)
    return result


@figure("upstream-200ms", "200 ms upstream, 2,000 at once in one process, beside the bare pipeline")
def upstream_200ms(bench):
    ours, bare = [], []
    for _ in range(2):
        ours.append(bench.sluice.drain(50_000, processes=1, delay="200ms", concurrency=2000).jobs_per_second)
        bare.append(bench.sluice.bare(50_000, "200ms", 2000)["jobs_per_second"])
    rate, limit = measure.median(ours), measure.median(bare)
    ideal = min(10_000, limit)
    result = Result()
    result.add("200 ms upstream, 2,000 at once in one process", f"{percent(rate / ideal)} of {count(ideal)} ({count(rate)} jobs/s)", ">= 95 %", rate / ideal >= 0.95)
    result.notes.append(f"200 ms upstream: the ideal is 10,000 jobs/s, the bare pipeline does {count(limit)} with 2,000 at once.")
    return result


@figure("inflight", "30 s upstream: calls in flight in one worker process, and its memory")
def inflight(bench):
    goal, sluice = 10_000, bench.sluice
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if files < goal + 500:
        raise Skipped(f"{count(goal)} calls need as many open files; the limit here is {files} (ulimit -Hn)")
    file, audit = sluice.configure("30s", concurrency=goal)
    bench.redis.flush()
    sluice.load(goal)
    worker = sluice.workers(file, processes=1)
    try:
        begin, most = time.monotonic(), 0
        while most < goal and time.monotonic() - begin < 29:
            worker.check()
            most = max(most, bench.stub.waiting())
            time.sleep(0.1)
        reached = time.monotonic() - begin
        resident = measure.resident_mb(worker.pid)
        end = time.monotonic() + 60
        while sluice.completed(goal) < goal and time.monotonic() < end:
            time.sleep(0.5)
        peak = measure.peak_resident_mb(worker.pid)
        sluice.verify(goal, audit)
    finally:
        worker.stop()
    result = Result()
    result.add("calls in flight in one worker process", f"{count(most)} (after {reached:.1f} s)", count(goal), most >= goal)
    result.add("its memory with them", f"{resident:.0f} MB resident, {peak:.0f} MB at most until all had ended", "<= 400 MB", peak <= 400)
    return result
