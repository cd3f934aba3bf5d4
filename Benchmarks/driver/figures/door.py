"""What comes in by the door of OpenAI's clients: batches in files, batches of lines, streams."""

import contextlib
import http.client
import json
import socket
import time

import measure
import simulated
import wrk
from figures import Result, count, figure

ENDPOINTS = {"eastus-ptu": {}}
SWIFT = {"eastus-ptu": {"latency_ms": 0, "ms_per_token": 0, "jitter": 0, "error_rate": 0, "throttle_rate": 0}}
HOUR = 3600


@contextlib.contextmanager
def door(bench):
    """A fleet without a cache, in front of a pool that answers at once."""
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(simulated.Pool(bench.sluice.program, bench.folder, SWIFT))
        yield simulated.Fleet(bench, pool, ENDPOINTS, stack, queues={"default": {}, "batch": {}}), pool


def _line(number):
    body = {"model": simulated.DEPLOYMENT, "messages": [{"role": "user", "content": f"{number} " + "word " * 20}],
            "max_tokens": 20}
    return json.dumps({"custom_id": f"c-{number}", "method": "POST", "url": "/v1/chat/completions", "body": body})


class Client:
    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address, timeout=600)

    def call(self, method, path, body=None, kind="application/json"):
        self.connection.request(method, path, body, {"content-type": kind} if body else {})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]}")
        return text

    def json(self, *arguments):
        return json.loads(self.call(*arguments))

    def upload(self, lines):
        form = ("--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\n"
                "Content-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n\r\n"
                + "\n".join(lines) + "\r\n--b--\r\n")
        return self.json("POST", "/v1/files", form.encode(), "multipart/form-data; boundary=b")["id"]

    def run(self, file):
        """A batch from its creation until its output has been read: the seconds, the batch, the lines."""
        begin = time.monotonic()
        batch = self.json("POST", "/v1/batches", json.dumps(
            {"input_file_id": file, "endpoint": "/v1/chat/completions", "completion_window": "24h"}))
        while batch["status"] in ("validating", "in_progress", "finalizing"):
            if time.monotonic() - begin > HOUR:
                raise RuntimeError(f"a batch does not end: {batch}")
            time.sleep(0.05)
            batch = self.json("GET", f"/v1/batches/{batch['id']}")
        output = self.call("GET", f"/v1/files/{batch['output_file_id']}/content")
        return time.monotonic() - begin, batch, output.splitlines()


@figure("door-batch", "a batch file of 50,000 lines, from its creation until its output has been read", quick=True)
def batch(bench):
    lines = 5_000 if bench.quick else 50_000
    with door(bench) as (fleet, _):
        client = Client(fleet.address)
        file = client.upload(_line(number) for number in range(lines))
        seconds, ended, output = client.run(file)
        peak = measure.peak_resident_mb(fleet.intake.pid)
        log = fleet.workers.log.read_text(errors="replace")
    ids = {json.loads(one)["custom_id"] for one in output}
    if ended["status"] != "completed" or len(output) != lines or len(ids) != lines or ended["error_file_id"]:
        raise RuntimeError(f"not every line is there once: {len(output)} lines, {len(ids)} of them different: {ended}")
    result = Result()
    result.add(f"batch file of {count(lines)} lines, created -> output read", f"{seconds:.1f} s ({count(lines / seconds)} lines/s)")
    result.add("peak memory of the intake meanwhile", f"{peak:.0f} MB")
    result.notes.append(f"Warnings of the workers during the batch file: {log.count('a lease was lost')} of lost leases, "
                        f"{log.count('leases of dead workers')} of leases taken back.")
    return result


