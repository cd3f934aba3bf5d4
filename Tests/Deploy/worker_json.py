"""Numbers of worker.json, and the program's own word on the file."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

# After worker.drain what is left is handed back and settled: `sluice worker` gives its children as long.
MARGIN = 10


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h|d)", text).groups()
    return int(number) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}[unit]


def port(listen):
    return int(listen.rsplit(":", 1)[1])


def secrets(settings):
    return set(re.findall(r"\$\{secret:([\w.-]+)\}", json.dumps(settings)))


def secret_text(name):
    if name.endswith("_hash"):
        return "sha256:" + "0" * 64
    return "redis://redis:6379/0" if name == "redis_url" else "k"


def fault(path, settings):
    """What `sluice check` says of the file; nothing if it is well."""
    program = subprocess.run(["swift", "build", "--show-bin-path"], capture_output=True, text=True, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        for name in secrets(settings):
            (Path(folder) / name).write_text(secret_text(name) + "\n")
        run = subprocess.run([program.strip() + "/sluice", "check", "--offline", "--config", path, "--set",
                              f"secrets.id={folder}"], capture_output=True, text=True)
    return "" if run.returncode == 0 else run.stdout + run.stderr
