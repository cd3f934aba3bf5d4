"""The other queues: how each is filled, started, counted and checked."""

import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
from typing import Callable

import drain
import measure
import servers

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "rivals"


@dataclasses.dataclass
class Rival:
    name: str
    program: list
    workers: list
    # How many results there are, asked of Redis; the number of jobs is given.
    done: Callable
    results: str
    setting: dict
    note: str
    packages: tuple = ()
    debian: tuple = ()
    jobs: int = 20_000
    # Another way to start the workers where 100 calls at once are wanted of each.
    slow_workers: list = None
    has_results: bool = True


def python(name):
    return ["python", f"{name}_rival.py"]


def celery_workers(pool, size):
    return [["celery", "-A", "celery_rival", "worker", "-P", pool, "-c", str(size), "-n", f"w{index}@bench",
             "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "ERROR"] for index in (1, 2)]


def sidekiq(threads):
    return [["sidekiq", "-r", "./sidekiq_rival.rb", "-q", "bench", "-c", str(threads)]] * 2


RIVALS = [
    Rival("ardiq", python("ardiq"), [["ardiq", "run", "-q", "ardiq_rival:app"]] * 2,
          lambda redis, jobs: redis.call("ZCARD", "ardiq:bench:index:results"), "ardiq:bench:task:results:*",
          {"BENCH_CONCURRENCY": "100"}, "2 x `ardiq run`, concurrency 100, prefetch 200; pyreqwest, uvloop",
          ("ardiq", "pyreqwest", "uvloop"), jobs=40_000),
    Rival("SAQ", python("saq"), [["python", "saq_rival.py", "work"]] * 2,
          lambda redis, jobs: jobs - redis.call("ZCARD", "saq:bench:incomplete"), "saq:job:bench:*",
          {"BENCH_CONCURRENCY": "50"}, "2 workers, concurrency 50, orjson; pyreqwest, uvloop",
          ("saq", "redis", "hiredis", "pyreqwest", "uvloop"), jobs=8_000),
    Rival("taskiq", python("taskiq"),
          [["taskiq", "worker", "-w", "1", "--max-async-tasks", "100", "--max-prefetch", "200", "--no-parse",
            "--log-level", "ERROR", "taskiq_rival:broker"]] * 2,
          lambda redis, jobs: redis.call("DBSIZE") - 1, "result:*",
          {"BENCH_PREFETCH": "100"}, "2 x `taskiq worker -w 1`, 100 tasks at once, prefetch 200, orjson; pyreqwest, uvloop",
          ("taskiq", "taskiq-redis", "redis", "hiredis", "pyreqwest", "uvloop")),
    Rival("Celery", python("celery"), celery_workers("threads", 4),
          lambda redis, jobs: measure.command_calls(redis).get("setex", 0), "celery-task-meta-*", {},
          "2 workers, 4 threads each, prefetch 8 a thread, late acknowledgement; pycurl",
          ("celery", "kombu", "redis", "hiredis", "pycurl"), jobs=5_000,
          slow_workers=celery_workers("threads", 100)),
    Rival("Sidekiq", ["ruby", "sidekiq_rival.rb"], sidekiq(10),
          lambda redis, jobs: measure.command_calls(redis).get("setex", 0), "result:*", {},
          "2 processes of 10 threads, hiredis and curb. It does not acknowledge: a job is lost with its worker, and it keeps no "
          "results: the job stores its own", debian=("ruby-sidekiq", "ruby-redis", "ruby-hiredis", "ruby-curb", "ruby"),
          jobs=40_000, slow_workers=sidekiq(100), has_results=False),
]


def environment(rival, redis, stub, delay, extra=None):
    """The virtual environment comes first on the path."""
    venv = os.environ.get("BENCH_VENV", "")
    return {"PATH": f"{venv}/bin:{os.environ['PATH']}", "PYTHONPATH": str(FOLDER), "BENCH_REDIS": redis.url,
            "BENCH_UPSTREAM": stub.url(delay), "PYTHONDONTWRITEBYTECODE": "1", **rival.setting, **(extra or {})}


def missing(rival):
    """Why a rival cannot be run here; empty when it can."""
    if rival.program[0] == "ruby":
        return "" if shutil.which("sidekiq") else "ruby-sidekiq is not installed"
    if not os.environ.get("BENCH_VENV"):
        return os.environ.get("BENCH_NO_VENV", "there is no virtual environment: start scripts/bench, not the driver")
    return ""


def command(rival, words, env):
    """Runs the rival's own program to its end; what it printed."""
    done = subprocess.run(rival.program + [str(word) for word in words], cwd=FOLDER, env={**os.environ, **env},
                          capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(f"{rival.name} {words[0]} failed:\n{done.stderr[-2000:]}{done.stdout[-500:]}")
    return done.stdout


def start(rival, env, folder, workers=None):
    return [servers.Process(f"{rival.name}-{index}", argv, folder, env, cwd=FOLDER)
            for index, argv in enumerate(workers or rival.workers, 1)]


def verify(rival, redis, jobs):
    """Every job has the stub's whole answer as its result."""
    keys = redis.client.keys(rival.results)
    values = [value for at in range(0, len(keys), 500)
              for value in redis.client.pipeline([("GET", key) for key in keys[at:at + 500]])]
    good = sum(1 for value in values if b"chat.completion" in value and b"a" * 500 in value)
    if good != jobs:
        raise RuntimeError(f"{rival.name}: {good} of {jobs} jobs ended with an answer")


def measure_drain(rival, redis, stub, folder, jobs=None, delay="0", extra=None, workers=None):
    jobs = jobs or rival.jobs
    env = environment(rival, redis, stub, delay, extra)
    redis.flush()
    command(rival, ["fill", jobs], env)
    return drain.run(redis, lambda: start(rival, env, folder, workers), lambda: rival.done(redis.client, jobs), jobs,
                     lambda count: verify(rival, redis, count), stub)


def latencies(rival, redis, stub, folder, rate, seconds):
    """Milliseconds from submitting to having the result, with workers that have nothing else to do."""
    env = environment(rival, redis, stub, "0")
    redis.flush()
    workers = start(rival, env, folder)
    try:
        command(rival, ["latency", rate, 3], env)
        return json.loads(command(rival, ["latency", rate, seconds], env).splitlines()[-1])
    finally:
        for worker in workers:
            worker.stop()
