"""Batches that do not end as one would like: faults in the file, cancellation, a window that closes."""

import clients
from batch_lines import create, ended, line, lines, results, run_to_end
from checks import behave, check, equal, eventually


def run():
    client = clients.plain()
    faults(client)
    empty(client)
    many_faults(client)
    behave(hang_rate=0.5)
    cancelled(client)
    behave(hang_rate=0.5)
    expired(client)
    behave(hang_rate=0)
    never_sent(client)


def faults(client):
    """All of them are told, by their line, and later: the batch was made."""
    nameless = line()
    del nameless["custom_id"]
    pathless = line()
    del pathless["url"]
    wrong = [
        (line("twice"), None),
        ("{\"custom_id\": ", "invalid_json_line"),
        (nameless, "invalid_request"),
        (line("twice"), "duplicate_custom_id"),
        ("", None),
        (line(method="GET"), "invalid_request"),
        (line(url="/v1/embeddings"), "url_mismatch"),
        (line(model="nobody's"), "model_not_found"),
        (pathless, "invalid_request"),
        (line(text="x" * 1_100_000), "line_too_long"),
        ("[]", None),
    ]
    batch = run_to_end(client, [one for one, _ in wrong])
    equal("a file with faults", batch.status, "failed")
    equal("has no results", (batch.output_file_id, batch.error_file_id), (None, None))
    check("and says when it failed", batch.failed_at is not None)
    equal("is a list of faults", batch.errors.object, "list")
    told = {fault.line: fault.code for fault in batch.errors.data}
    equal("each by its line", {line: told.get(line) for line in told if line != 11},
          {n: code for n, (_, code) in enumerate(wrong, 1) if code})
    check("what is no object is a fault", 11 in told)
    check("and a message", all(fault.message for fault in batch.errors.data))


def empty(client):
    for name, text in (("empty", []), ("blank", ["", "  "])):
        batch = run_to_end(client, text)
        equal(f"an {name} file", (batch.status, [fault.code for fault in batch.errors.data]), ("failed", ["empty_file"]))


def many_faults(client):
    batch = run_to_end(client, ["nonsense"] * 1000)
    equal("faults are told up to a bound", (batch.status, len(batch.errors.data)), ("failed", 100))
    # 100,000 lines are the most; they need not be good ones.
    batch = ended(client, create(client, ["{}"] * 100_001).id)
    equal("more lines than a batch may have", batch.status, "failed")
    check("are a fault by themselves", "too_many_tasks" in [fault.code for fault in batch.errors.data],
          batch.errors.data[:2])


def cancelled(client):
    asked = lines(40)
    made = create(client, asked)
    eventually("some are done", lambda: client.batches.retrieve(made.id).request_counts.completed > 0)
    check("cancelling", client.batches.cancel(made.id).status in ("cancelling", "cancelled"))
    batch = ended(client, made.id)
    equal("cancelled", batch.status, "cancelled")
    check("its times", batch.cancelling_at <= batch.cancelled_at)
    output, errors = results(client, batch)
    check("what was done is kept", 0 < len(output) < 40, len(output))
    equal("the rest is told", set(output) | set(errors), {one["custom_id"] for one in asked})
    equal("as cancelled", {one["error"]["code"] for one in errors.values()}, {"batch_cancelled"})
    equal("cancelled twice", client.batches.cancel(made.id).status, "cancelled")


def expired(client):
    asked = lines(40)
    batch = run_to_end(client, asked, window="3s")
    equal("expired", batch.status, "expired")
    check("at its time", batch.expired_at >= batch.expires_at)
    output, errors = results(client, batch)
    check("what was done in time is kept", 0 < len(output) < 40, len(output))
    equal("the rest is told, too", set(output) | set(errors), {one["custom_id"] for one in asked})
    equal("as expired", {one["error"]["code"] for one in errors.values()}, {"batch_expired"})


def never_sent(client):
    """A window that closes while nothing can be called."""
    behave(hang_rate=1)
    batch = run_to_end(client, lines(3), window="2s")
    behave(hang_rate=0)
    output, errors = results(client, batch)
    equal("nothing was done in time", (batch.status, batch.output_file_id, len(errors)), ("expired", None, 3))
