"""Streams: passed on as they come, resumed from any number."""

import asyncio

import openai

import clients
from checks import behave, check, equal, eventually, messages, prompt, raises


def run():
    behave(latency_ms=100)
    for path, client in clients.everyone().items():
        chat(path, client)
        completion(path, client)
        response(path, client)
        background(path, client)
    helpers(clients.plain())
    behave(latency_ms=0)


def chat(path, client):
    with client.chat.completions.create(
            model="gpt-4o", messages=messages(), stream=True, stream_options={"include_usage": True}) as stream:
        chunks = list(stream)
    check(f"{path} chat stream: pieces", len(chunks) > 3, len(chunks))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    check(f"{path} chat stream: a text", bool(text))
    check(f"{path} chat stream: usage", chunks[-1].usage and chunks[-1].usage.total_tokens > 0)
    raw = client.chat.completions.with_raw_response.create(model="gpt-4o", messages=messages(), stream=True)
    check(f"{path} chat stream: names its job", raw.headers["x-sluice-job-id"].startswith("job_"))
    check(f"{path} chat stream: no usage unasked", all(chunk.usage is None for chunk in raw.parse()))


def completion(path, client):
    text = "".join(
        chunk.choices[0].text for chunk in client.completions.create(model="gpt-4o", prompt=prompt(), stream=True)
        if chunk.choices)
    check(f"{path} completion stream: a text", bool(text))


def response(path, client):
    events = list(client.responses.create(model="gpt-4o", input=prompt(), stream=True))
    equal(f"{path} response stream: begins", events[0].type, "response.created")
    equal(f"{path} response stream: ends", events[-1].type, "response.completed")
    equal(f"{path} response stream: its text", written(events), events[-1].response.output_text)


def background(path, client):
    events = list(client.responses.create(model="gpt-4o", input=prompt(), stream=True, background=True))
    equal(f"{path} background stream: numbered", [e.sequence_number for e in events], list(range(len(events))))
    equal(f"{path} background stream: begins", [e.type for e in events[:2]], ["response.created", "response.queued"])
    made, last = events[0].response, events[-1]
    equal(f"{path} background stream: ends", (last.type, last.response.id), ("response.completed", made.id))
    equal(f"{path} background stream: its text", written(events), last.response.output_text)
    stored = client.responses.retrieve(made.id)
    equal(f"{path} background stream: polled too", (stored.status, stored.output_text), ("completed", written(events)))
    for seen in (0, 1, len(events) // 2, len(events) - 2):
        rest = list(client.responses.retrieve(made.id, stream=True, starting_after=seen))
        equal(f"{path} resumed after {seen}", [e.to_json() for e in rest], [e.to_json() for e in events[seen + 1:]])
    equal(f"{path} all again", len(list(client.responses.retrieve(made.id, stream=True))), len(events))
    resumed_while_it_runs(path, client)


def resumed_while_it_runs(path, client):
    stream = client.responses.create(model="gpt-4o", input=prompt(), stream=True, background=True)
    begun = []
    for event in stream:
        begun.append(event)
        if event.type.endswith(".delta"):
            break
    stream.close()
    rest = list(client.responses.retrieve(
        begun[0].response.id, stream=True, starting_after=begun[-1].sequence_number))
    whole = begun + rest
    equal(f"{path} left and resumed: nothing lost or twice", [e.sequence_number for e in whole], list(range(len(whole))))
    equal(f"{path} left and resumed: its text", written(whole), whole[-1].response.output_text)


def written(events):
    return "".join(event.delta for event in events if event.type == "response.output_text.delta")


def helpers(client):
    with client.responses.stream(model="gpt-4o", input=prompt()) as stream:
        stream.until_done()
        check("responses.stream: a final response", bool(stream.get_final_response().output_text))
    if hasattr(client.chat.completions, "stream"):
        with client.chat.completions.stream(model="gpt-4o", messages=messages()) as stream:
            stream.until_done()
            check("chat.completions.stream: a final text", bool(stream.get_final_completion().choices[0].message.content))
    failures(client)


def failures(client):
    behave(error_rate=1, error_status=400)
    error = raises(
        "an error before the first piece", openai.BadRequestError,
        lambda: client.chat.completions.create(model="gpt-4o", messages=messages(), stream=True))
    check("is the upstream's", error is not None)
    events = list(client.responses.create(model="gpt-4o", input=prompt(), stream=True, background=True))
    equal("a background stream tells its failure", events[-1].type, "response.failed")
    check("and why", events[-1].response.error is not None)
    behave(error_rate=0)


async def run_async():
    for path, client in clients.everyone_async().items():
        stream = await client.chat.completions.create(model="gpt-4o", messages=messages(), stream=True)
        text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])
        check(f"{path} async chat stream: a text", bool(text))
        stream = await client.responses.create(model="gpt-4o", input=prompt(), stream=True, background=True)
        events = [event async for event in stream]
        seen = events[len(events) // 2].sequence_number
        stream = await client.responses.retrieve(events[0].response.id, stream=True, starting_after=seen)
        rest = [event.sequence_number async for event in stream]
        equal(f"{path} async resumed", rest, list(range(seen + 1, len(events))))
        async with client.responses.stream(model="gpt-4o", input=prompt()) as stream:
            check(f"{path} async responses.stream", bool((await stream.get_final_response()).output_text))
        async with client.chat.completions.stream(model="gpt-4o", messages=messages()) as stream:
            check(f"{path} async chat.completions.stream", bool(await stream.get_final_completion()))
