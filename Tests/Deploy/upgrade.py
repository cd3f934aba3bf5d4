"""An older program and this one side by side, under load: up, and back again. Usage: upgrade.py OLDER_PROGRAM"""

import subprocess
import sys
import tempfile
import time

from checks import check, finish
from client import Client
from rig import Rig

old = sys.argv[1]


def version(program):
    return subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()


def replace(rig, program):
    """As an orchestrator does it: workers one after the other, then intakes."""
    for name in ("worker-a", "worker-b"):
        rig.stop(name)
        rig.start_worker(name, program)
        time.sleep(2)
    rig.stop("intake")
    rig.start_intake(program)
    time.sleep(2)


def main():
    new = subprocess.run(["swift", "build", "--show-bin-path"], capture_output=True, text=True, check=True).stdout.strip()
    new += "/sluice"
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(folder, new)
        try:
            rig.start_redis()
            rig.start_pool(latency_ms=300)
            rig.start_intake(old)
            rig.start_worker("worker-a", old)
            rig.start_worker("worker-b", old)
            client = Client(rig.intake, "upgrade")
            time.sleep(2)
            replace(rig, new)
            up = len(client.accepted)
            replace(rig, old)
            client.stop()
            left = client.wait_for_all(client.accepted)
            check("every accepted job ends, over upgrade and rollback", not left, left)
            check("some were accepted by each version", 0 < up < len(client.accepted))
            client.look()
            check("and all completed", {job["status"] for job in client.read.values()} == {"completed"})
            answered, duplicates = rig.calls()
            check("none was answered twice", duplicates == 0, duplicates)
            print(f"  {version(old)} → {version(new)} → {version(old)}: {len(client.accepted)} jobs, {answered} answered, "
                  f"{duplicates} twice, {client.retries} submissions sent again while an intake was replaced")
        finally:
            rig.stop()
    finish("upgrade and rollback")


main()
