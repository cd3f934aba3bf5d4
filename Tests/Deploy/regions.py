"""Two regions, each with its own Redis. One loses its Redis: what DNS sees, what clients get, what waits."""

import json
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from checks import check, finish, get, post
from rig import Rig


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def submit(region, prompt):
    return post(f"{region.intake}/v1/jobs", {"model": "gpt-4o", "prompt": prompt})["id"]


def until(region, path, expected, within):
    start = time.monotonic()
    while status(region.intake + path) != expected:
        if time.monotonic() - start > within:
            return None
        time.sleep(0.05)
    return time.monotonic() - start


def main():
    sluice = subprocess.run(["swift", "build", "--show-bin-path"], capture_output=True, text=True, check=True).stdout
    regions = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            for name in ("east", "west"):
                (Path(folder) / name).mkdir()
                region = Rig(Path(folder) / name, sluice.strip() + "/sluice")
                regions.append(region)
                region.start_redis()
                region.start_pool(latency_ms=100)
                region.start_intake()
                region.start_worker()
            drill(*regions)
        finally:
            for region in regions:
                region.stop()
    finish("two regions")


def drill(east, west):
    owned = submit(east, "before")
    job = json.loads(get(f"{east.intake}/v1/jobs/{owned}?wait=20", timeout=30))
    check("a healthy region answers", job["status"] == "completed")
    east.kill("redis")
    took = until(east, "/health", 503, within=15)
    check("/health says no when the region's Redis is away", took is not None)
    check("/readyz does not: the spool takes jobs", status(east.intake + "/readyz") == 200)
    check("the other region is healthy", status(west.intake + "/health") == 200)
    late = submit(east, "from a client that still has the old address")
    check("what the sick region accepts waits there", json.loads(get(f"{east.intake}/v1/jobs/{late}"))["status"] == "queued")
    check("a job is known in its own region only", status(f"{west.intake}/v1/jobs/{owned}") == 404)
    moved = submit(west, "after")
    job = json.loads(get(f"{west.intake}/v1/jobs/{moved}?wait=20", timeout=30))
    check("the other region takes new jobs", job["status"] == "completed")
    east.start_redis()
    back = until(east, "/health", 200, within=20)
    check("/health says yes when it is back", back is not None)
    job = json.loads(get(f"{east.intake}/v1/jobs/{late}?wait=30", timeout=40))
    check("and what waited is answered", job["status"] == "completed", job["status"])
    check("what had ended is still known", json.loads(get(f"{east.intake}/v1/jobs/{owned}"))["status"] == "completed")
    print(f"  /health says no {took:.1f} s after the loss of Redis, and yes {back:.1f} s after its return")


main()
