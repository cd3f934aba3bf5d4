"""Calls that Sluice does not have are refused as such."""

import openai

import clients
import coverage
from checks import check


def run():
    client = clients.plain()
    calls = {
        "chat.completions.retrieve": lambda: client.chat.completions.retrieve("chatcmpl-1"),
        "chat.completions.update": lambda: client.chat.completions.update("chatcmpl-1", metadata={}),
        "chat.completions.list": lambda: client.chat.completions.list(),
        "chat.completions.delete": lambda: client.chat.completions.delete("chatcmpl-1"),
        "chat.completions.messages.list": lambda: client.chat.completions.messages.list("chatcmpl-1"),
        "models.delete": lambda: client.models.delete("gpt-4o"),
    }
    if hasattr(client.responses, "compact"):
        calls["responses.compact"] = lambda: client.responses.compact(model="gpt-4o", input="x")
        calls["responses.input_tokens.count"] = lambda: client.responses.input_tokens.count(model="gpt-4o", input="x")
    with coverage.unnoted():
        for name, call in calls.items():
            refused(name, call)


def refused(name, call):
    try:
        call()
        check(f"{name} is refused", False)
    except openai.APIStatusError as error:
        check(f"{name} is refused", error.status_code in (404, 405), error.status_code)
        check(f"{name} is told why", bool(error.code and error.body["message"]), error.body)
