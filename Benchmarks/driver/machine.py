"""On what, and with which versions, a run was made."""

import datetime
import os
import pathlib
import platform
import re
import subprocess


def _output(*argv, cwd=None):
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=30, cwd=cwd)
        return (done.stdout + done.stderr).strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _first(pattern, text, otherwise="unknown"):
    found = re.search(pattern, text)
    return found[1] if found else otherwise


def _commit(root):
    commit = _output("git", "rev-parse", "--short=12", "HEAD", cwd=root)
    changed = _output("git", "status", "--porcelain", "--untracked-files=no", cwd=root)
    return f"{commit}{' with changes' if changed else ''}"


def facts(root, program):
    """Name and value of what belongs into the report."""
    read = pathlib.Path.read_text
    memory = int(_first(r"MemTotal:\s+(\d+)", read(pathlib.Path("/proc/meminfo")), "0")) / 1024**2
    release = _first(r'PRETTY_NAME="([^"]+)"', read(pathlib.Path("/etc/os-release")))
    load = os.getloadavg()[0]
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{len(os.sched_getaffinity(0))} cores ({_first(r'model name.*: (.+)', read(pathlib.Path('/proc/cpuinfo')))}), "
                   f"{memory:.0f} GB, {release}, Linux {platform.release()}; everything runs on it",
        "load before": f"{load:.1f} ({'other programs were running: read ratios, not rates' if load > 0.5 else 'idle'})",
        "Sluice": f"commit {_commit(root)}, {_output(program, '--version')}"
                  + (", measured with binaries that SLUICE_BIN and SLUICE_BENCH_BIN named" if os.environ.get("BENCH_GIVEN") else ""),
        "Redis": _first(r"v=(\S+)", _output("redis-server", "--version")) + ", appendonly yes, appendfsync everysec",
        "nginx": _first(r"nginx/(\S+)", _output("nginx", "-v")) + ", answers of 1,024 bytes; waiting by its echo module",
        "wrk": _debian("wrk"),
    }


def _debian(package):
    return _output("dpkg-query", "-W", "-f=${Version}", package) or "unknown"


def versions(rival):
    """The versions of a rival and of what it runs on."""
    venv = os.environ.get("BENCH_VENV", "")
    found = [f"{package} {_debian(package)}" for package in rival.debian]
    if rival.packages:
        listed = dict(line.lower().split("==") for line in _output(f"{venv}/bin/pip", "freeze").splitlines() if "==" in line)
        found += [f"{package} {listed.get(package.lower(), 'unknown')}" for package in rival.packages]
        found.append(_output(f"{venv}/bin/python", "--version"))
    return ", ".join(found)
