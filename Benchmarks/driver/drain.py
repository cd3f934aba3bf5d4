"""Times the emptying of a full queue: the same way for Sluice and for every rival."""

import dataclasses
import time

import measure

# Seconds without one more result after which a drain has failed.
PATIENCE = 20


@dataclasses.dataclass
class Drain:
    jobs: int
    seconds: float
    jobs_per_second: float
    # CPU seconds of 10,000 jobs.
    cpu: float
    redis_cpu: float
    # Cores busy: workers, Redis, stub, and of all the share that was.
    cores: dict
    # Calls by command, with what scripts call.
    calls: dict
    peak_rss_mb: float


def run(redis, start, done, jobs, verify, stub):
    """Clocks from the first result to the last, which leaves out how long the workers take to start.

    `start` starts the workers on the full queue and returns their processes; `done` says how many jobs have a result.
    """
    asked = stub.requests()
    workers = start()
    try:
        first = _wait_for_first(done, workers)
        begin = _sample(redis, workers, stub)
        _wait_for_last(done, jobs, first)
        end = _sample(redis, workers, stub)
        verify(jobs)
        if stub.requests() - asked <= jobs:
            raise RuntimeError(f"{jobs} jobs ended with only {stub.requests() - asked - 1} calls to the stub")
        peak = max(measure.peak_resident_mb(pid) for pid in measure.leaves([worker.pid for worker in workers]))
    finally:
        for worker in workers:
            worker.stop()
    count, seconds = jobs - first, end["time"] - begin["time"]
    if count < jobs / 2:
        raise RuntimeError(f"{first} of {jobs} jobs had ended when the first look was taken: more jobs are needed")

    def used(name):
        return end[name] - begin[name]

    return Drain(
        jobs=count, seconds=seconds, jobs_per_second=count / seconds, cpu=used("workers") / count * 10_000,
        redis_cpu=used("redis") / count * 10_000, peak_rss_mb=peak, calls=_calls(begin["calls"], end["calls"]),
        cores={"workers": used("workers") / seconds, "redis": used("redis") / seconds, "stub": used("stub") / seconds,
               "machine": used("busy") / max(used("all"), 0.01)})


def _wait_for_first(done, workers):
    end = time.monotonic() + 60
    while not (count := done()):
        for worker in workers:
            worker.check()
        if time.monotonic() > end:
            raise RuntimeError("no job ended within 60 s")
        time.sleep(0.005)
    return count


def _wait_for_last(done, jobs, count):
    changed = time.monotonic()
    while count < jobs:
        time.sleep(0.02)
        now = done()
        if now != count:
            count, changed = now, time.monotonic()
        elif time.monotonic() - changed > PATIENCE:
            raise RuntimeError(f"only {count} of {jobs} jobs ended, and no more did for {PATIENCE} s")


def _sample(redis, workers, stub):
    busy, total = measure.machine_seconds()
    return {
        "time": time.monotonic(), "workers": measure.cpu_seconds([worker.pid for worker in workers]),
        "redis": measure.cpu_seconds([redis.pid]), "stub": measure.cpu_seconds([stub.pid]),
        "busy": busy, "all": total, "calls": measure.command_calls(redis.client)}


def _calls(before, after):
    """What was called, without the driver's own looks (and without HGETALL, which is one of them)."""
    looks = ("info", "dbsize", "zcard", "hgetall")
    return {name: count for name, count in measure.difference(after, before).items() if name not in looks}
