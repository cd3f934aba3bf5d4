"""Errors come as the SDK's own exceptions, with the upstream's words."""

import openai

import clients
from checks import behave, check, equal, messages, prompt, raises, upstream_calls


def run():
    for path, client in clients.everyone().items():
        filtered(path, client)
        unknown(path, client)
    malformed(clients.plain())
    broken(clients.plain(max_retries=2))
    background(clients.plain())


def filtered(path, client):
    error = raises(
        f"{path} a filter's refusal", openai.BadRequestError,
        lambda: client.chat.completions.create(model="gpt-4o", messages=messages("[[content_filter]]")))
    if error is None:
        return
    equal(f"{path} the filter's code", error.code, "content_filter")
    equal(f"{path} the filter's own body", error.body["innererror"]["code"], "ResponsibleAIPolicyViolation")
    check(f"{path} the job is named", error.response.headers["x-sluice-job-id"].startswith("job_"))
    check(f"{path} the request is named", bool(error.request_id))


def unknown(path, client):
    error = raises(
        f"{path} an unknown model", openai.NotFoundError,
        lambda: client.responses.create(model="no-such-model", input="x"))
    equal(f"{path} its code", error and error.code, "model_not_found")
    error = raises(f"{path} an unknown response", openai.NotFoundError, lambda: client.responses.retrieve("resp_1"))
    equal(f"{path} its code, too", error and error.code, "response_not_found")
    raises(f"{path} an unknown model, asked for", openai.NotFoundError, lambda: client.models.retrieve("no/such"))


def malformed(client):
    error = raises(
        "embeddings do not stream", openai.BadRequestError,
        lambda: client.embeddings.create(model="gpt-4o", input=prompt(), extra_body={"stream": True}))
    equal("and says what", error and (error.code, error.param), ("not_supported", "stream"))
    error = raises(
        "an unknown queue", openai.BadRequestError,
        lambda: client.chat.completions.create(
            model="gpt-4o", messages=messages(), extra_headers={"x-sluice-queue": "nowhere"}))
    equal("and its code", error and error.code, "queue_not_found")


def broken(client):
    """What the worker has tried often enough is not tried again by the SDK."""
    behave(error_rate=1.0, error_status=500)
    before = upstream_calls()
    error = raises(
        "the pool's failure", openai.InternalServerError,
        lambda: client.chat.completions.create(model="gpt-4o", messages=messages()))
    made = upstream_calls() - before
    behave(error_rate=0.0)
    equal("is its own answer", error and error.code, "InternalServerError")
    equal("is final", error and error.response.headers.get("x-should-retry"), "false")
    equal("came after our attempts, and no more", error and error.response.headers["x-sluice-attempts"], str(made))


def background(client):
    made = client.responses.create(model="gpt-4o", input=prompt("[[content_filter]]"), background=True)
    while (seen := client.responses.retrieve(made.id)).status in ("queued", "in_progress"):
        pass
    equal("a background response fails", seen.status, "failed")
    equal("with a code that the SDK knows", seen.error.code, "invalid_prompt")
    check("and the upstream's words", "content management policy" in seen.error.message, seen.error.message)
    equal("and nothing put out", seen.output_text, "")