@figure("door-lines", "POST /v1/jobs/batch: 1,000,000 lines of 1 KB", quick=True)
def lines(bench):
    """Without workers: how fast promises are made, each of them on disk."""
    number = 100_000 if bench.quick else 1_000_000
    block = 1_000
    text = b"".join(_padded(at) for at in range(block))
    with contextlib.ExitStack() as stack:
        file, audit = bench.sluice.configure()
        bench.redis.flush()
        process, url = bench.sluice.intake(file)
        stack.callback(process.stop)
        idle = measure.resident_mb(process.pid)
        before = measure.cpu_seconds([process.pid]), measure.cpu_seconds([bench.redis.pid])
        machine = measure.machine_seconds()
        seconds, answer = _post(url, text, number // block)
        busy, total = (after - then for after, then in zip(measure.machine_seconds(), machine))
        used = [after - then for after, then in
                zip((measure.cpu_seconds([process.pid]), measure.cpu_seconds([bench.redis.pid])), before)]
        peak = measure.peak_resident_mb(process.pid)
        waiting = bench.sluice.census()["queued"]
    if answer["accepted"] != number or waiting != number:
        raise RuntimeError(f"of {number} lines {answer['accepted']} were accepted, {waiting} wait: {str(answer)[:300]}")
    rate = number / seconds
    result = Result()
    result.add(f"POST /v1/jobs/batch, {count(number)} lines of 1 KB", f"{count(rate)} lines/s", ">= 50,000 lines/s", rate >= 50_000)
    result.add("CPU of a line: intake, Redis", f"{used[0] / number * 1e6:.1f} µs, {used[1] / number * 1e6:.1f} µs")
    result.add("peak memory of the intake meanwhile, idle before", f"{peak:.0f} MB, {idle:.0f} MB", "<= 128 MB", peak <= 128)
    result.notes.append(f"Lines: {seconds:.1f} s, in which the intake used {used[0]:.1f} s of CPU and Redis {used[1]:.1f} s, on "
                        f"cores that were busy for {busy:.1f} s of {total:.1f} s.")
    bench.redis.flush()
    return result


def _padded(number):
    line = {"custom_id": f"c-{number}", "body": {"model": "gpt-4o", "messages": [{"role": "user", "content": ""}]}}
    empty = len(json.dumps(line))
    line["body"]["messages"][0]["content"] = "x" * (1023 - empty)
    return json.dumps(line).encode() + b"\n"


def _post(url, text, times):
    """Sends the same lines again and again in one request: what an id is made of is the number of the line."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=600) as connection:
        head = (f"POST /v1/jobs/batch HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/x-ndjson\r\n"
                f"content-length: {len(text) * times}\r\nconnection: close\r\n\r\n")
        begin = time.monotonic()
        connection.sendall(head.encode())
        for _ in range(times):
            connection.sendall(text)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        body = answer.read()
        seconds = time.monotonic() - begin
    if answer.status != 200:
        raise RuntimeError(f"the lines were refused: {answer.status} {body[:300]}")
    return seconds, json.loads(body)


@figure("door-stream", "time to the first streamed byte, over the simulator's own", quick=True)
def stream(bench):
    """Asks the simulator and Sluice in turns: whatever else the machine does meets both."""
    calls = 100 if bench.quick else 500
    with door(bench) as (fleet, pool):
        places = {"simulator": (pool.url.removeprefix("http://"), "/eastus-ptu/v1/chat/completions"),
                  "sluice": (fleet.address, "/v1/chat/completions")}
        times = {name: [] for name in places}
        for number in range(calls + 20):
            for name, (address, path) in places.items():
                took = _first_byte(address, path, number)
                if number >= 20:
                    times[name].append(took)
    over = [ours - own for ours, own in zip(times["sluice"], times["simulator"])]
    median, late = measure.median(over), measure.percentile(over, 0.99)
    result = Result()
    result.add("first streamed byte, over the simulator's own, p50", f"{median:.2f} ms")
    result.add("first streamed byte, over the simulator's own, p99", f"{late:.2f} ms")
    for name, values in times.items():
        result.notes.append(f"First streamed byte, {name}: p50 {measure.median(values):.2f} ms, "
                            f"p99 {measure.percentile(values, 0.99):.2f} ms, {calls} calls one after another.")
    return result


@figure("door-chat", "a chat completion that is waited for, over calling the stub directly", quick=True)
def chat(bench):
    """One after another, in turns with the stub: through intake, queue, worker, both journals and back. Then as many as fit."""
    calls, seconds = (200, 5) if bench.quick else (1_000, 8)
    file, audit = bench.sluice.configure()
    bench.redis.flush()
    intake, url = bench.sluice.intake(file)
    workers = bench.sluice.workers(file)
    try:
        stub = bench.stub.url("0").removeprefix("http://").partition("/")
        places = {"stub": (stub[0], f"/{stub[2]}/v1/chat/completions"),
                  "sluice": (url.removeprefix("http://"), "/v1/chat/completions")}
        over = _over(places, calls)
        loads = [wrk.run("complete", f"{url}/v1/chat/completions", seconds, connections) for connections in (64, 256, 1_000)]
    finally:
        workers.stop()
        intake.stop()
    median, best = measure.median(over), max(loads, key=lambda load: load["per_second"])
    result = Result()
    result.add("waited-for chat completion over the stub, p50", f"{median:.2f} ms (p99 {measure.percentile(over, 0.99):.2f})", "<= 2 ms", median <= 2)
    result.add("waited-for chat completions, an intake and 2 workers", f"{count(best['per_second'])}/s (p50 {best['p50_ms']:.0f} ms)", ">= 5,000/s", best["per_second"] >= 5_000)
    return result


def _over(places, calls):
    """Milliseconds that the second place takes longer than the first, call by call, on kept connections."""
    with contextlib.ExitStack() as stack:
        connections = {name: stack.enter_context(contextlib.closing(http.client.HTTPConnection(address, timeout=60)))
                       for name, (address, _) in places.items()}
        over = []
        for number in range(calls + 20):
            took = [_call(connections[name], path, number) for name, (_, path) in places.items()]
            if number >= 20:
                over.append(took[1] - took[0])
    return over


def _call(connection, path, number):
    body = json.dumps({"model": simulated.DEPLOYMENT, "messages": [{"role": "user", "content": f"{number} " + "p" * 1_000}]})
    begin = time.perf_counter()
    connection.request("POST", path, body, {"content-type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200 or len(text) < 1_000:
        raise RuntimeError(f"no answer: {answer.status} {text[:300]}")
    return (time.perf_counter() - begin) * 1000


def _first_byte(address, path, number):
    body = json.dumps({"model": simulated.DEPLOYMENT, "stream": True, "max_tokens": 20,
                       "messages": [{"role": "user", "content": f"{number} {time.time_ns()}"}]})
    with contextlib.closing(http.client.HTTPConnection(address, timeout=60)) as connection:
        connection.connect()
        begin = time.perf_counter()
        connection.request("POST", path, body, {"content-type": "application/json", "authorization": "Bearer bench"})
        answer = connection.getresponse()
        first = answer.read(1)
        took = (time.perf_counter() - begin) * 1000
        rest = answer.read()
    if answer.status != 200 or first != b"d" or not rest.endswith(b"data: [DONE]\n\n"):
        raise RuntimeError(f"no whole stream: {answer.status} {(first + rest)[-300:]}")
    return took
