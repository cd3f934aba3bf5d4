"""The rivals: the same jobs, the same stub, the same Redis; Sluice in turns with them."""

import measure
import monitor
import rivals
from figures import Result, Skipped, count, draining, figure, intake

ROUNDS = 3


@figure("rivals", "drain, CPU and Redis commands of ardiq, SAQ, taskiq, Celery and Sidekiq, in turns with Sluice")
def compared(bench):
    present, result = _present(bench)
    runs = {rival.name: [] for rival in present}
    ours = []
    for turn in range(ROUNDS):
        ours.append(bench.sluice.drain(40_000))
        for rival in list(present):
            try:
                runs[rival.name].append(rivals.measure_drain(rival, bench.redis, bench.stub, bench.folder))
            except (RuntimeError, TimeoutError) as error:
                # A rival that loses jobs has no figure; the others go on.
                result.notes.append(f"{rival.name} broke in round {turn + 1}: {str(error).strip().splitlines()[-1]}")
                bench.say(f"  {rival.name}: {error}")
                present.remove(rival)
                continue
            bench.say(f"  {rival.name}: {count(runs[rival.name][-1].jobs_per_second)} jobs/s; Sluice before: {count(ours[-1].jobs_per_second)}")
    present = [rival for rival in rivals.RIVALS if runs.get(rival.name)]
    if not present:
        raise RuntimeError("no rival could be measured")
    rate = {rival.name: _rate(runs[rival.name]) for rival in present}
    best = sorted(present, key=lambda rival: -rate[rival.name])
    bench.best = best[:2]
    own = _rate(ours)
    ratio = _ratio(ours, runs[best[0].name])
    result.add("drain / the strongest rival", f"{ratio:.2f} x {best[0].name} ({count(own)} / {count(rate[best[0].name])} jobs/s)", ">= 2.00 x", ratio >= 2)
    rows = [["**Sluice**", count(own), "1.00", f"{_cpu(ours):.2f}", f"{draining.commands(bench, ours):.3f}", f"{ours[-1].peak_rss_mb:.0f}"]]
    for rival in best:
        clients, scripts = _watched(bench, rival)
        calls = measure.median([monitor.client_calls(run.calls, clients, scripts) / run.jobs for run in runs[rival.name]])
        rows.append([rival.name, count(rate[rival.name]), f"{_ratio(ours, runs[rival.name]):.2f}", f"{_cpu(runs[rival.name]):.2f}", f"{calls:.2f}",
                     f"{runs[rival.name][-1].peak_rss_mb:.0f}"])
    result.table("Draining a full queue, 0 ms upstream, two worker processes (medians of three rounds in turns)",
                 ["", "jobs/s", "Sluice is times as quick", "CPU s per 10,000 jobs, workers", "Redis commands a job", "peak RSS of a worker, MB"], rows)
    result.table("How the rivals are run", ["", "configuration", "versions"], [[rival.name, rival.note, bench.versions_of(rival)] for rival in best])
    return result


@figure("rivals-slow", "the best two rivals at 50 ms upstream with 200 at once, and their latency at 20 jobs/s")
def slow(bench):
    if not getattr(bench, "best", None):
        bench.best = _present(bench)[0][:1] + [rival for rival in _present(bench)[0] if rival.name == "Sidekiq"]
    if not getattr(bench, "latency", None):
        intake.latency(bench)
    rows = [["**Sluice**", count(bench.sluice.drain(20_000, delay="50ms", concurrency=100).jobs_per_second), *_milliseconds(bench.latency)]]
    for rival in bench.best:
        run = rivals.measure_drain(rival, bench.redis, bench.stub, bench.folder, 20_000, "50ms", {"BENCH_CONCURRENCY": "100"}, rival.slow_workers)
        times = None
        if rival.has_results:
            values = rivals.latencies(rival, bench.redis, bench.stub, bench.folder, 20, 15)
            times = {"p50_ms": measure.percentile(values, 0.5), "p99_ms": measure.percentile(values, 0.99)}
        rows.append([rival.name, count(run.jobs_per_second), *_milliseconds(times)])
    result = Result()
    result.notes.append("Waiting for a result: ardiq `job.result(timeout)`, SAQ `queue.apply`, taskiq `wait_result` every millisecond, Celery "
                        "`get`; Sidekiq has nothing to wait with.")
    result.table("Beside the best two: 50 ms upstream with 200 at once (100 in each of two processes), and submit -> result at 20 jobs/s",
                 ["", "jobs/s of 4,000", "p50", "p99"], rows)
    return result


def _milliseconds(times):
    return [f"{times['p50_ms']:.2f} ms", f"{times['p99_ms']:.2f} ms"] if times else ["-", "-"]


def _present(bench):
    result, present = Result(), []
    for rival in rivals.RIVALS:
        missing = rivals.missing(rival)
        if missing:
            result.notes.append(f"{rival.name} was not run: {missing}")
        else:
            present.append(rival)
    if not present:
        raise Skipped("; ".join(result.notes))
    return present, result


def _ratio(ours, theirs):
    return measure.ratio([run.jobs_per_second for run in ours], [run.jobs_per_second for run in theirs])


def _rate(runs):
    return measure.median([run.jobs_per_second for run in runs])


def _cpu(runs):
    return measure.median([run.cpu for run in runs])


def _watched(bench, rival):
    with monitor.Monitor(bench.redis.port) as watch:
        rivals.measure_drain(rival, bench.redis, bench.stub, bench.folder, jobs=rival.jobs // 5)
    return watch.counts()

