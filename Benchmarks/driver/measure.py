"""What processes and servers used: CPU and memory from /proc, calls from Redis."""

import math
import os
import re

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def _stat(pid):
    """The fields behind the name of a process; None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def tree(root):
    """A process and everything below it."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        if fields := _stat(name):
            children.setdefault(int(fields[1]), []).append(int(name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu_seconds(roots):
    """User and system time of the processes, what runs below them, and what they have waited for."""
    total = 0
    for root in roots:
        for pid in tree(root):
            if fields := _stat(pid):
                total += sum(int(value) for value in fields[11:15])
    return total / TICKS


def machine_seconds():
    """Busy seconds of all cores, and seconds of all cores."""
    with open("/proc/stat") as file:
        values = [int(word) / TICKS for word in file.readline().split()[1:9]]
    return sum(values) - values[3] - values[4], sum(values)


def leaves(roots):
    """The processes that have no children: the workers themselves, without a supervisor."""
    pids = [pid for root in roots for pid in tree(root)]
    parents = {int(fields[1]) for pid in pids if (fields := _stat(pid))}
    return [pid for pid in pids if pid not in parents]


def resident_mb(pid):
    fields = _stat(pid)
    return int(fields[21]) * PAGE / 1e6 if fields else 0.0


def peak_resident_mb(pid):
    try:
        with open(f"/proc/{pid}/status") as file:
            return int(re.search(r"VmHWM:\s+(\d+) kB", file.read())[1]) * 1024 / 1e6
    except (FileNotFoundError, ProcessLookupError, TypeError):
        return 0.0


def command_calls(redis):
    """Calls by command, from INFO commandstats. What a script calls is counted there too."""
    stats = redis.info("commandstats")
    return {name.removeprefix("cmdstat_"): int(re.match(r"calls=(\d+)", value)[1]) for name, value in stats.items()}


def difference(after, before):
    return {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}


def percentile(values, share):
    """The smallest value that at least this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def ratio(ours, theirs):
    """The median of each round's ratio: what runs in turns is loaded alike within a round, not from one to the next."""
    return median([one / other for one, other in zip(ours, theirs)])
