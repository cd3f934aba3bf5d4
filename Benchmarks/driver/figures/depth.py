"""What a queue costs when it is deep: memory of a waiting job, and of a million the cost of running one."""

import os
import signal
import time

import measure
from figures import Result, count, figure

BATCH = 1_000


@figure("memory", "Redis memory per queued job of 1 KB", quick=True)
def memory(bench):
    bench.redis.flush()
    jobs = 20_000 if bench.quick else 100_000
    loaded = bench.sluice.load(jobs)
    each = (loaded["used_memory_after"] - loaded["used_memory_before"]) / jobs
    result = Result()
    result.add("Redis memory per queued 1 KB job", f"{each / 1024:.2f} KB ({count(each)} bytes)", "<= 1.40 KB", each / 1024 <= 1.4)
    result.notes.append(f"Filling {count(jobs)} jobs took {loaded['seconds']:.1f} s.")
    return result


@figure("depth", "cost per job with 1,000,000 queued / with 1,000 queued")
def depth(bench):
    # Before and after, because the machine's own pace changes within a minute.
    shallow = [_shallow(bench, 20) for _ in range(2)]
    bench.say("  filling 1,000,000 jobs")
    deep = _deep(bench, 1_000_000, 20_000, 3)
    shallow += [_shallow(bench, 20) for _ in range(2)]
    costs = [measure.median([run[0] for run in runs]) for runs in (shallow, deep)]
    rates = [measure.median([run[1] for run in runs]) for runs in (shallow, deep)]
    ratio = costs[1] / costs[0]
    result = Result()
    result.add("cost per job, 1,000,000 queued / 1,000 queued", f"{ratio:.2f} ({costs[1]:.2f} / {costs[0]:.2f} CPU s per 10,000, workers and Redis)", "<= 1.10", ratio <= 1.1)
    result.notes.append("Cost per job (CPU s per 10,000) with 1,000 queued, two rounds before and two after the deep ones: "
                        + ", ".join(f"{run[0]:.2f}" for run in shallow) + "; with 1,000,000: " + ", ".join(f"{run[0]:.2f}" for run in deep) + ".")
    result.notes.append(f"Depth: {count(rates[1])} jobs/s with 1,000,000 queued, {count(rates[0])} with 1,000, where each batch of {BATCH} starts and ends anew.")
    return result


def _fill(bench, jobs):
    """Until it is on the disk, too: what filling left to be written the kernel writes on the time of whoever runs next."""
    bench.sluice.load(jobs)
    os.sync()


def _used(bench, worker):
    return measure.cpu_seconds([worker.pid, bench.redis.pid])


def _signal(worker, number):
    for pid in measure.tree(worker.pid):
        os.kill(pid, number)


def _until(bench, goal, jobs):
    """Waits until `goal` of the jobs that were loaded have ended; how many have."""
    end = time.monotonic() + 60
    while (done := bench.sluice.completed(jobs)) < goal:
        if time.monotonic() > end:
            raise RuntimeError(f"only {done} of {goal} jobs ended")
        time.sleep(0.005)
    return done


def _shallow(bench, batches):
    """Never more than 1,000 wait: the workers are stopped while the next are filled in. CPU per 10,000, jobs a second."""
    sluice = bench.sluice
    file, audit = sluice.configure()
    bench.redis.flush()
    _fill(bench, BATCH)
    worker = sluice.workers(file)
    try:
        _until(bench, BATCH, BATCH)
        cpu = seconds = 0.0
        for number in range(2, batches + 2):
            _signal(worker, signal.SIGSTOP)
            sluice.load(BATCH)
            before, begin = _used(bench, worker), time.monotonic()
            _signal(worker, signal.SIGCONT)
            _until(bench, BATCH * number, BATCH * number)
            seconds += time.monotonic() - begin
            cpu += _used(bench, worker) - before
        sluice.verify(BATCH * (batches + 1), audit)
    finally:
        _signal(worker, signal.SIGCONT)
        worker.stop()
    return cpu / (BATCH * batches) * 10_000, BATCH * batches / seconds


def _deep(bench, waiting, jobs, windows):
    """The same for each of so many windows of jobs, one after another."""
    sluice = bench.sluice
    file, _ = sluice.configure()
    bench.redis.flush()
    _fill(bench, waiting)
    worker = sluice.workers(file)
    try:
        runs, last = [], _until(bench, BATCH, waiting)
        for _ in range(windows):
            first, before, begin = last, _used(bench, worker), time.monotonic()
            last = _until(bench, first + jobs, waiting)
            cpu, seconds = _used(bench, worker) - before, time.monotonic() - begin
            runs.append((cpu / (last - first) * 10_000, (last - first) / seconds))
    finally:
        worker.stop()
    states = sluice.census()
    answered = waiting - sum(states.values())
    if set(state for state, number in states.items() if number) != {"queued"} or answered < last or len(sluice.ids()) != waiting:
        raise RuntimeError(f"of {waiting} jobs {answered} ended, and there are {dict(states)}")
    bench.redis.flush()
    return runs
