"""Responses in the background: made, polled, cancelled, deleted."""

import asyncio
import time

import openai

import clients
from checks import behave, check, equal, eventually, prompt, raises


def run():
    for path, client in clients.everyone().items():
        lives(path, client)
    behave(latency_ms=20_000)
    for path, client in clients.everyone().items():
        ends(path, client)
    behave(latency_ms=0)
    windows(clients.plain())
    items(clients.plain())


def lives(path, client):
    made = client.responses.create(
        model="gpt-4o", input=prompt(), background=True, metadata={"team": "water"}, instructions="Be short.")
    check(f"{path} background: named", made.id.startswith("resp_"), made.id)
    equal(f"{path} background: waits", made.status, "queued")
    equal(f"{path} background: has no text yet", made.output_text, "")
    equal(f"{path} background: echoes", (made.instructions, made.model), ("Be short.", "gpt-4o"))
    seen = client.responses.retrieve(made.id)
    while seen.status in ("queued", "in_progress"):
        time.sleep(0.05)
        seen = client.responses.retrieve(made.id)
    equal(f"{path} background: completed", seen.status, "completed")
    equal(f"{path} background: its name stays", seen.id, made.id)
    check(f"{path} background: a text", bool(seen.output_text))
    check(f"{path} background: usage", seen.usage.total_tokens > 0)
    equal(f"{path} background: metadata", seen.metadata, {"team": "water"})
    equal(f"{path} background: says so", seen.background, True)
    equal(f"{path} background: its attempts", [row["outcome"] for row in seen.attempts], ["completed"])
    raw = client.responses.with_raw_response.retrieve(made.id)
    check(f"{path} background raw: the job", raw.headers["x-sluice-job-id"].endswith(made.id.removeprefix("resp_")))
    equal(f"{path} cancelled too late", client.responses.cancel(made.id).status, "completed")


def ends(path, client):
    made = client.responses.create(model="gpt-4o", input=prompt(), background=True, store=False)
    eventually(f"{path} in progress", lambda: client.responses.retrieve(made.id).status == "in_progress")
    equal(f"{path} store is kept", client.responses.retrieve(made.id).store, False)
    equal(f"{path} cancelled", client.responses.cancel(made.id).status, "cancelled")
    equal(f"{path} cancelled twice", client.responses.cancel(made.id).status, "cancelled")
    equal(f"{path} stays cancelled", client.responses.retrieve(made.id).status, "cancelled")
    equal(f"{path} deleted", client.responses.delete(made.id), None)
    raises(f"{path} gone", openai.NotFoundError, lambda: client.responses.retrieve(made.id))
    live = client.responses.create(model="gpt-4o", input=prompt(), background=True)
    equal(f"{path} deleted while it lives", client.responses.delete(live.id), None)
    # A worker that ran it writes its ledger row a moment later, which the journal shows until the queue has refused it.
    eventually(f"{path} gone, too", lambda: is_gone(client, live.id))


def is_gone(client, id):
    try:
        client.responses.retrieve(id)
    except openai.NotFoundError:
        return True
    return False


def windows(client):
    for window in ("soonest", "2h", "8h", "24h"):
        made = client.responses.create(
            model="gpt-4o", input=prompt(), background=True,
            extra_body={"background_options": {"completion_window": window}})
        eventually(f"window {window}", lambda: client.responses.retrieve(made.id).status == "completed")
    refused = raises(
        "an unknown window", openai.BadRequestError,
        lambda: client.responses.create(
            model="gpt-4o", input="x", background=True,
            extra_body={"background_options": {"completion_window": "3h"}}))
    equal("names itself", refused and refused.param, "background_options.completion_window")


def items(client):
    text = prompt()
    made = client.responses.create(model="gpt-4o", input=text, background=True)
    listed = list(client.responses.input_items.list(made.id))
    equal("a text is one item", [item.content[0].text for item in listed], [text])
    conversation = [{"role": "user" if n % 2 == 0 else "assistant", "content": f"{n}"} for n in range(7)]
    made = client.responses.create(model="gpt-4o", input=conversation, background=True)
    pages = client.responses.input_items.list(made.id, limit=3, order="asc")
    equal("pages of items, in order", [item.content[0].text for item in pages], [str(n) for n in range(7)])
    newest = client.responses.input_items.list(made.id, limit=1)
    equal("the latest first", newest.data[0].content[0].text, "6")


async def run_async():
    for path, client in clients.everyone_async().items():
        made = await asyncio.gather(
            *[client.responses.create(model="gpt-4o", input=prompt(), background=True) for _ in range(10)])
        equal(f"{path} async: ten are made", len({response.id for response in made}), 10)
        for response in made:
            while (seen := await client.responses.retrieve(response.id)).status in ("queued", "in_progress"):
                await asyncio.sleep(0.02)
            equal(f"{path} async: completed", seen.status, "completed")
        listed = [item async for item in client.responses.input_items.list(made[0].id)]
        equal(f"{path} async: items", len(listed), 1)
        equal(f"{path} async: cancelled too late", (await client.responses.cancel(made[0].id)).status, "completed")
        await client.responses.delete(made[0].id)
