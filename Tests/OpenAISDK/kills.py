"""Processes that are killed while a client waits. What was promised is kept all the same."""

import json
import pathlib
import subprocess
import sys

import openai

import clients
import processes
from batch_lines import create, ended, lines, results
from checks import INTAKE, behave, check, equal, eventually, http, messages, prompt
from streams import written


def run():
    client = clients.plain(max_retries=5)
    for kill in (worker_in_chat, worker_in_background, intake_in_background):
        behave(latency_ms=3000)
        kill(client)
    behave(latency_ms=1000)
    in_batch(client)
    behave(latency_ms=0)


def worker_in_chat(client):
    raw = client.chat.completions.with_raw_response.create(model="gpt-4o", messages=messages(), stream=True)
    job, error = raw.headers["x-sluice-job-id"], None
    try:
        for chunk in raw.parse():
            if chunk.choices and chunk.choices[0].delta.content and not error:
                error = "none came"
                check("worker killed in a chat", bool(processes.kill("worker")))
    except openai.APIError as raised:
        error = raised.code
    equal("the client of a chat is told", error, "stream_restarted")
    behave(latency_ms=0)
    seen = json.loads(http("GET", f"{INTAKE}/v1/jobs/{job}?wait=40"))
    equal("its job completes", seen["status"], "completed")
    equal("by a second attempt", seen["attempts"], 2)


def begun(client):
    """The first events of a stream, up to a piece of text, and the stream."""
    stream = client.responses.create(model="gpt-4o", input=prompt(), stream=True, background=True)
    events = []
    for event in stream:
        events.append(event)
        if event.type.endswith(".delta"):
            return events, stream


def worker_in_background(client):
    events, stream = begun(client)
    check("worker killed in a background stream", bool(processes.kill("worker")))
    events += list(stream)
    equal("its client is told, too", (events[-1].type, events[-1].code), ("error", "stream_restarted"))
    response, last = events[0].response.id, events[-1].sequence_number
    again = list(client.responses.retrieve(response, stream=True, starting_after=last))
    equal("the new answer is behind that number", again[0].sequence_number, last + 1)
    equal("and whole", (again[-1].type, written(again)), ("response.completed", again[-1].response.output_text))
    stored = client.responses.retrieve(response)
    equal("the same for who polls", stored.output_text, written(again))
    equal("after two attempts", [row["outcome"] for row in stored.attempts], ["abandoned", "completed"])


def intake_in_background(client):
    events, stream = begun(client)
    check("intake killed in a background stream", bool(processes.kill("intake")))
    try:
        events += list(stream)
        check("its stream breaks", False, events[-1].type)
    except Exception as error:
        check("its stream breaks", True, error)
    check("the intake is back", processes.intake_is_back())
    rest = another_process(events[0].response.id, events[-1].sequence_number)
    numbers = [event.sequence_number for event in events] + [event["sequence_number"] for event in rest]
    equal("another process reads on: nothing lost or twice", numbers, list(range(len(numbers))))
    text = written(events) + "".join(e["delta"] for e in rest if e["type"] == "response.output_text.delta")
    equal("all of the text", text, client.responses.retrieve(events[0].response.id).output_text)
    attempts = client.responses.retrieve(events[0].response.id).attempts
    equal("by the first attempt", [row["outcome"] for row in attempts], ["completed"])


def another_process(response, seen):
    program = pathlib.Path(__file__).with_name("resume.py")
    done = subprocess.run(
        [sys.executable, "-B", program, response, str(seen)], capture_output=True, text=True, timeout=60)
    check("another process resumes", done.returncode == 0, done.stderr[-500:])
    return [json.loads(line) for line in done.stdout.splitlines()]


def in_batch(client):
    asked = lines(400)
    made = create(client, asked)
    check("intake killed at the beginning of a batch", bool(processes.kill("intake")))
    check("and is back", processes.intake_is_back())
    eventually("calls are under way", lambda: client.batches.retrieve(made.id).status == "in_progress")
    check("worker killed in a batch", bool(processes.kill("worker")))
    eventually("some lines have ended", lambda: client.batches.retrieve(made.id).request_counts.completed > 0)
    check("intake killed in the middle of it", bool(processes.kill("intake")))
    check("and is back again", processes.intake_is_back())
    batch = ended(client, made.id, within=90)
    output, errors = results(client, batch)
    equal("the batch completes", (batch.status, batch.request_counts.completed), ("completed", 400))
    equal("every line once", (set(output), errors), ({one["custom_id"] for one in asked}, {}))
