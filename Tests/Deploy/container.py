"""deploy/container."""

import json
import re
import subprocess
from pathlib import Path

import worker_json
from checks import check

PATH = Path("deploy/container/Containerfile")


def run(settings):
    run = subprocess.run(["hadolint", "--no-color", PATH], capture_output=True, text=True)
    check("hadolint finds no fault in the Containerfile", run.returncode == 0, run.stdout + run.stderr)
    text = PATH.read_text()
    ports = [worker_json.port(settings[role]["listen"]) for role in ("intake", "worker")]
    check("the image names the ports of worker.json", f"EXPOSE {ports[0]} {ports[1]}" in text)
    for port in ports:
        check(f"its health is asked on {port}", f"http://127.0.0.1:{port}/livez" in text)
    check("nobody is root in it", "USER 65532:65532" in text)
    check("it keeps the audit log outside", f"VOLUME {Path(settings['audit']['path']).parent}\n" in text)
    copied = re.findall(r"^COPY (\S+) ", text, re.MULTILINE)
    for target in targets():
        check(f"what it is built from has {target}", any(target.is_relative_to(folder) for folder in copied), copied)


def targets():
    """The folder of each target of Package.swift: SwiftPM builds nothing where one is missing."""
    package = subprocess.run(["swift", "package", "dump-package"], capture_output=True, text=True, check=True)
    for target in json.loads(package.stdout)["targets"]:
        kind = "Tests" if target["type"] == "test" else "Sources"
        yield Path(target.get("path") or f"{kind}/{target['name']}")
