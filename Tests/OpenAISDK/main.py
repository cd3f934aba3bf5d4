"""The official OpenAI SDK against a running intake. See scripts/check-sdk."""

import asyncio
import sys
import time

import openai

import answers
import background
import checks
import errors
import retries
import measure
import streams

started = time.monotonic()
answers.run()
asyncio.run(answers.run_async())
background.run()
asyncio.run(background.run_async())
streams.run()
asyncio.run(streams.run_async())
errors.run()
retries.run()
if "--measure" in sys.argv:
    measure.run()
took = time.monotonic() - started
print(f"openai {openai.__version__}: {checks.done} checks, {len(checks.calls)} calls of the SDK covered, in {took:.0f} s")
if checks.failures:
    sys.exit(f"{len(checks.failures)} do not hold")
