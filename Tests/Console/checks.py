"""Counts what was checked; the first argument of each check says what has to hold."""

import sys
import time

done = 0
failures = []


def check(what, holds, seen=None):
    global done
    done += 1
    if not holds:
        failures.append(what)
        print(f"  not so: {what}" + (f" (seen: {seen!r})" if seen is not None else ""), file=sys.stderr)


def same(what, seen, wanted):
    check(what, seen == wanted, None if seen == wanted else {"seen": seen, "wanted": wanted})


def eventually(what, holds, within=10):
    end = time.monotonic() + within
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    check(what, found)
    return found


def finish(subject):
    print(f"{subject}: {done} checks")
    if failures:
        sys.exit(f"{subject}: {len(failures)} do not hold")
