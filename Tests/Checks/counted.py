"""Counts what was checked; the first argument of each check says what has to hold. The scripts that need it name its folder."""

import sys

done = 0
failures = []


def check(what, holds, seen=None):
    global done
    done += 1
    if not holds:
        failures.append(what)
        print(f"  not so: {what}" + (f" (seen: {seen!r})" if seen is not None else ""), file=sys.stderr)


def finish(subject):
    print(f"{subject}: {done} checks")
    if failures:
        sys.exit(f"{subject}: {len(failures)} do not hold")
