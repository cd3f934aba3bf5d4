"""The forms in which people make a client."""

import asyncio

import openai

from checks import INTAKE

AZURE = dict(azure_endpoint=INTAKE, api_key="any", api_version="2024-10-21")


def plain(**more):
    return openai.OpenAI(base_url=f"{INTAKE}/v1", api_key="any", **more)


def everyone():
    """By the path under which each asks."""
    return {
        "/v1": plain(),
        "/openai/v1": openai.OpenAI(base_url=f"{INTAKE}/openai/v1/", api_key="any"),
        "/openai": openai.AzureOpenAI(**AZURE),
        "/openai/deployments": openai.AzureOpenAI(**AZURE, azure_deployment="gpt-4o"),
    }


_open = []


def everyone_async():
    made = {
        "/v1": openai.AsyncOpenAI(base_url=f"{INTAKE}/v1", api_key="any"),
        "/openai": openai.AsyncAzureOpenAI(**AZURE),
    }
    _open.extend(made.values())
    return made


def in_loop(part):
    """Runs a part in a loop of its own, in which its clients are closed."""
    async def run():
        await part()
        while _open:
            await _open.pop().close()

    asyncio.run(run())
