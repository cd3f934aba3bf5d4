"""Backups while jobs run, and what a restored one brings back: with the journals of the machines, and without."""

import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

from checks import check, finish
from client import Client
from rig import Rig

def backup(rig):
    run = subprocess.run(["deploy/backup/sluice-backup", "--redis", rig.redis_url, "--audit", rig.audit, "--to",
                          rig.folder / "backups"], capture_output=True, text=True)
    check("a backup while jobs run", run.returncode == 0, run.stderr)
    return Path(run.stdout.strip())


def restore(folder, *arguments):
    run = subprocess.run(["deploy/backup/sluice-restore", folder, *arguments], capture_output=True, text=True)
    check("it can be restored", run.returncode == 0, run.stderr)
    return subprocess.run(["deploy/backup/sluice-restore", folder, *arguments], capture_output=True).returncode


def journal(copy):
    """The jobs in a copy of the journal, and of how many of them it does not have the end."""
    with sqlite3.connect(copy / "audit.sqlite") as copied:
        accepted = {row[0] for row in copied.execute("SELECT job FROM accepted")}
        ended = {row[0] for row in copied.execute("SELECT job FROM settlements")}
    return accepted | ended, len(accepted - ended)


def redis_is_gone(rig):
    """Redis and its disk are lost, the machines with the journals are not."""
    client = Client(rig.intake, "Redis lost")
    time.sleep(2)
    copy = backup(rig)
    time.sleep(3)
    client.look()
    rig.kill("redis")
    time.sleep(0.5)
    again = restore(copy, "--redis-data", rig.folder / "redis-2")
    check("and not over what is there", again != 0)
    rig.use(rig.folder / "redis-2", rig.audit)
    rig.start_redis()
    time.sleep(2)
    client.stop()
    left = client.wait_for_all(client.accepted)
    check("every accepted job ends", not left, left)
    changed = [id for id, job in client.read.items() if client.job(id)["result"] != job["result"]]
    check("an answer that was read stays the same", client.read and not changed, changed)
    answered, duplicates = rig.calls()
    check("no job was answered twice", duplicates == 0, duplicates)
    said = rig.command("audit", "reconcile", "--dry-run")
    check("queue and journal agree", said == "the queue has everything that this machine's journal knows", said)
    print(f"  Redis lost, backup 3 s old: {len(client.accepted)} jobs accepted, {len(client.read)} read before, "
          f"{answered} answered, {duplicates} twice")


def machine_is_gone(rig):
    """Everything is lost but the backup."""
    client = Client(rig.intake, "machine lost")
    time.sleep(2)
    # Accepted before the copy began.
    known = list(client.accepted)
    copy = backup(rig)
    time.sleep(2)
    client.stop()
    client.look()
    rig.kill("worker", "intake", "redis")
    before = rig.calls()
    restore(copy, "--redis-data", rig.folder / "redis-3", "--audit", rig.folder / "machine-3" / "audit.sqlite")
    rig.use(rig.folder / "redis-3", rig.folder / "machine-3" / "audit.sqlite")
    rig.start_redis()
    rig.start_intake()
    rig.start_worker()
    left = client.wait_for_all(known)
    check("every job accepted before the backup ends", not left, left)
    later = client.accepted[len(known):]
    lost = [id for id, state in client.wait_for_all(later, within=5).items() if state is None]
    saved, unfinished = journal(copy)
    check("no job is unknown that the copy of the journal has", not saved & set(lost))
    twice = rig.calls()[1] - before[1]
    check("only jobs whose end it does not have are answered twice", twice <= unfinished, (twice, unfinished))
    said = rig.command("audit", "reconcile", "--dry-run")
    check("queue and journal agree after that, too", said.startswith("the queue has everything"), said)
    print(f"  machine lost, backup 2 s old: {len(known)} jobs accepted before it, all ended; {len(lost)} of the "
          f"{len(later)} after it are unknown; {twice} answered twice")


def main():
    sluice = subprocess.run(["swift", "build", "--show-bin-path"], capture_output=True, text=True, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(folder, sluice.strip() + "/sluice")
        try:
            rig.start_redis()
            rig.start_pool(latency_ms=300)
            rig.start_intake()
            rig.start_worker()
            redis_is_gone(rig)
            machine_is_gone(rig)
        finally:
            rig.stop()
    finish("backup and restore")


main()
