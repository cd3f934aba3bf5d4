"""A Sluice of separate processes in a folder, each of which can be killed: Redis, simulator, intake, two workers."""

import json
import signal
import subprocess
import time
import urllib.error
from pathlib import Path

import ports
from checks import get, post

ROOT = Path.cwd()


class Rig:
    def __init__(self, folder, sluice):
        self.folder, self.sluice = Path(folder), sluice
        self.redis_port, self.intake_port, self.pool_port = (ports.free() for _ in range(3))
        self.redis_url = f"redis://127.0.0.1:{self.redis_port}"
        self.intake = f"http://127.0.0.1:{self.intake_port}"
        self.pool = f"http://127.0.0.1:{self.pool_port}"
        self.audit = self.folder / "audit.sqlite"
        self.redis_data = self.folder / "redis"
        self.processes = {}
        settings = json.loads((ROOT / "worker.json").read_text())
        settings["redis"]["url"] = self.redis_url + "/0"
        settings["intake"]["listen"] = f"127.0.0.1:{self.intake_port}"
        settings["worker"].update(listen="127.0.0.1:0", lease="3s", drain="5s")
        settings["log"]["format"] = "json"
        for endpoint in settings["pool"]["endpoints"]:
            endpoint["url"] = f"{self.pool}/{endpoint['name']}"
        self.config = self.folder / "worker.json"
        self.endpoints = [endpoint["name"] for endpoint in settings["pool"]["endpoints"]]
        self.settings = settings
        self._write()

    def use(self, redis_data, audit):
        """Other places for what is kept, from the next start on."""
        self.redis_data, self.audit = Path(redis_data), Path(audit)
        self._write()

    def _write(self):
        self.settings["audit"]["path"] = str(self.audit)
        self.config.write_text(json.dumps(self.settings))

    def _run(self, name, command):
        log = open(self.folder / f"{name}.log", "a")
        self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def start_redis(self):
        self.redis_data.mkdir(exist_ok=True)
        self._run("redis", ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--dir",
                            self.redis_data, "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"])

    def start_pool(self, latency_ms):
        self._run("pool", [self.sluice, "simulate", "--config", self.config, "--listen", f"127.0.0.1:{self.pool_port}"])
        self.eventually("the pool answers", lambda: get(f"{self.pool}/_sim/endpoints"))
        for name in self.endpoints:
            post(f"{self.pool}/_sim/endpoints/{name}",
                 {"latency_ms": latency_ms, "ms_per_token": 0, "jitter": 0, "error_rate": 0, "throttle_rate": 0,
                  "hang_rate": 0})

    def start_intake(self, program=None):
        self._run("intake", [program or self.sluice, "intake", "--config", self.config])
        self.eventually("the intake is healthy", lambda: get(f"{self.intake}/health"))

    def start_worker(self, name="worker", program=None):
        self._run(name, [program or self.sluice, "worker", "--config", self.config])

    def kill(self, *names):
        for name in names:
            # Workers of a killed parent end by themselves.
            self.processes[name].send_signal(signal.SIGKILL)
            self.processes.pop(name).wait()

    def stop(self, *names):
        """Lets them finish, the last started first; all, if none is named."""
        for name in names or reversed(list(self.processes)):
            self.processes[name].terminate()
            self.processes.pop(name).wait()

    def eventually(self, what, read, within=30):
        end = time.monotonic() + within
        while time.monotonic() < end:
            try:
                return read()
            except (OSError, urllib.error.HTTPError):
                time.sleep(0.1)
        raise SystemExit(f"never: {what}")

    def command(self, *words):
        run = subprocess.run([self.sluice, *words, "--config", self.config], capture_output=True, text=True)
        return (run.stdout + run.stderr).strip()

    def calls(self):
        """Answers that the pool gave, and how many of them to a job that had one already."""
        stats = json.loads(get(f"{self.pool}/_sim/stats"))
        return stats["answered_jobs"], stats["duplicates"]
