"""What the machine gives at most: Redis and the stub alone."""

import subprocess

import wrk
from figures import Result, count, figure


@figure("raw", "redis-benchmark and wrk on the stub: the limits of the same run")
def raw(bench):
    rows = []
    for pipeline in (1, 16, 64):
        for name, words in (("SET 1 KB", ["SET", "key:__rand_int__", "x" * 1024]), ("XADD 1 KB", ["XADD", "stream", "*", "body", "x" * 1024])):
            bench.redis.flush()
            rows.append([f"Redis {name}, pipeline of {pipeline}", count(_redis(bench, words, pipeline))])
    bench.redis.flush()
    for delay, connections in (("0", 64), ("50ms", 200), ("200ms", 2000)):
        rows.append([f"stub at {delay}, {connections} connections (wrk)", count(wrk.run("complete", f"{bench.stub.url(delay)}/v1/chat/completions", 4, connections)["per_second"])])
    result = Result()
    result.table("Raw limits, per second", ["", "per second"], rows)
    return result


def _redis(bench, words, pipeline):
    done = subprocess.run(
        ["redis-benchmark", "-p", str(bench.redis.port), "-c", "50", "-n", "200000", "-P", str(pipeline), "-r", "100000", "--csv", *words],
        capture_output=True, text=True, timeout=120, check=True)
    return float(done.stdout.strip().splitlines()[-1].split('","')[1])
