"""Connections that break and clients that have no patience: one job all the same."""

import time

import openai

import clients
from checks import aborts, behave, check, equal, eventually, jobs_made, messages, prompt, raises, upstream_calls
from proxy import BreakingProxy


def run():
    files()
    behave(latency_ms=1000)
    cut("chat", lambda client: client.chat.completions.create(model="gpt-4o", messages=messages()))
    cut("responses", lambda client: client.responses.create(model="gpt-4o", input=prompt()))
    cut("background", lambda client: client.responses.create(model="gpt-4o", input=prompt(), background=True))
    impatient()
    disconnected()
    behave(latency_ms=0)
    keyed()


def cut(name, call):
    proxy = BreakingProxy(breaks=2)
    jobs, upstream = jobs_made(), upstream_calls()
    answer = call(openai.OpenAI(base_url=f"{proxy.url}/v1", api_key="any", max_retries=3))
    check(f"{name}: an answer in spite of two broken connections", bool(answer.id))
    equal(f"{name}: three connections", proxy.connections, 3)
    equal(f"{name}: one job", jobs_made() - jobs, 1)
    eventually(f"{name}: called once", lambda: upstream_calls() - upstream == 1)
    proxy.close()


def files():
    """A file and a batch that are sent three times are made once; what is sent anew is another."""
    text = b"{}\n" + prompt().encode()
    known = clients.plain()
    before = files_and_batches(known)
    sent = [broken(lambda client: client.files.create(file=text, purpose="batch")).id for _ in range(2)]
    equal("files: one for each that was asked for", len(set(sent)), 2)
    equal("files: and no more", files_and_batches(known), (before[0] + 2, before[1]))
    make = lambda client: client.batches.create(
        input_file_id=sent[0], endpoint="/v1/chat/completions", completion_window="24h")
    sent = [broken(make).id for _ in range(2)]
    equal("batches: one for each that was asked for", len(set(sent)), 2)
    equal("batches: and no more", files_and_batches(known), (before[0] + 2, before[1] + 2))


def files_and_batches(client):
    return len(list(client.files.list())), len(list(client.batches.list(limit=100)))


def broken(call):
    proxy = BreakingProxy(breaks=2)
    made = call(openai.OpenAI(base_url=f"{proxy.url}/v1", api_key="any", max_retries=3))
    equal("three connections", proxy.connections, 3)
    proxy.close()
    return made


def impatient():
    client = clients.plain(timeout=0.4, max_retries=5)
    jobs, upstream = jobs_made(), upstream_calls()
    answer = client.chat.completions.create(model="gpt-4o", messages=messages())
    check("an answer in spite of timeouts", bool(answer.choices))
    equal("timeouts make no second job", (jobs_made() - jobs, upstream_calls() - upstream), (1, 1))
    started = time.monotonic()
    raises(
        "without retries, a timeout", openai.APITimeoutError,
        lambda: clients.plain(timeout=0.2, max_retries=0).chat.completions.create(model="gpt-4o", messages=messages()))
    check("after its time", time.monotonic() - started < 2)


def disconnected():
    """With a key, a client that has left asks for its job again; what was cancelled runs again then."""
    client = clients.plain(timeout=0.3, max_retries=0)
    for name, value, calls in (("kept", "false", 1), ("cancelled", "true", 2)):
        headers = {"x-sluice-cancel-on-disconnect": value, "idempotency-key": f"{name}-{time.time()}"}
        question = messages()
        jobs, upstream, aborted = jobs_made(), upstream_calls(), aborts()
        raises(
            f"{name}: the client leaves", openai.APITimeoutError,
            lambda: client.chat.completions.create(model="gpt-4o", messages=question, extra_headers=headers))
        if calls == 2:
            eventually("cancelled: the call is closed", lambda: aborts() - aborted == 1)
        patient = clients.plain().chat.completions.create(model="gpt-4o", messages=question, extra_headers=headers)
        check(f"{name}: asked again, it has an answer", bool(patient.choices))
        equal(f"{name}: one job", jobs_made() - jobs, 1)
        equal(f"{name}: calls", upstream_calls() - upstream, calls)


def keyed():
    client = clients.plain(max_retries=0)
    headers = {"Idempotency-Key": f"order-{time.time()}"}
    question = messages()
    ask = lambda what: client.chat.completions.with_raw_response.create(
        model="gpt-4o", messages=what, extra_headers=headers)
    upstream = upstream_calls()
    first, again = ask(question), ask(question)
    equal("one key, one job", again.headers["x-sluice-job-id"], first.headers["x-sluice-job-id"])
    equal("one answer", again.content, first.content)
    equal("one call", upstream_calls() - upstream, 1)
    error = raises("one key, another request", openai.ConflictError, lambda: ask(messages()))
    equal("is not tried again", error and error.response.headers["x-should-retry"], "false")
