"""The processes of the stack, and their deaths."""

import os
import pathlib
import signal
import time
import urllib.error

from checks import INTAKE, http

SUPERVISOR = int(os.environ["SUPERVISOR_PID"])


def of(role):
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if parent == SUPERVISOR and words[1:2] == [role.encode()]:
            found.append(int(process.name))
    return found


def kill(role):
    """All of a role: whichever holds a job is among them."""
    killed = of(role)
    for process in killed:
        os.kill(process, signal.SIGKILL)
    return killed


def intake_is_back(within=30):
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            http("GET", f"{INTAKE}/health")
            return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False
