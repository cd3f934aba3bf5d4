"""Runs wrk with one of the scripts beside this file; what it measured, as JSON."""

import json
import pathlib
import subprocess

FOLDER = pathlib.Path(__file__).resolve().parent / "wrk"


def run(script, url, seconds=4, connections=64, **values):
    """`values` become variables of the script's environment."""
    done = subprocess.run(
        ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", FOLDER / f"{script}.lua", url],
        capture_output=True, text=True, timeout=seconds + 60,
        env={"PATH": "/usr/bin:/bin", "LUA_PATH": f"{FOLDER}/?.lua;;", **{name: str(value) for name, value in values.items()}})
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines or not lines[-1].startswith("{"):
        raise RuntimeError(f"wrk {script} failed:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
    figures = json.loads(lines[-1])
    if figures["errors"]:
        raise RuntimeError(f"wrk {script}: {figures['errors']} of {figures['requests']} requests went wrong")
    return figures
