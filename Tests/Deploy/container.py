"""deploy/container."""

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
