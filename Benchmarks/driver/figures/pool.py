"""How well a pool of provisioned endpoints is used, and what faults of it cost."""

import contextlib
import pathlib
import time

import measure
import simulated
from figures import Result, count, figure, percent

ROUNDS = 3


def _ptu(tokens_per_minute, **more):
    return {"tokens_per_minute": tokens_per_minute, "output_weight": simulated.WEIGHT, "latency_ms": 150, "ms_per_token": 2,
            "jitter": 0.2, **more}


def _known(tokens_per_minute, **more):
    """The same endpoint in worker.json."""
    return {"tier": "ptu", "tokens_per_minute": tokens_per_minute, "output_weight": simulated.WEIGHT, **more}


@figure("pool", "a saturated pool: tokens admitted, calls refused, beside plain retries")
def pool(bench):
    result = Result()
    seconds = 10 if bench.quick else 20
    for title, burst in (("", 60), (", bucket half as deep as assumed", 5)):
        runs = {"sluice": [], "article": [], "immediate": []}
        for number in range(1 if bench.quick else ROUNDS):
            for policy, found in runs.items():
                # What it is compared with is measured once, with the shallow bucket: it is far off.
                if policy == "sluice" or number == 0 and burst == 5:
                    found.append(_saturated(bench, policy, burst, seconds, seed=number + 1))
        runs = {policy: found for policy, found in runs.items() if found}
        used = {policy: measure.median([run["used"] for run in found]) for policy, found in runs.items()}
        refused = {policy: measure.median([run["refused"] for run in found]) for policy, found in runs.items()}
        result.add(f"saturated PTU: admitted tokens / capacity{title}", percent3(used["sluice"]), ">= 97 %", used["sluice"] >= 0.97)
        result.add(f"saturated PTU: calls answered 429{title}", percent3(refused["sluice"]), "<= 1 %", refused["sluice"] <= 0.01)
        result.table(
            f"Saturated pool of two PTU endpoints{title}", ["client", "tokens / capacity", "calls answered 429", "requests failed"],
            [[policy, percent3(used[policy]), percent3(refused[policy]), count(sum(run["failed"] for run in runs[policy]))]
             for policy in runs])
    return result


def percent3(share):
    return f"{share * 100:.1f} %"


def _saturated(bench, policy, burst, seconds, seed):
    rate = 1_200_000
    # What a shallow bucket holds at first is used up in the warm-up; a deep one never fills in front of Sluice, and is
    # made shallow for the others, which would otherwise live on it.
    depth = burst if policy == "sluice" else min(burst, 5)
    endpoints = {name: _ptu(rate, burst_seconds=depth) for name in ("eastus-ptu", "westus-ptu")}
    warm = 12
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(simulated.Pool(bench.sluice.program, bench.folder, endpoints, seed))
        bodies = simulated.mixed(int((warm + seconds + 12) * 2 * rate / 60 / 400), seed)
        if policy == "sluice":
            fleet = simulated.Fleet(bench, pool, {name: _known(rate) for name in endpoints}, stack)
            fleet.submit(bodies)
            failed = _window(pool, warm, seconds, fleet.live)
        else:
            file = pathlib.Path(bench.folder) / f"prompts-{policy}-{seed}.jsonl"
            file.write_text("\n".join(map(simulated.json.dumps, bodies)))
            client = stack.enter_context(simulated.servers.Process(policy, [
                bench.sluice.helper, "retrying", "--policy", policy, "--prompts", file, "--seconds", warm + seconds + 2,
                "--pool", ",".join(f"{pool.url}/{name}" for name in endpoints)], bench.folder))
            _window(pool, warm, seconds, lambda: (1, 0))
            client.child.wait(30)
            failed = simulated.json.loads(client.log.read_text().strip().splitlines()[-1])["failed"]
        stats = pool.window
    return {"used": stats["used"], "refused": stats["refused"], "failed": failed}


def _window(pool, warm, seconds, live):
    """Measures the pool's counts over some seconds; the jobs that failed until then."""
    time.sleep(warm)
    pool.reset()
    time.sleep(seconds)
    by_endpoint = pool.stats()["by_endpoint"].values()
    waiting, failed = live()
    if not waiting:
        raise RuntimeError("the backlog was too small: nothing waited at the end of the window")
    calls = sum(each["calls"] for each in by_endpoint)
    pool.window = {
        "used": sum(each["tokens_used_weighted"] for each in by_endpoint) / sum(each["capacity_tokens"] for each in by_endpoint),
        "refused": sum(each["throttled"] for each in by_endpoint) / calls}
    return failed


