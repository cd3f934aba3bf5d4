"""Sluice under measurement: its configuration, its processes, what its queue and its audit log hold."""

import collections
import itertools
import json
import pathlib
import re
import sqlite3
import subprocess

import drain
import servers

# As it comes: attempts are logged, one line each.
LOG_LEVEL = "info"
# No audit log is used twice: from the journal in it Sluice would restore into an emptied Redis what it had run before.
NUMBERS = itertools.count(1)


class Sluice:
    def __init__(self, program, helper, folder, redis, stub):
        self.program, self.helper, self.folder, self.redis, self.stub = program, helper, folder, redis, stub

    def configure(self, delay="0", partitions=1, concurrency=1000, upstream=None, telemetry=None):
        """A configuration with one endpoint and an audit log of its own; its file, and that log's."""
        number = next(NUMBERS)
        file = pathlib.Path(self.folder) / f"worker-{number}.json"
        audit = pathlib.Path(self.folder) / f"audit-{number}.sqlite"
        file.write_text(json.dumps({
            "redis": {"url": self.redis.url, "partitions": partitions},
            "intake": {"listen": "127.0.0.1:0", "files": str(pathlib.Path(self.folder) / f"files-{number}")},
            "worker": {"listen": "127.0.0.1:0", "concurrency": concurrency},
            "pool": {"endpoints": [{
                "name": "stub", "url": upstream or self.stub.url(delay), "region": "here", "tier": "ptu", "api_key": "stub",
                "timeout": "120s"}]},
            "cache": {"enabled": False},
            "audit": {"path": str(audit), "synchronous": "full"},
            "log": {"level": LOG_LEVEL, "format": "json"},
            "telemetry": telemetry or {},
        }, indent=2))
        return file, audit

    def workers(self, file, processes=2):
        return servers.Process("worker", [self.program, "worker", "--config", file, "--processes", processes], self.folder)

    def intake(self, file):
        """The process, and the address that it listens on."""
        process = servers.Process("intake", [self.program, "intake", "--config", file], self.folder)
        pattern = re.compile(r'"address":"([0-9.]+:\d+)"')
        found = []

        def is_listening():
            process.check()
            found[:] = pattern.findall(process.log.read_text(errors="replace"))
            return found

        servers.wait_until(is_listening, 20, "the intake")
        return process, f"http://{found[0]}"

    def help(self, *words, timeout=600):
        """Runs the helper to its end; the JSON object that it printed last."""
        done = subprocess.run([self.helper, *map(str, words)], capture_output=True, text=True, timeout=timeout)
        if done.returncode:
            raise RuntimeError(f"sluice-bench {words[0]} failed:\n{done.stderr[-2000:]}")
        return json.loads(done.stdout.strip().splitlines()[-1])

    def load(self, jobs, partitions=1):
        return self.help("load", "--redis", self.redis.url, "--jobs", jobs, "--bytes", 1024, "--partitions", partitions)

    def bare(self, jobs, delay="0", concurrency=256):
        self.redis.flush()
        return self.help(
            "bare", "--redis", self.redis.url, "--upstream", f"{self.stub.url(delay)}/v1/chat/completions", "--jobs", jobs,
            "--concurrency", concurrency, "--audit", pathlib.Path(self.folder) / f"bare-{next(NUMBERS)}.sqlite")

    def census(self, partitions=1):
        """How many jobs are in each state; ended ones are not counted, unless they failed."""
        states = collections.Counter()
        for reply in self.redis.client.pipeline([("HGETALL", f"sluice{{{index}}}:census") for index in range(partitions)]):
            for name, number in zip(reply[::2], reply[1::2]):
                states[name.decode().rpartition(":")[2]] += int(number)
        return states

    def completed(self, jobs, partitions=1):
        """How many of the jobs that were loaded have ended well."""
        return jobs - sum(self.census(partitions).values())

    def ids(self):
        """Every job that Redis knows, by the key of what never changes of it."""
        return [key.decode().rpartition(":")[2] for key in self.redis.client.keys("sluice{*}:job_*") if not key.endswith(b":r")]

    def records(self):
        """What there is of those that a worker has held."""
        return self.redis.client.keys("sluice{*}:job_*:r")

    def verify(self, jobs, audit=None):
        """Every job has the stub's whole answer, and every attempt is in the audit log."""
        client, keys = self.redis.client, self.records()
        sizes = [size for at in range(0, len(keys), 1000)
                 for size in client.pipeline([("HSTRLEN", key, "answer") for key in keys[at:at + 1000]])]
        good = sum(1 for size in sizes if size >= 1000)
        if good != jobs or len(keys) != jobs:
            raise RuntimeError(f"sluice: {good} of {jobs} jobs ended with an answer; there are {len(keys)} records")
        if audit:
            self.verify_audit(jobs, audit)

    @staticmethod
    def verify_audit(jobs, audit):
        with sqlite3.connect(f"file:{audit}?mode=ro", uri=True) as database:
            rows = database.execute("SELECT COUNT(DISTINCT job) FROM attempts").fetchone()[0]
        database.close()
        if rows < jobs:
            raise RuntimeError(f"sluice: the audit log has the attempts of {rows} jobs of {jobs}")

    def drain(self, jobs, processes=2, partitions=1, delay="0", concurrency=1000, telemetry=None):
        """Fills the queue, starts the workers, measures until it is empty, checks what came out."""
        file, audit = self.configure(delay, partitions, concurrency, telemetry=telemetry)
        self.redis.flush()
        self.load(jobs, partitions)
        return drain.run(
            self.redis, lambda: [self.workers(file, processes)], lambda: self.completed(jobs, partitions), jobs,
            lambda count: self.verify(count, audit), stub=self.stub)
