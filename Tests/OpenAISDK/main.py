"""The official OpenAI SDK against a running intake. See scripts/check-sdk."""

import sys
import time

import openai

import coverage

coverage.start()

import answers
import background
import batch_ends
import batches
import callers
import clients
import counted
import errors
import files
import hooks
import kills
import measure
import retries
import streams
import unsupported

started = time.monotonic()
for part in (answers, background, streams, files, batches):
    part.run()
    clients.in_loop(part.run_async)
for part in (hooks, batch_ends, callers, errors, unsupported, retries, kills):
    part.run()
if "--measure" in sys.argv:
    measure.run()
took = time.monotonic() - started
print(f"openai {openai.__version__}: {counted.done} checks in {took:.0f} s; {coverage.summary()}")
for kind, names in coverage.missing().items():
    print(f"  not covered, {kind}: {', '.join(names)}")
if counted.failures:
    sys.exit(f"{len(counted.failures)} do not hold")
