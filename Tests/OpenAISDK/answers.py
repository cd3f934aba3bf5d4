"""Calls that are waited for, and the list of models."""

import asyncio
import json

import clients
from checks import INTAKE, check, equal, http, messages, prompt


def run():
    for path, client in clients.everyone().items():
        chat(path, client)
        others(path, client)
        models(path, client)
    headers(clients.plain())
    deployment_alone()


def chat(path, client):
    answer = client.chat.completions.create(model="gpt-4o", messages=messages(), max_tokens=20)
    equal(f"{path} chat: an answer", answer.object, "chat.completion")
    check(f"{path} chat: a text", answer.choices[0].message.content.startswith("To your request"))
    check(f"{path} chat: usage", answer.usage.total_tokens > 0)
    check(f"{path} chat: the request's id", bool(answer._request_id))
    raw = client.chat.completions.with_raw_response.create(model="gpt-4o", messages=messages())
    equal(f"{path} chat raw: status", raw.status_code, 200)
    check(f"{path} chat raw: the job", raw.headers["x-sluice-job-id"].startswith("job_"))
    equal(f"{path} chat raw: who answered", raw.headers["x-sluice-served-by"], "endpoint")
    equal(f"{path} chat raw: attempts", raw.headers["x-sluice-attempts"], "1")
    equal(f"{path} chat raw: parsed", raw.parse().choices[0].finish_reason, "stop")
    with client.chat.completions.with_streaming_response.create(model="gpt-4o", messages=messages()) as streamed:
        check(f"{path} chat, its body read in parts", b"chat.completion" in b"".join(streamed.iter_bytes()))


def others(path, client):
    text = client.completions.create(model="gpt-4o", prompt=prompt())
    check(f"{path} completions: a text", bool(text.choices[0].text))
    vectors = client.embeddings.create(model="gpt-4o", input=[prompt(), prompt()])
    equal(f"{path} embeddings: two vectors", len(vectors.data), 2)
    check(f"{path} embeddings: numbers", isinstance(vectors.data[0].embedding[0], float))
    parsed = client.chat.completions.parse(model="gpt-4o", messages=messages())
    check(f"{path} chat parsed: a text", bool(parsed.choices[0].message.content))
    check(f"{path} responses parsed: a text", bool(client.responses.parse(model="gpt-4o", input=prompt()).output_text))
    response = client.responses.create(model="gpt-4o", input=prompt())
    equal(f"{path} responses: status", response.status, "completed")
    check(f"{path} responses: a text", bool(response.output_text))


def models(path, client):
    check(f"{path} models: the pool's", "gpt-4o" in [model.id for model in client.models.list()])
    equal(f"{path} models: one", client.models.retrieve("gpt-4o").id, "gpt-4o")


def headers(client):
    question = messages()
    first = client.chat.completions.with_raw_response.create(
        model="gpt-4o", messages=question, extra_headers={"x-request-id": "mine-1", "x-sluice-queue": "batch"})
    equal("the client's own request id comes back", first.headers["x-request-id"], "mine-1")
    job = json.loads(http("GET", f"{INTAKE}/v1/jobs/{first.headers['x-sluice-job-id']}"))
    equal("the header names the queue", job["queue"], "batch")
    again = client.chat.completions.with_raw_response.create(model="gpt-4o", messages=question)
    equal("an equal request is answered from the cache", again.headers["x-sluice-served-by"], "cache")
    equal("byte for byte", again.content, first.content)
    job = json.loads(http("GET", f"{INTAKE}/v1/jobs/{again.headers['x-sluice-job-id']}"))
    equal("who waits is in the queue interactive", job["queue"], "interactive")


def deployment_alone():
    """As curl asks Azure: the model is in the path only."""
    body = {"messages": messages()}
    path = f"{INTAKE}/openai/v1/deployments/gpt-4o/chat/completions?api-version=2024-10-21"
    answer = json.loads(http("POST", path, body, {"api-key": "any"}))
    equal("a deployment is the model", answer["model"], "gpt-4o")


async def run_async():
    for path, client in clients.everyone_async().items():
        asked = [client.chat.completions.create(model="gpt-4o", messages=messages()) for _ in range(20)]
        answers = await asyncio.gather(*asked)
        equal(f"{path} async: twenty at once", len({answer.choices[0].message.content for answer in answers}), 20)
        vectors = await client.embeddings.create(model="gpt-4o", input=prompt())
        equal(f"{path} async: embeddings", len(vectors.data), 1)
        response = await client.responses.create(model="gpt-4o", input=prompt())
        check(f"{path} async: responses", bool(response.output_text))
        text = await client.completions.create(model="gpt-4o", prompt=prompt())
        check(f"{path} async: completions", bool(text.choices[0].text))
        parsed = await client.chat.completions.parse(model="gpt-4o", messages=messages())
        check(f"{path} async: chat parsed", bool(parsed.choices[0].message.content))
        parsed = await client.responses.parse(model="gpt-4o", input=prompt())
        check(f"{path} async: responses parsed", bool(parsed.output_text))
        equal(f"{path} async: a model", (await client.models.retrieve("gpt-4o")).id, "gpt-4o")
        check(f"{path} async: models", "gpt-4o" in [model.id async for model in client.models.list()])
