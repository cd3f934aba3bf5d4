"""What the checks of the console say, and wait for."""

import time

from counted import check, finish  # noqa: F401 - the parts take them from here


def same(what, seen, wanted):
    check(what, seen == wanted, None if seen == wanted else {"seen": seen, "wanted": wanted})


def eventually(what, holds, within=10):
    end = time.monotonic() + within
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    check(what, found)
    return found
