"""Callers with keys: each sees its own files and batches only."""

import os

import openai

from batch_lines import CHAT, create, lines
from checks import check, equal, raises
from keys import KEYS


def run():
    ann, bob, root = (
        openai.OpenAI(base_url=f"{os.environ['KEYED_URL']}/v1", api_key=KEYS[name]) for name in ("ann", "bob", "root"))
    batch = create(ann, lines(2))
    file = batch.input_file_id
    equal("ann sees her file", ann.files.retrieve(file).id, file)
    equal("and her batch", ann.batches.retrieve(batch.id).id, batch.id)
    for name, call in {
        "file": lambda: bob.files.retrieve(file), "file's content": lambda: bob.files.content(file),
        "file, to delete it": lambda: bob.files.delete(file), "batch": lambda: bob.batches.retrieve(batch.id),
        "batch, to cancel it": lambda: bob.batches.cancel(batch.id),
    }.items():
        raises(f"for bob there is no such {name}", openai.NotFoundError, call)
    error = raises(
        "nor a batch of ann's file", openai.BadRequestError,
        lambda: bob.batches.create(input_file_id=file, endpoint=CHAT, completion_window="24h"))
    equal("which is no file to him", error and error.code, "file_not_found")
    equal("his lists are empty", ([*bob.files.list()], [*bob.batches.list()]), ([], []))
    check("an admin sees them", file in [one.id for one in root.files.list()])
    check("batches, too", batch.id in [one.id for one in root.batches.list()])
    stranger = openai.OpenAI(base_url=f"{os.environ['KEYED_URL']}/v1", api_key="unknown")
    raises("who is nobody gets nothing", openai.AuthenticationError, lambda: stranger.files.list())
