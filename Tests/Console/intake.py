"""The intake that the console is served by, asked directly; and what is in it."""

import contextlib
import json
import re
import subprocess
import time
import urllib.request
from pathlib import Path

ENDPOINTS = ["eastus-ptu", "westeurope-ptu", "eastus-standard"]


class Intake:
    def __init__(self, url, simulator):
        self.url, self.simulator = url, simulator

    def ask(self, path, body=None, method=None, base=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            (base or self.url) + path, data, {"content-type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def submit(self, prompt, **more):
        return self.ask("/v1/jobs", {"prompt": prompt, "model": "gpt-4o", **more})["id"]

    def job(self, job, wait=0):
        return self.ask(f"/v1/jobs/{job}?wait={wait}")

    def failed(self):
        return self.ask("/v1/jobs?status=failed&limit=100")["data"]

    def queue(self, name):
        return next(queue for queue in self.ask("/v1/queues")["data"] if queue["name"] == name)

    def endpoint(self, name):
        return next(one for one in self.ask("/v1/endpoints")["data"] if one["name"] == name)

    def set(self, endpoint, **settings):
        self.ask(f"/_sim/endpoints/{endpoint}", settings, base=self.simulator)

    def fail(self, prompts, **more):
        """Jobs that their endpoint refuses for good."""
        for name in ENDPOINTS:
            self.set(name, error_rate=1, error_status=400)
        made = [self.submit(prompt, **more) for prompt in prompts]
        for job in made:
            self.job(job, wait=20)
        for name in ENDPOINTS:
            self.set(name, error_rate=0)
        return made

    def seed(self):
        self.done = [self.submit(f"Why {number}?", custom_id=f"order-{number}") for number in range(20)]
        for job in self.done:
            self.job(job, wait=20)
        self.fail([f"no {number}" for number in range(60)], queue="batch")
        for name in ENDPOINTS[:2]:
            self.set(name, fail_next=[500])
        self.retried = self.submit("The secret of the Nile", metadata={"team": "<b>geo</b>"}, queue="default")
        self.job(self.retried, wait=20)
        self.ask("/v1/queues/batch/pause", {})
        self.held = [self.submit(f"later {number}", queue="batch") for number in range(7)]


@contextlib.contextmanager
def keyed_intake(folder, sluice, redis):
    """Another intake on the same queue that asks for keys. Tells its URL, an admin's key and one that may only read."""
    keys, entries = {}, {}
    for name, scopes in (("admin", ["admin"]), ("reader", ["read"])):
        text = subprocess.run([sluice, "key", name], capture_output=True, text=True, check=True).stdout
        keys[name] = re.search(r"key: (\S+)", text).group(1)
        entries[name] = {"hash": re.search(r"sha256:[0-9a-f]{64}", text).group(0), "scopes": " ".join(scopes)}
    settings = json.loads(Path("worker.json").read_text())
    settings["keys"] = entries
    settings["redis"]["url"] = redis
    settings["intake"].update(listen="127.0.0.1:0", files=f"{folder}/files")
    settings["audit"]["path"] = f"{folder}/audit.sqlite"
    settings["log"]["format"] = "json"
    config, log = Path(folder) / "keyed.json", Path(folder) / "log"
    config.write_text(json.dumps(settings))
    with open(log, "w") as output:
        process = subprocess.Popen(
            [sluice, "intake", "--config", config], stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        yield _address(log, process), keys
    finally:
        process.terminate()
        process.wait(timeout=30)


def _address(log, process):
    for _ in range(200):
        found = re.search(r'"message":"listening".*?"address":"([^"]+)"', log.read_text())
        if found:
            return f"http://{found.group(1)}"
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(log.read_text()[-2000:])
