"""Which calls of the SDK were made. Every public method of the resources notes its name when it is called."""

import contextlib
import functools

import openai
import openai._resource

RESOURCES = ("responses", "chat.completions", "completions", "embeddings", "models", "files", "batches")
_KINDS = {"sync": openai.OpenAI, "async": openai.AsyncOpenAI}
_BASES = (openai._resource.SyncAPIResource, openai._resource.AsyncAPIResource)

every = {kind: set() for kind in _KINDS}
made = {kind: set() for kind in _KINDS}
_is_noting = True


def start():
    for kind, make in _KINDS.items():
        client = make(api_key="none", base_url="http://127.0.0.1:9/v1")
        for name in RESOURCES:
            resource = functools.reduce(getattr, name.split("."), client)
            _watch(kind, name, resource)


def _watch(kind, path, resource):
    for name in dir(type(resource)):
        if name.startswith("_") or name.startswith("with_"):
            continue
        value = getattr(resource, name)
        if isinstance(value, _BASES):
            _watch(kind, f"{path}.{name}", value)
        elif callable(value):
            every[kind].add(f"{path}.{name}")
            setattr(type(resource), name, _noting(kind, f"{path}.{name}", getattr(type(resource), name)))


def _noting(kind, name, call):
    @functools.wraps(call)
    def noting(*arguments, **more):
        if _is_noting:
            made[kind].add(name)
        return call(*arguments, **more)

    return noting


@contextlib.contextmanager
def unnoted():
    """For calls that are expected to be refused."""
    global _is_noting
    _is_noting = False
    yield
    _is_noting = True


def summary():
    counts = ", ".join(f"{kind} {len(made[kind])}/{len(every[kind])}" for kind in _KINDS)
    return f"calls of the SDK covered: {counts}"


def missing():
    return {kind: sorted(every[kind] - made[kind]) for kind in _KINDS}
