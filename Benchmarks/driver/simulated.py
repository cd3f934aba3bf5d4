"""A simulated pool, and a fleet of Sluice in front of it: what scripts/bench pool runs."""

import concurrent.futures
import contextlib
import http.client
import itertools
import json
import pathlib
import random
import re
import sqlite3
import urllib.request

import servers

NUMBERS = itertools.count(1)
DEPLOYMENT = "gpt-4o"
# One output token counts as four of input, as Azure has it for this model.
WEIGHT = 4


def prompt(number, characters, max_tokens, distinct=True):
    text = f"{number if distinct else 0} " + "word " * (characters // 5)
    body = {"model": DEPLOYMENT, "messages": [{"role": "user", "content": text}]}
    if max_tokens:
        body["max_tokens"] = max_tokens
    return body


def mixed(count, seed):
    """Prompts as an application has them: mostly short ones, some long; most name a limit for the answer, some do not."""
    chance = random.Random(seed)
    return [prompt(number, chance.choice([200, 400, 800, 1600, 4000]), chance.choice([40, 80, 120, 200, None]))
            for number in range(count)]


class Pool(servers.Process):
    """`sluice simulate` with these endpoints: name → behaviour."""

    def __init__(self, program, folder, endpoints, seed=1):
        file = pathlib.Path(folder) / f"scenario-{next(NUMBERS)}.json"
        file.write_text(json.dumps({"seed": seed, "endpoints": [
            {"name": name, "region": name.rsplit("-", 1)[0], "deployments": [DEPLOYMENT], **behaviour}
            for name, behaviour in endpoints.items()]}))
        super().__init__("simulate", [program, "simulate", "--scenario", file, "--listen", "127.0.0.1:0"], folder)
        self.url = f"http://{listening(self)}"

    def set(self, endpoint, **fields):
        return self._call(f"/_sim/endpoints/{endpoint}", fields)

    def stats(self):
        return self._call("/_sim/stats")

    def reset(self):
        self._call("/_sim/reset", {})

    def endpoint(self, name):
        return self.stats()["by_endpoint"][name]

    def _call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data=data), timeout=30) as answer:
            return json.load(answer)


def listening(process):
    found = []

    def is_listening():
        process.check()
        found[:] = re.findall(r'"address":"([0-9.]+:\d+)"', process.log.read_text(errors="replace"))
        return found

    servers.wait_until(is_listening, 20, process.name)
    return found[0]


class Fleet:
    """An intake and two worker processes in front of a pool, on an emptied Redis."""

    def __init__(self, bench, pool, endpoints, stack, queues=None, cache=False, concurrency=1000):
        self.redis, number = bench.redis, next(NUMBERS)
        self.audit = pathlib.Path(bench.folder) / f"pool-audit-{number}.sqlite"
        file = pathlib.Path(bench.folder) / f"pool-{number}.json"
        file.write_text(json.dumps({
            "redis": {"url": bench.redis.url},
            "intake": {"listen": "127.0.0.1:0", "files": str(pathlib.Path(bench.folder) / f"pool-files-{number}")},
            "worker": {"listen": "127.0.0.1:0", "concurrency": concurrency},
            "queues": queues or {"default": {}},
            "pool": {"endpoints": [
                {"name": name, "url": f"{pool.url}/{name}", "deployment": DEPLOYMENT, "model": DEPLOYMENT,
                 "region": name.rsplit("-", 1)[0], "api_key": "bench", "timeout": "60s", **fields}
                for name, fields in endpoints.items()]},
            "cache": {"enabled": cache},
            "audit": {"path": str(self.audit)},
            "log": {"level": "warning", "format": "json"},
        }))
        bench.redis.flush()
        self.intake = stack.enter_context(servers.Process(
            "intake", [bench.sluice.program, "intake", "--config", file, "--set", "log.level=notice"], bench.folder))
        self.address = listening(self.intake)
        self.workers = stack.enter_context(servers.Process(
            "worker", [bench.sluice.program, "worker", "--config", file, "--processes", 2], bench.folder))

    def submit(self, bodies, **fields):
        """The ids, in their order."""
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            parts = [bodies[at::8] for at in range(8)]
            done = list(threads.map(lambda part: self._post(part, fields), parts))
        return [name for row in itertools.zip_longest(*done) for name in row if name]

    def _post(self, bodies, fields):
        names = []
        with contextlib.closing(http.client.HTTPConnection(self.address, timeout=60)) as connection:
            for body in bodies:
                connection.request("POST", "/v1/jobs", json.dumps({"body": body, **fields}),
                                   {"content-type": "application/json"})
                answer = connection.getresponse()
                text = answer.read()
                if answer.status not in (200, 202):
                    raise RuntimeError(f"a job was refused: {answer.status} {text[:300]}")
                names.append(json.loads(text)["id"])
        return names

    def states(self, ids):
        """How many of these jobs are in which state, by the API."""
        counts = {}
        for job in self.jobs(ids):
            counts[job["status"]] = counts.get(job["status"], 0) + 1
        return counts

    def jobs(self, ids):
        with contextlib.closing(http.client.HTTPConnection(self.address, timeout=60)) as connection:
            for name in ids:
                connection.request("GET", f"/v1/jobs/{name}")
                yield json.loads(connection.getresponse().read())

    def live(self):
        """Jobs that wait or run, and jobs that failed."""
        counts = self.redis.client.pipeline([("HGETALL", "sluice{0}:census")])[0]
        states = {}
        for name, number in zip(counts[::2], counts[1::2]):
            state = name.decode().rpartition(":")[2]
            states[state] = states.get(state, 0) + int(number)
        failed = states.pop("failed", 0)
        return sum(states.values()), failed

    def wait_until_done(self, seconds):
        servers.wait_until(lambda: self.workers.check() or self.live()[0] == 0, seconds, "the backlog")

    def attempts(self):
        """Rows of the audit log: job, endpoint, outcome, reason."""
        with contextlib.closing(sqlite3.connect(f"file:{self.audit}?mode=ro", uri=True)) as database:
            return database.execute("SELECT job, endpoint, outcome, reason FROM attempts").fetchall()
