"""Batches in files: run, counted, read back."""

import asyncio

import openai

import clients
from batch_lines import CHAT, create, ended, line, lines, results, run_to_end, text, upload
from checks import behave, check, equal, eventually, raises, upstream_calls


def run():
    for path, client in clients.everyone().items():
        lives(path, client)
    endpoints(clients.plain())
    counted(clients.plain())
    streamed(clients.plain())
    listed(clients.plain())
    unneeded_file(clients.plain())
    kept_for_a_time(clients.plain())
    unknown(clients.plain())


def lives(path, client):
    asked = lines(20) + [line(text="[[content_filter]] refused")]
    made = create(client, asked, metadata={"team": "water"})
    check(f"{path} batches: named", made.id.startswith("batch_"), made.id)
    equal(f"{path} batches: begins", (made.object, made.status, made.endpoint), ("batch", "validating", CHAT))
    equal(f"{path} batches: echoes", (made.metadata, made.completion_window), ({"team": "water"}, "24h"))
    equal(f"{path} batches: a day", made.expires_at, made.created_at + 86_400)
    batch = ended(client, made.id)
    equal(f"{path} batches: completed", batch.status, "completed")
    equal(f"{path} batches: no faults", batch.errors, None)
    stamps = [batch.created_at, batch.in_progress_at, batch.finalizing_at, batch.completed_at]
    equal(f"{path} batches: times in order", stamps, sorted(stamps))
    output, errors = results(client, batch)
    equal(f"{path} batches: all answered", set(output), {one["custom_id"] for one in asked[:20]})
    for id, one in output.items():
        answer = one["response"]["body"]["choices"][0]["message"]["content"]
        check(f"{path} batches: the answer to its own line", id in answer, answer)
        equal(f"{path} batches: status", (one["response"]["status_code"], one["error"]), (200, None))
    refused = errors[asked[20]["custom_id"]]["response"]
    equal(f"{path} batches: a refusal", refused["status_code"], 400)
    equal(f"{path} batches: in the upstream's words", refused["body"]["error"]["code"], "content_filter")
    error = raises(f"{path} batches: cancelled too late", openai.ConflictError, lambda: client.batches.cancel(made.id))
    equal(f"{path} batches: is final", error and error.response.headers["x-should-retry"], "false")


def endpoints(client):
    kinds = {"/v1/responses": "response", "/v1/embeddings": "list", "/v1/completions": "text_completion"}
    for url, kind in kinds.items():
        asked = lines(5, url=url)
        output, errors = results(client, run_to_end(client, asked, endpoint=url))
        equal(f"batch of {url}", (set(output), errors), ({one["custom_id"] for one in asked}, {}))
        equal(f"batch of {url}: answers", {one["response"]["body"]["object"] for one in output.values()}, {kind})
    short = [{**line(), "url": "/chat/completions"}]
    equal("Azure's short paths", run_to_end(client, short, endpoint="/chat/completions").status, "completed")


def counted(client):
    behave(latency_ms=2000)
    called = upstream_calls()
    made = create(client, lines(30))
    eventually("the total is known while it runs", lambda: client.batches.retrieve(made.id).request_counts.total == 30)
    # A line that is called only after the next word would hang.
    eventually("all its lines are called", lambda: upstream_calls() - called >= 30)
    behave(hang_rate=0.5, latency_ms=0)
    half = create(client, lines(30))
    eventually("counts rise while it runs", lambda: 0 < client.batches.retrieve(half.id).request_counts.completed < 30)
    equal("which it does", client.batches.retrieve(half.id).status, "in_progress")
    behave(hang_rate=0)
    client.batches.cancel(half.id)
    batch = ended(client, made.id)
    equal("in the end all are counted", (batch.request_counts.completed, batch.request_counts.failed), (30, 0))


