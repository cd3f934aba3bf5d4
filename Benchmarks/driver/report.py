"""Prints results, and writes docs/performance.md from them: no figure in it is typed."""

from figures import FIGURES, Result

ABOUT = """# Performance

Written by `{command}` ({minutes:.0f} minutes), every figure of it; run it to get your own. What is missed is printed as missed.

"""

HOW = """
## How it is measured

A job is a prompt of 1,024 bytes; its answer is a chat completion of 1,024 bytes. Results go to Redis (append-only file, flushed
once a second, not rewritten during a run), and Sluice's attempts to SQLite with `synchronous=full`, in `.build` of this
checkout. Rivals are asked for less: to post the prompt and to keep the answer in Redis; they have no ledger. The upstream is
nginx on the same machine. Two worker processes, unless said. What is compared runs in turns; rates are
medians of the rounds, and a ratio is the median of each round's ratio.

* A drain starts with a full queue and stopped workers. The clock runs from the first result to the last, so it leaves out how
  long the workers take to start, and stops only when every job has its whole answer; then all answers are counted again.
* CPU seconds are user and system time of the workers and their children between these two moments, from `/proc`.
* Redis commands are those that clients send: `INFO commandstats` less what scripts call, whose share a short drain under
  `MONITOR` tells.
* The bare pipeline (`sluice-bench bare`) does what a job needs and nothing else, on the same C libraries: read, post, commit to
  SQLite, write the result. The empty handler is the intake's HTTP server with handlers that do nothing.
* "Waiting" memory is the difference of `used_memory` for each job of a filled queue.
"""


POOL = """
## How it is measured

`sluice simulate` plays the pool: its provisioned endpoints admit calls by Azure's leaky bucket, with one output token counting
as four of input. An intake and two worker processes of Sluice run in front of it, on one machine, against a private Redis.
Prompts are mixed: 200 to 4,000 characters, with a limit of 40 to 200 output tokens, or none.

* Saturated: twelve seconds after the start the simulator's counts begin anew; "tokens / capacity" is what finished calls cost the
  buckets in the window, divided by what drained. *article* and *immediate* are 64 requests at once with 5 attempts each, the
  endpoints in turn, waiting 0.5 s, doubled, ± 10 %, or not at all (`sluice-bench retrying`).
* Dark region: every connection to the endpoint is reset, those under way too. "Looks" are requests for the list of models, which
  cost nothing; the first that is answered lets one call through, as a probe.
"""

DOOR = """
## How it is measured

An intake and two worker processes of Sluice run on one machine against a private Redis (append-only file, flushed once a second),
the journal of the intake with `synchronous=full`; no answer is taken from the cache. `sluice simulate` answers at once.

* A batch file: from `POST /v1/batches` until the whole output file has been read; every `custom_id` has to be there once. The file
  was uploaded before.
* Lines: one `POST /v1/jobs/batch`, from its first byte sent until its answer is read. No worker runs; in the end every line has to
  be a job that waits. What the client sends is made before.
* First streamed byte: `POST /v1/chat/completions` with `stream`, from the request on an open connection to the first byte of the
  body. The simulator and Sluice are asked in turns, and "over" is the difference within each turn.
"""

_HOW = {None: HOW, "pool": POOL, "door": DOOR}


def _mark(met):
    return {True: "met", False: "**missed**", None: ""}[met]


def heading(facts):
    return "\n".join(f"{name}: {value}" for name, value in facts.items())


def print_result(result):
    for row in result.rows:
        target = f"   target {row.target}: {'met' if row.met else 'MISSED'}" if row.target else ""
        print(f"  {row.name}: {row.value}{target}", flush=True)
    for title, header, rows in result.tables:
        print(f"  {title}\n" + "\n".join("    " + " | ".join(row) for row in [header, *rows]), flush=True)
    for note in result.notes:
        print(f"  {note}", flush=True)


def summary(results):
    lines = []
    for name, result in results.items():
        if not isinstance(result, Result):
            lines.append(f"{'not run':8} {name}: {str(result).splitlines()[0] if str(result) else type(result).__name__}")
            continue
        for row in result.rows:
            word = {True: "met", False: "MISSED", None: ""}[row.met]
            lines.append(f"{word:8} {row.name}: {row.value}{f'  (target {row.target})' if row.target else ''}")
    return "\n".join(lines)


def _table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def document(results, facts, command, minutes, family=None):
    parts = [ABOUT.format(command=command, minutes=minutes), _table(["", ""], [[name, value] for name, value in facts.items()])]
    rows = [[row.name, row.value, row.target, _mark(row.met)]
            for result in results.values() if isinstance(result, Result) for row in result.rows]
    # Ratios are what another machine can be held against: they come first.
    rows.sort(key=lambda row: " / " not in row[0] and " % of " not in row[1])
    parts += ["\n## Figures and targets\n\n", _table(["figure", "measured", "target", "met or missed"], rows)]
    missing = [(name, str(result) or type(result).__name__) for name, result in results.items() if not isinstance(result, Result)]
    missing += [] if family else [(name, "not part of this run") for name in FIGURES if name not in results and not name.startswith(("pool", "door"))]
    if missing:
        parts.append("\nNot measured:\n\n" + "".join(f"- {name}: {reason.splitlines()[0]}\n" for name, reason in missing))
    for result in results.values():
        if isinstance(result, Result):
            for title, header, lines in result.tables:
                parts.append(f"\n## {title}\n\n" + _table(header, lines))
    notes = [note for result in results.values() if isinstance(result, Result) for note in result.notes]
    if notes:
        parts.append("\n## Notes of this run\n\n" + "".join(f"- {note}\n" for note in notes))
    return "".join([*parts, _HOW[family]])