@figure("pool-blackout", "one region of three dark for a minute")
def blackout(bench):
    runs = [_blackout(bench, 20 if bench.quick else 60, seed) for seed in range(1, 2 if bench.quick else ROUNDS + 1)]
    result = Result()
    failed = sum(run["failed"] for run in runs)
    extra = max(max(0, run["calls"] - run["inflight"] - run["probes"]) for run in runs)
    back = max(run["back"] for run in runs)
    result.add("one region of three dark: jobs failed", count(failed), "0", failed == 0)
    result.add("calls to the dark region beyond those in flight and probes", count(extra), "<= 0", extra <= 0)
    result.add("throughput back to 95 % after its return", f"{back:.1f} s", "<= 2 s", back <= 2)
    result.table("Blackouts", ["calls while dark", "in flight when it began", "probes", "looks", "jobs failed", "back after"],
                 [[count(run["calls"]), count(run["inflight"]), count(run["probes"]), count(run["looks"]), count(run["failed"]),
                   f"{run['back']:.1f} s"] for run in runs])
    return result


def _blackout(bench, dark, seed):
    rate, names = 1_800_000, ("eastus-ptu", "westus-ptu", "northeurope-ptu")
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(simulated.Pool(bench.sluice.program, bench.folder, {name: _ptu(rate) for name in names}, seed))
        fleet = simulated.Fleet(bench, pool, {name: _known(rate, burst="1s") for name in names}, stack)
        fleet.submit([simulated.prompt(number, 400, 40) for number in range((dark + 30) * 350)])
        time.sleep(6)
        before = _rate(pool, 4)
        start = pool.endpoint(names[0])
        pool.set(names[0], blackout=True)
        began = pool.endpoint(names[0])
        time.sleep(dark)
        end = pool.endpoint(names[0])
        pool.set(names[0], blackout=False)
        back = _back(pool, before)
        if not fleet.live()[0]:
            raise RuntimeError("the backlog was too small")
        rows = [row for row in fleet.attempts() if row[1] == names[0]]
        return {"failed": fleet.live()[1], "calls": end["calls"] - start["calls"], "inflight": max(start["inflight"], began["inflight"]),
                "probes": 0, "looks": end["looks"] - start["looks"], "back": back, "rows": len(rows)}


def _answered(pool):
    return sum(each["by_status"].get("200", 0) for each in pool.stats()["by_endpoint"].values())


def _rate(pool, seconds):
    before, begin = _answered(pool), time.monotonic()
    time.sleep(seconds)
    return (_answered(pool) - before) / (time.monotonic() - begin)


def _back(pool, before):
    """Seconds until a second's throughput was 95 % of what it had been."""
    begin, seen = time.monotonic(), [(time.monotonic(), _answered(pool))]
    while time.monotonic() - begin < 60:
        time.sleep(0.1)
        now = (time.monotonic(), _answered(pool))
        seen.append(now)
        old = next((each for each in reversed(seen) if now[0] - each[0] >= 1), None)
        if old and (now[1] - old[1]) / (now[0] - old[0]) >= 0.95 * before:
            return max(0.0, old[0] - begin)
    return 60.0


@figure("pool-brownout", "one endpoint of three ten times slower")
def brownout(bench):
    runs = [_brownout(bench, 10 if bench.quick else 25, seed) for seed in range(1, 2 if bench.quick else ROUNDS + 1)]
    ratio = measure.median([run["slow"] / run["healthy"] for run in runs])
    result = Result()
    result.add("brown-out of one endpoint: p95 of jobs / healthy", f"{ratio:.2f}", "<= 1.50", ratio <= 1.5)
    result.table("Brown-outs", ["p95 healthy", "p95 in the brown-out"],
                 [[f"{run['healthy'] * 1000:.0f} ms", f"{run['slow'] * 1000:.0f} ms"] for run in runs])
    return result


