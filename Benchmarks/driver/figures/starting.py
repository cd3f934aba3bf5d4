"""From the start of `sluice worker` to its first claim."""

import measure
import servers
from figures import Result, figure


@figure("start", "worker start to first claim")
def start(bench):
    one = [_once(bench, 1) for _ in range(7)]
    two = [_once(bench, 2) for _ in range(5)]
    result = Result()
    middle = measure.median(one)
    result.add("worker start to first claim", f"{middle:.0f} ms (median of {len(one)}; {min(one):.0f} to {max(one):.0f})", "<= 100 ms", middle <= 100)
    result.notes.append(f"With two worker processes, which a third one starts: {measure.median(two):.0f} ms to the first claim.")
    return result


def _once(bench, processes):
    """Milliseconds from just before the exec to the time that the record of the only job says it was claimed."""
    sluice = bench.sluice
    file, _ = sluice.configure()
    bench.redis.flush()
    sluice.load(1)
    worker = sluice.workers(file, processes)
    try:
        servers.wait_until(lambda: worker.check() or sluice.completed(1) == 1, 20, "the first job")
    finally:
        worker.stop()
    record = bench.sluice.records()[0]
    return int(bench.redis.client.call("HGET", record, "started")) - worker.started * 1000
