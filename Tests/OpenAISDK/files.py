"""Files: kept as they came, read back, listed, deleted."""

import asyncio
import pathlib
import tempfile

import openai

import clients
from checks import check, equal, prompt, raises

TEXT = b'{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[]}}\n'


def run():
    for path, client in clients.everyone().items():
        lives(path, client)
    forms(clients.plain())
    pages(clients.plain())
    expiry(clients.plain())
    refused(clients.plain())


def lives(path, client):
    text = TEXT + prompt().encode()
    made = client.files.create(file=("in.jsonl", text), purpose="batch")
    check(f"{path} files: named", made.id.startswith("file-"), made.id)
    equal(f"{path} files: what it is", (made.object, made.purpose, made.filename), ("file", "batch", "in.jsonl"))
    equal(f"{path} files: its length", made.bytes, len(text))
    equal(f"{path} files: is ready", client.files.wait_for_processing(made.id).status, "processed")
    equal(f"{path} files: the same again", client.files.retrieve(made.id), made)
    equal(f"{path} files: its bytes", client.files.content(made.id).read(), text)
    with client.files.with_streaming_response.content(made.id) as streamed:
        equal(f"{path} files: its bytes in parts", b"".join(streamed.iter_bytes()), text)
    check(f"{path} files: is listed", made.id in [file.id for file in client.files.list(purpose="batch")])
    gone = client.files.delete(made.id)
    equal(f"{path} files: deleted", (gone.id, gone.deleted), (made.id, True))
    for name, call in (("retrieve", client.files.retrieve), ("content", client.files.content),
                       ("delete", client.files.delete)):
        error = raises(f"{path} files: {name} what is gone", openai.NotFoundError, lambda: call(made.id))
        equal(f"{path} files: {name}'s code", error and error.code, "file_not_found")


def forms(client):
    """The forms in which a file can be given."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "lines.jsonl"
        path.write_bytes(TEXT)
        with open(path, "rb") as opened:
            given = {"path": path, "open file": opened, "bytes": TEXT, "tuple": ("a.jsonl", TEXT),
                     "tuple with a type": ("b.jsonl", TEXT, "application/jsonl"), "empty": ("c.jsonl", b"")}
            made = {name: client.files.create(file=file, purpose="batch") for name, file in given.items()}
    for name, file in made.items():
        equal(f"files of a {name}", client.files.content(file.id).read(), b"" if name == "empty" else TEXT)
    equal("a path names its file", made["path"].filename, "lines.jsonl")
    equal("the old name of content", type(client.files.retrieve_content(made["path"].id)), str)
    name = "two words; (ünïcode) – a.jsonl"
    equal("a name is kept", client.files.create(file=(name, TEXT), purpose="batch").filename, name)


def pages(client):
    made = [client.files.create(file=(f"{n}.jsonl", prompt().encode()), purpose="batch").id for n in range(7)]
    oldest = [file.id for file in client.files.list(limit=3, order="asc")]
    equal("pages of files, in order", [id for id in oldest if id in made], made)
    equal("every file once", len(oldest), len(set(oldest)))
    newest = client.files.list(limit=3)
    equal("the newest first", [file.id for file in newest.data], made[:-4:-1])
    equal("a page behind one", [file.id for file in client.files.list(limit=2, after=made[4]).data], made[3:1:-1])
    check("a page tells that there is more", newest.has_more)
    raises("a limit of none", openai.BadRequestError, lambda: client.files.list(limit=0))


def expiry(client):
    made = client.files.create(
        file=TEXT, purpose="batch", expires_after={"anchor": "created_at", "seconds": 3600})
    equal("a file says when it expires", made.expires_at, made.created_at + 3600)
    made = client.files.create(file=TEXT, purpose="batch")
    equal("one that was not told expires after 30 days", made.expires_at, made.created_at + 30 * 86_400)
    error = raises(
        "an hour is the least", openai.BadRequestError,
        lambda: client.files.create(file=TEXT, purpose="batch", expires_after={"anchor": "created_at", "seconds": 60}))
    equal("and says so", error and error.param, "expires_after[seconds]")


def refused(client):
    error = raises(
        "a purpose that has no use here", openai.BadRequestError,
        lambda: client.files.create(file=TEXT, purpose="fine-tune"))
    equal("names itself", error and error.param, "purpose")
    before = [file.id for file in client.files.list()]
    error = raises(
        "a file that is too large", openai.APIStatusError,
        lambda: client.files.create(file=b"x" * 9_000_000, purpose="batch"))
    equal("is told so", error and (error.status_code, error.code), (413, "file_too_large"))
    equal("and leaves nothing", [file.id for file in client.files.list()], before)
    for id in ("file-1", "file-00000000000000000000000000", "../worker"):
        raises(f"an unknown file {id}", openai.NotFoundError, lambda: client.files.retrieve(id))


async def run_async():
    for path, client in clients.everyone_async().items():
        texts = [TEXT + prompt().encode() for _ in range(10)]
        made = await asyncio.gather(*[client.files.create(file=text, purpose="batch") for text in texts])
        equal(f"{path} async files: ten", len({file.id for file in made}), 10)
        for file, text in zip(made, texts):
            equal(f"{path} async files: bytes", (await client.files.content(file.id)).read(), text)
        await client.files.retrieve_content(made[0].id)
        equal(f"{path} async files: ready", (await client.files.wait_for_processing(made[0].id)).status, "processed")
        equal(f"{path} async files: one", (await client.files.retrieve(made[0].id)).id, made[0].id)
        listed = [file.id async for file in client.files.list(limit=4)]
        check(f"{path} async files: all listed, over pages", {file.id for file in made} <= set(listed))
        for file in made:
            check(f"{path} async files: deleted", (await client.files.delete(file.id)).deleted)