def _brownout(bench, seconds, seed):
    rate, names = 1_800_000, ("eastus-ptu", "westus-ptu", "northeurope-ptu")
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(simulated.Pool(bench.sluice.program, bench.folder, {name: _ptu(rate) for name in names}, seed))
        fleet = simulated.Fleet(bench, pool, {name: _known(rate) for name in names}, stack)
        _paced(fleet, 100, 5)
        healthy = _paced(fleet, 100, seconds)
        pool.set(names[0], slow_factor=10)
        slow = _paced(fleet, 100, seconds)
        fleet.wait_until_done(60)
        return {"healthy": _p95(fleet, healthy), "slow": _p95(fleet, slow)}


def _paced(fleet, per_second, seconds):
    """Submits jobs at an even pace; their ids."""
    ids, begin, part = [], time.monotonic(), max(1, per_second // 20)
    for number in range(int(seconds * per_second / part)):
        time.sleep(max(0.0, begin + number * part / per_second - time.monotonic()))
        ids += fleet.submit([simulated.prompt(f"{begin} {number} {each}", 400, 80) for each in range(part)])
    return ids


def _p95(fleet, ids):
    jobs = list(fleet.jobs(ids))
    if any(job["status"] != "completed" for job in jobs):
        raise RuntimeError("a job did not complete")
    return measure.percentile([job["finished_at"] - job["created_at"] for job in jobs], 0.95)


@figure("pool-repeats", "10,000 jobs of which 80 % are repeats")
def repeats(bench):
    jobs = 2_000 if bench.quick else 10_000
    calls = [_repeats(bench, jobs, seed) for seed in range(1, 2 if bench.quick else ROUNDS + 1)]
    result = Result()
    most = jobs // 5 * 1.01
    result.add(f"{count(jobs)} jobs, 80 % repeats: upstream calls", count(max(calls)), f"<= {count(most)}", max(calls) <= most)
    return result


def _repeats(bench, jobs, seed):
    chance = simulated.random.Random(seed)
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(simulated.Pool(bench.sluice.program, bench.folder, {"eastus-ptu": {"latency_ms": 200}}, seed))
        fleet = simulated.Fleet(bench, pool, {"eastus-ptu": {"tier": "ptu"}}, stack, cache=True)
        bodies = [simulated.prompt(number % (jobs // 5), 400, 40) for number in range(jobs)]
        chance.shuffle(bodies)
        ids = fleet.submit(bodies)
        fleet.wait_until_done(120)
        states = fleet.states(ids)
        if states != {"completed": jobs}:
            raise RuntimeError(f"not every job completed: {states}")
        return pool.stats()["calls"]


@figure("pool-deadlines", "who spills to an endpoint that is paid by the token")
def deadlines(bench):
    runs = [_deadlines(bench, seed) for seed in range(1, 2 if bench.quick else ROUNDS + 1)]
    result = Result()
    far, near, missed = (sum(run[name] for run in runs) for name in ("far", "near", "missed"))
    result.add("jobs with a far deadline that spilled", count(far), "0", far == 0)
    result.add(f"jobs with a near deadline that missed it, of {count(sum(run['jobs'] for run in runs))}", count(missed), "0", missed == 0)
    result.notes.append(f"Of the jobs with a near deadline {count(near)} were served by the endpoint that is paid by the token.")
    return result


def _deadlines(bench, seed):
    rate, near = 600_000, 200
    endpoints = {"eastus-ptu": _ptu(rate), "eastus-standard": {"tier": "standard", "latency_ms": 150, "ms_per_token": 2}}
    known = {"eastus-ptu": _known(rate), "eastus-standard": {"tier": "standard", "priority": 1}}
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(simulated.Pool(bench.sluice.program, bench.folder, endpoints, seed))
        fleet = simulated.Fleet(bench, pool, known, stack)
        # A backlog of some minutes, then jobs that cannot wait behind it.
        far = fleet.submit(simulated.mixed(2_000, seed), expires_in=7200)
        time.sleep(12)
        urgent = fleet.submit([simulated.prompt(f"urgent {number}", 400, 80) for number in range(near)], expires_in=15)
        time.sleep(20)
        states = fleet.states(urgent)
        standard = {row[0] for row in fleet.attempts() if row[1] == "eastus-standard"}
        return {"far": len(standard & set(far)), "near": len(standard & set(urgent)), "jobs": near,
                "missed": near - states.get("completed", 0)}
