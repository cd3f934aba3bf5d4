"""Batches as the checks make and read them."""

import json
import time

from checks import check

CHAT = "/v1/chat/completions"
BODIES = {
    CHAT: lambda text: {"model": "gpt-4o", "messages": [{"role": "user", "content": text}]},
    "/v1/responses": lambda text: {"model": "gpt-4o", "input": text},
    "/v1/completions": lambda text: {"model": "gpt-4o", "prompt": text},
    "/v1/embeddings": lambda text: {"model": "gpt-4o", "input": text},
}
ENDED = ("completed", "failed", "expired", "cancelled")
_names = iter(range(1_000_000))


def line(custom_id=None, text=None, url=CHAT, method="POST", **more):
    """A prompt begins with the custom id: its answer repeats that."""
    custom_id = custom_id or f"line-{next(_names)}-{time.time_ns()}"
    body = {**BODIES.get(url, BODIES[CHAT])(text or f"{custom_id} what is a sluice?"), **more}
    return {"custom_id": custom_id, "method": method, "url": url, "body": body}


def lines(count, **more):
    return [line(**more) for _ in range(count)]


def text(lines):
    return "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines).encode()


def upload(client, lines):
    return client.files.create(file=("in.jsonl", text(lines)), purpose="batch").id


def create(client, lines, endpoint=CHAT, window="24h", **more):
    return client.batches.create(
        input_file_id=upload(client, lines), endpoint=endpoint, completion_window=window, **more)


def ended(client, id, within=60):
    end = time.monotonic() + within
    while (batch := client.batches.retrieve(id)).status not in ENDED and time.monotonic() < end:
        time.sleep(0.1)
    check(f"{id} ends", batch.status in ENDED, batch.status)
    return batch


def run_to_end(client, lines, endpoint=CHAT, window="24h", **more):
    return ended(client, create(client, lines, endpoint, window, **more).id)


def results(client, batch):
    """The lines of both files by custom id; each is there once."""
    output, errors = (
        [json.loads(one) for one in client.files.content(id).read().splitlines()] if id else []
        for id in (batch.output_file_id, batch.error_file_id))
    ids = [one["custom_id"] for one in output + errors]
    check(f"{batch.id}: every custom_id once", len(ids) == len(set(ids)), len(ids) - len(set(ids)))
    counts = batch.request_counts
    check(f"{batch.id}: counts", (len(output), len(errors)) == (counts.completed, counts.failed), counts)
    return {one["custom_id"]: one for one in output}, {one["custom_id"]: one for one in errors}
