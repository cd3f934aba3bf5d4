"""deploy/compose.yaml."""

import subprocess
from pathlib import Path

import yaml

import worker_json
from checks import check

PATH = Path("deploy/compose.yaml")


def run(settings):
    # Debian's docker-compose knows the schema and needs no daemon for it.
    run = subprocess.run(["docker-compose", "-f", PATH, "config"], capture_output=True, text=True)
    check("docker-compose takes the file", run.returncode == 0, run.stderr)
    services = yaml.safe_load(PATH.read_text())["services"]
    for role in ("intake", "worker"):
        service = services[role]
        check(f"compose: {role} runs its role", service["command"][0] == role)
        check(f"compose: {role} keeps its host's name", service["hostname"] == role)
        volume = f"{role}-audit:{Path(settings['audit']['path']).parent}"
        check(f"compose: {role} keeps its audit log", volume in service["volumes"])
        check(f"compose: {role} finds its secrets", any(each.endswith(f":{settings['secrets']['id']}:ro") for each in service["volumes"]))
    port = worker_json.port(settings["intake"]["listen"])
    check("compose: the intake's port", services["intake"]["ports"] == [f"127.0.0.1:{port}:{port}"])
    grace = worker_json.seconds(services["worker"]["stop_grace_period"])
    drain = worker_json.seconds(settings["worker"]["drain"])
    check("compose: a worker has time to drain", drain + worker_json.MARGIN <= grace)
    command = " ".join(services["redis"]["command"])
    check("compose: Redis keeps what it has", "--appendonly yes" in command and "--maxmemory-policy noeviction" in command)
    scraped(services, settings)


def scraped(services, settings):
    config = "deploy/prometheus/prometheus.yml"
    for path in config, "deploy/prometheus/kubernetes.yml":
        run = subprocess.run(["promtool", "check", "config", path], capture_output=True, text=True)
        check(f"promtool takes {path}", run.returncode == 0, run.stdout + run.stderr)
    jobs = yaml.safe_load(Path(config).read_text())["scrape_configs"]
    targets = [target for job in jobs for each in job["static_configs"] for target in each["targets"]]
    wanted = [f"{role}:{worker_json.port(settings[role]['listen'])}" for role in ("intake", "worker")]
    check("prometheus.yml scrapes both roles", targets == wanted)
