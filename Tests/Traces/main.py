"""Spans of a real intake and its workers: what they are, how they hang together, and what they do not say."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from collector import Collector
from counted import check, failures

SERVER, CLIENT, CONSUMER = 2, 3, 5


def run(collector, folder):
    jobs = Path(folder) / "jobs"
    subprocess.run(
        ["scripts/with-stack", "--set", f"telemetry.otlp_endpoint={collector.url}", "--set",
         "telemetry.otlp_headers=api-key=geheim%2C1,x-tenant=a", "--set", "retry.base_delay=100ms", "--set", "breaker.cooldown=1s",
         sys.executable, "-B", "Tests/Traces/work.py", str(jobs)], check=True)
    return json.loads(jobs.read_text())


def trace(spans, number):
    return [span for span in spans if span.trace == f"{number:032x}"]


def tree(name, spans, number, route, status, state="a=1"):
    """The request's span, the job's and those of its calls; each where it belongs."""
    spans = trace(spans, number)
    servers, ends = ([s for s in spans if s.kind == kind] for kind in (SERVER, CONSUMER))
    check(f"{name}: one span of the request, one of the job", (len(servers), len(ends)) == (1, 1),
          [s.name for s in spans])
    if len(servers) != 1 or len(ends) != 1:
        return None, []
    server, job = servers[0], ends[0]
    calls = sorted((s for s in spans if s.kind == CLIENT), key=lambda s: s.said["sluice.attempt"])
    check(f"{name}: below the client's", server.parent == f"{number:016x}" and server.state == state, server.parent)
    check(f"{name}: the intake's", server.role["sluice.role"] == "intake", server.role)
    check(f"{name}: named by method and route", server.name == f"POST {route}", server.name)
    said = {"http.request.method": "POST", "http.route": route, "http.response.status_code": status}
    check(f"{name}: in OpenTelemetry's words", server.said.items() >= said.items(), server.said)
    check(f"{name}: the job is below the request", job.parent == server.id, job.parent)
    check(f"{name}: and begins no earlier", server.start <= job.start)
    check(f"{name}: all others are below the job",
          all(s.parent == job.id for s in spans if s.kind not in (SERVER, CONSUMER)))
    return job, calls


def main():
    collector = Collector()
    with tempfile.TemporaryDirectory() as folder:
        jobs = run(collector, folder)
    spans = collector.spans
    check("OpenTelemetry's classes read everything", not collector.faults, collector.faults)
    check("every request has the headers", collector.headers and all(
        (h["api-key"], h["x-tenant"]) == ("geheim,1", "a") for h in collector.headers))
    check("every span says when, what and of which kind", all(
        0 < s.start <= s.end and s.name and s.kind for s in spans))
    check("ids are told once", len({(s.trace, s.id) for s in spans}) == len(spans))

    job, calls = tree("plain", spans, 1, "/v1/jobs", 202)
    check("plain: completed, by one call", job and job.said["sluice.status"] == "completed" and len(calls) == 1)
    job, calls = tree("retried", spans, 2, "/v1/jobs", 202)
    outcomes = [call.said["sluice.outcome"] for call in calls]
    check("retried: each call is a span", re.fullmatch("(retry )+completed", " ".join(outcomes)), outcomes)
    check("retried: those that failed say so", [c.has_failed for c in calls] == [o == "retry" for o in outcomes])
    for name, number in (("cancelled", 3), ("expired", 4)):
        job, calls = tree(name, spans, number, "/v1/jobs", 202)
        check(f"{name}: so it ended, and nothing was called",
              job and job.said["sluice.status"] == name and not calls, job and job.said)
        teller = "intake" if name == "cancelled" else "worker"
        check(f"{name}: told by the {teller}", job and job.role["sluice.role"] == teller)
    job, _ = tree("called", spans, 5, "/v1/chat/completions", 200, state="")
    for name, job in jobs.items():
        check(f"{name}: its spans name it", any(s.said.get("sluice.job.id") == job for s in spans))

    refused = trace(spans, 6)
    check("a refusal is one span that has not failed", [
        (s.said["http.response.status_code"], s.has_failed) for s in refused] == [(400, False)], refused)
    check("a client that samples nothing is followed", not trace(spans, 7))
    own = {s.trace for s in spans if s.said.get("sluice.job.id") == jobs["own"]}
    check("without a client's trace there is one", len(own) == 1, own)
    kinds = sorted(s.kind for s in spans if s.trace in own)
    check("and it is whole", kinds == [1, SERVER, CLIENT, CONSUMER], kinds)
    check("no span holds anything of a prompt", not any("secret" in str(s.said) for s in spans))
    if failures:
        sys.exit(f"traces: {len(failures)} do not hold")
    print(f"traces: {len(spans)} spans of {len(collector.headers)} requests are as they should be")


main()
