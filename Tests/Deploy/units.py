"""deploy/systemd."""

import configparser
import json
import re
import subprocess
import tempfile
from pathlib import Path

import worker_json
from checks import check

FOLDER = Path("deploy/systemd")


def run(settings):
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(FOLDER.glob("*.service")):
            copy = Path(folder) / path.name
            # The program need not be installed where this runs.
            copy.write_text(re.sub(r"/usr/local/bin/[\w-]+", "/bin/true", path.read_text()))
            verify = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True)
            said = verify.stdout + verify.stderr
            check(f"systemd takes {path.name}", verify.returncode == 0 and path.name not in said, said)
            rate = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", copy],
                                  capture_output=True, text=True)
            check(f"{path.name} may do little", rate.returncode == 0, rate.stdout[-200:])
    # For one host, the file at the root of the repository is the model.
    drain = worker_json.seconds(json.loads(Path("worker.json").read_text())["worker"]["drain"])
    check("both worker.json drain as long", drain == worker_json.seconds(settings["worker"]["drain"]))
    for role in ("intake", "worker"):
        text = (FOLDER / f"sluice-{role}.service").read_text()
        unit = configparser.RawConfigParser(strict=False)
        unit.optionxform = str
        unit.read_string(text)
        service = unit["Service"]
        check(f"systemd starts the {role}", service["ExecStart"].startswith(f"/usr/local/bin/sluice {role} "))
        check(f"systemd keeps the {role}'s audit log", Path(settings["audit"]["path"]).parent == Path("/var/lib") / service["StateDirectory"])
        check(f"systemd starts the {role} again", service["Restart"] == "always")
    stop = int(re.search(r"^TimeoutStopSec=(\d+)$", (FOLDER / "sluice-worker.service").read_text(), re.M)[1])
    check("systemd lets a worker drain", drain + worker_json.MARGIN <= stop)
