"""The processes of a run: each in a session of its own, with a log, ended by its id."""

import itertools
import os
import pathlib
import signal
import socket
import subprocess
import time

import resp


# No two processes share a log: what one said is not taken for another's word.
NUMBERS = itertools.count(1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """One program. `stop` asks it to end, and kills what is left of its session."""

    def __init__(self, name, argv, folder, env=None, cwd=None):
        self.name, self.log = name, pathlib.Path(folder) / f"{name}-{next(NUMBERS)}.log"
        self.started = time.time()
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(
                [str(word) for word in argv], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=cwd,
                env={**os.environ, **(env or {})}, start_new_session=True)
        self.pid = self.child.pid

    def is_running(self):
        return self.child.poll() is None

    def check(self):
        if not self.is_running():
            tail = self.log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{self.name} ended by itself with {self.child.returncode}:\n{tail}")

    def stop(self, patience=15):
        if self.is_running():
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(patience)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.child.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Redis(Process):
    """A private server: append-only file, flushed once a second; never rewritten during a measurement."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        data = pathlib.Path(folder) / f"redis-{self.port}"
        data.mkdir(parents=True)
        super().__init__("redis", [
            "redis-server", "--port", self.port, "--bind", "127.0.0.1", "--dir", data, "--appendonly", "yes",
            "--appendfsync", "everysec", "--auto-aof-rewrite-percentage", "0", "--save", "", "--maxmemory-policy",
            "noeviction"], folder)
        wait_until(lambda: self.check() or is_open(self.port), 10, "redis")
        self.client = resp.Client(self.port)

    def flush(self):
        self.client.call("FLUSHALL", "SYNC")
        self.client.call("CONFIG", "RESETSTAT")

    def stop(self, patience=15):
        self.client.close()
        super().stop(patience)