def streamed(client):
    asked = lines(3, stream=True)
    output, errors = results(client, run_to_end(client, asked))
    equal("lines with stream are answered", (len(output), errors), (3, {}))
    for id, one in output.items():
        body = one["response"]["body"]
        equal("by a whole object", body["object"], "chat.completion")
        check("with its text", id in body["choices"][0]["message"]["content"])
    asked = lines(2, url="/v1/responses", stream=True)
    output, _ = results(client, run_to_end(client, asked, endpoint="/v1/responses"))
    equal("responses, too", {one["response"]["body"]["object"] for one in output.values()}, {"response"})


def listed(client):
    made = [create(client, lines(1)).id for _ in range(5)]
    seen = [batch.id for batch in client.batches.list(limit=2)]
    equal("batches over pages, the newest first", [id for id in seen if id in made], made[::-1])
    equal("every batch once", len(seen), len(set(seen)))
    equal("a page behind one", client.batches.list(limit=1, after=made[3]).data[0].id, made[2])
    raises("a limit above 100", openai.BadRequestError, lambda: client.batches.list(limit=101))


def unneeded_file(client):
    behave(latency_ms=1000)
    asked = lines(10)
    file = upload(client, asked)
    made = client.batches.create(input_file_id=file, endpoint=CHAT, completion_window="24h")
    check("a file in use is deleted", client.files.delete(file).deleted)
    raises("is gone", openai.NotFoundError, lambda: client.files.content(file))
    output, _ = results(client, ended(client, made.id))
    behave(latency_ms=0)
    equal("its batch runs to its end", set(output), {one["custom_id"] for one in asked})


def kept_for_a_time(client):
    batch = run_to_end(
        client, lines(1),
        extra_body={"output_expires_after": {"anchor": "created_at", "seconds": 7200}})
    file = client.files.retrieve(batch.output_file_id)
    equal("an output file says what it is", file.purpose, "batch_output")
    check("and how long it is there", 7190 < file.expires_at - batch.completed_at <= 7210, file.expires_at)


def unknown(client):
    for id in ("batch_1", "batch_300000000000000000"):
        for name, call in (("retrieve", client.batches.retrieve), ("cancel", client.batches.cancel)):
            error = raises(f"{name} {id}", openai.NotFoundError, lambda: call(id))
            equal(f"{name} {id}: code", error and error.code, "batch_not_found")
    error = raises(
        "a batch of no file", openai.BadRequestError,
        lambda: client.batches.create(input_file_id="file-1", endpoint=CHAT, completion_window="24h"))
    equal("names it", error and (error.param, error.code), ("input_file_id", "file_not_found"))
    file = upload(client, lines(1))
    for field, more in (("endpoint", {"endpoint": "/v1/audio"}), ("completion_window", {"completion_window": "soon"})):
        given = {"endpoint": CHAT, "completion_window": "24h", **more}
        error = raises(
            f"a wrong {field}", openai.BadRequestError, lambda: client.batches.create(input_file_id=file, **given))
        equal(f"names {field}", error and error.param, field)


async def run_async():
    for path, client in clients.everyone_async().items():
        asked = lines(5)
        file = await client.files.create(file=text(asked), purpose="batch")
        made = await asyncio.gather(*[
            client.batches.create(input_file_id=file.id, endpoint=CHAT, completion_window="24h") for _ in range(3)])
        equal(f"{path} async batches: three of one file", len({batch.id for batch in made}), 3)
        for batch in made:
            while (seen := await client.batches.retrieve(batch.id)).status != "completed":
                await asyncio.sleep(0.1)
            content = await client.files.content(seen.output_file_id)
            equal(f"{path} async batches: five answers", len(content.read().splitlines()), 5)
        listed = [batch.id async for batch in client.batches.list(limit=2)]
        check(f"{path} async batches: listed", {batch.id for batch in made} <= set(listed))
        behave(latency_ms=5000)
        made = await client.batches.create(input_file_id=file.id, endpoint=CHAT, completion_window="24h")
        check(f"{path} async: cancelled", (await client.batches.cancel(made.id)).status in ("cancelling", "cancelled"))
        behave(latency_ms=0)
