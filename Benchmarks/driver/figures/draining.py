"""A full queue against an upstream that answers at once: jobs a second, CPU, commands; beside the bare pipeline."""

import measure
import monitor
from figures import Result, count, figure, percent


@figure("drain", "a full queue, 2 workers, 0 ms upstream: jobs/s, CPU and Redis commands a job, beside the bare pipeline", quick=True)
def drain(bench):
    jobs, rounds = (20_000, 3) if bench.quick else (40_000, 3)
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(bench.sluice.drain(jobs))
        bare.append(bench.sluice.bare(jobs))
    result = Result()
    rate, limit = measure.median([run.jobs_per_second for run in ours]), measure.median([run["jobs_per_second"] for run in bare])
    share = measure.ratio([run.jobs_per_second for run in ours], [run["jobs_per_second"] for run in bare])
    cpu, least = measure.median([run.cpu for run in ours]), measure.median([run["cpu_seconds_per_10000"] for run in bare])
    result.add("drain / bare pipeline", f"{percent(share)} ({count(rate)} / {count(limit)} jobs/s)", ">= 70 %", share >= 0.7)
    result.add("CPU seconds per 10,000 jobs, worker", f"{cpu:.2f}", "<= 0.80", cpu <= 0.8)
    result.add("CPU per job / bare pipeline", f"{cpu / least:.2f} ({cpu:.2f} / {least:.2f} s per 10,000)")
    number = commands(bench, ours)
    result.add("Redis commands per job at load", f"{number:.3f}", "<= 1.0", number <= 1.0)
    listed = ", ".join(f"{name} {seen}" for name, seen in bench.shares[0].most_common(6))
    result.notes.append(f"Client commands that MONITOR saw while 4,000 jobs ran, start and end of the workers included: {listed}.")
    last = sorted(ours, key=lambda run: run.jobs_per_second)[rounds // 2]
    result.table("Drain, each round", ["", "jobs/s", "CPU s per 10,000, workers", "CPU s per 10,000, Redis", "peak RSS of a worker"],
                 [["Sluice", count(run.jobs_per_second), f"{run.cpu:.2f}", f"{run.redis_cpu:.2f}", f"{run.peak_rss_mb:.0f} MB"] for run in ours]
                 + [["bare", count(run["jobs_per_second"]), f"{run['cpu_seconds_per_10000']:.2f}", "", f"{run['max_rss_mb']:.0f} MB"] for run in bare])
    result.notes.append("Cores busy in the median round: " + ", ".join(f"{name} {value:.2f}" for name, value in last.cores.items() if name != "machine")
                        + f"; of the whole machine {percent(last.cores['machine'])}.")
    bench.drains = ours
    return result


def commands(bench, ours):
    """Client commands a job: commandstats of the drains, without what scripts call, which a short drain under MONITOR tells."""
    if not hasattr(bench, "shares"):
        with monitor.Monitor(bench.redis.port) as watch:
            bench.sluice.drain(4_000)
        bench.shares = watch.counts()
    clients, scripts = bench.shares
    return measure.median([monitor.client_calls(run.calls, clients, scripts) / run.jobs for run in ours])


@figure("scaling", "drain at 1, 2, 4 worker processes x 1, 4, 16 partitions, and what saturates first")
def scaling(bench):
    rows = []
    for processes in (1, 2, 4):
        for partitions in (1, 4, 16):
            run = bench.sluice.drain(20_000, processes, partitions)
            rows.append([str(processes), str(partitions), count(run.jobs_per_second), f"{run.cpu:.2f}", f"{run.cores['workers']:.2f}",
                         f"{run.cores['redis']:.2f}", f"{run.cores['stub']:.2f}", percent(run.cores["machine"]), _saturated(run, processes)])
            bench.say(f"  {processes} x {partitions}: {count(run.jobs_per_second)} jobs/s")
    result = Result()
    result.table("Drain by worker processes and partitions (0 ms upstream)",
                 ["processes", "partitions", "jobs/s", "CPU s per 10,000", "cores: workers", "Redis", "stub", "machine busy", "saturated"], rows)
    return result


def _saturated(run, processes):
    """What had nothing left; the machine first, since it bounds all others."""
    if run.cores["machine"] > 0.9:
        return "the machine's cores"
    if run.cores["redis"] > 0.9:
        return "Redis (one core)"
    if run.cores["workers"] > 0.9 * processes:
        return "the workers (a core each)"
    return "nothing: it waits"
