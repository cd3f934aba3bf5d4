"""deploy/kubernetes, built as kubectl builds it."""

import json
import subprocess
import tempfile
from pathlib import Path

import jsonschema
import yaml

import worker_json
from checks import check

FOLDER = Path("deploy/kubernetes")
VERSIONS = ["1.31", "1.33", "1.35"]


def build(overlay):
    text = subprocess.run(["kubectl", "kustomize", FOLDER / overlay], capture_output=True, text=True, check=True).stdout
    return text, list(yaml.safe_load_all(text))


def run(settings):
    path = FOLDER / "base/worker.json"
    fault = worker_json.fault(path, settings)
    check(f"sluice check takes {path}", not fault, fault)
    base, scaled = build("base"), build("overlays/keda")
    for text, objects in (base, scaled):
        validate(text, objects)
    objects = {(each["kind"], each["metadata"]["name"]): each for each in base[1]}
    role("intake", objects, settings, worker_json.port(settings["intake"]["listen"]))
    role("worker", objects, settings, worker_json.port(settings["worker"]["listen"]))
    worker(objects, settings)
    scaling(objects, scaled[1], settings)


def validate(text, objects):
    core = [each for each in objects if not each["apiVersion"].startswith("keda.sh/")]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump_all(core, file)
        file.flush()
        for version in VERSIONS:
            run = subprocess.run(["kubernetes-validate", "--strict", "-k", version, file.name],
                                 capture_output=True, text=True)
            said = run.stdout + run.stderr
            check(f"valid for Kubernetes {version}", run.returncode == 0 and "WARN" not in said, said)
    schema = json.loads(Path("Tests/Deploy/keda.schema.json").read_text())
    for each in objects:
        if each not in core:
            faults = [fault.message for fault in jsonschema.Draft202012Validator(schema).iter_errors(each)]
            check(f"{each['kind']} is valid for KEDA", not faults, faults)


def role(name, objects, settings, port):
    spec = objects["StatefulSet", f"sluice-{name}"]["spec"]
    pod = spec["template"]["spec"]
    container = pod["containers"][0]
    label = {"app.kubernetes.io/component": name, "app.kubernetes.io/name": "sluice"}
    check(f"{name}: runs the role", container["args"][0] == name)
    check(f"{name}: listens on its port", container["ports"][0]["containerPort"] == port)
    for probe, path in ("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz"):
        check(f"{name}: {probe}", container[probe]["httpGet"] == {"path": path, "port": container["ports"][0]["name"]})
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    check(f"{name}: the audit log is on a volume", Path(settings["audit"]["path"]).parent == Path(mounts["audit"]))
    check(f"{name}: which outlives the pod", spec["volumeClaimTemplates"][0]["metadata"]["name"] == "audit")
    check(f"{name}: secrets are where worker.json looks", mounts["secrets"] == settings["secrets"]["id"])
    check(f"{name}: worker.json is where the arguments say",
          container["args"][2] == mounts["config"] + "/worker.json")
    safe = container["securityContext"]
    check(f"{name}: not root, nothing writable but volumes",
          pod["securityContext"]["runAsNonRoot"] and safe["readOnlyRootFilesystem"]
          and not safe["allowPrivilegeEscalation"] and safe["capabilities"] == {"drop": ["ALL"]})
    check(f"{name}: has resources", {"cpu", "memory"} <= set(container["resources"]["requests"]))
    check(f"{name}: is spread", len(pod["topologySpreadConstraints"]) == 2)
    budget = objects["PodDisruptionBudget", f"sluice-{name}"]["spec"]
    check(f"{name}: has a disruption budget", budget["selector"]["matchLabels"] == label)
    check(f"{name}: which lets one go", budget["maxUnavailable"] in (1, "25%"))
    service = objects["Service", spec["serviceName"]]["spec"]
    check(f"{name}: its pods have names", service["clusterIP"] == "None" and service["selector"] == label)
    policy = objects["NetworkPolicy", f"sluice-{name}"]["spec"]
    check(f"{name}: its port is let in", policy["ingress"][0]["ports"][0]["port"] == port)
    out = {entry["port"] for rule in policy["egress"] for entry in rule["ports"]}
    check(f"{name}: names, Redis and a collector of traces can be reached", {53, 6379, 4318} <= out, out)


def worker(objects, settings):
    pod = objects["StatefulSet", "sluice-worker"]["spec"]["template"]["spec"]
    grace, drain = pod["terminationGracePeriodSeconds"], worker_json.seconds(settings["worker"]["drain"])
    check("a worker has time to drain", drain + worker_json.MARGIN <= grace, (drain, grace))
    check("one process in a pod: its port is the one that is probed", settings["worker"]["processes"] == 1)
    live = pod["containers"][0]["livenessProbe"]
    check("a worker that waits for other journals is not killed",
          live["periodSeconds"] * live.get("failureThreshold", 3) >= 30)


def scaling(objects, scaled, settings):
    limits = objects["HorizontalPodAutoscaler", "sluice-worker"]["spec"]
    target = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "sluice-worker"}
    check("2 to 20 workers", (limits.get("minReplicas"), limits.get("maxReplicas")) == (2, 20))
    check("at 60 % of their CPU", limits["metrics"][0]["resource"]["target"]["averageUtilization"] == 60)
    check("the autoscaler scales workers", limits["scaleTargetRef"] == target)
    check("replicas of workers are the autoscaler's", "replicas" not in objects["StatefulSet", "sluice-worker"]["spec"])
    kinds = [each["kind"] for each in scaled]
    check("KEDA's autoscaler is the only one", "HorizontalPodAutoscaler" not in kinds)
    spec = next(each for each in scaled if each["kind"] == "ScaledObject")["spec"]
    check("KEDA scales workers", spec["scaleTargetRef"] == target)
    check("between the same limits", (spec["minReplicaCount"], spec["maxReplicaCount"]) == (2, 20))
    triggers = [(each["type"], each["metadata"]) for each in spec["triggers"]]
    streams = {metadata["stream"] for type, metadata in triggers if type == "redis-streams"}
    check("every queue's stream is looked at", streams == {f"sluice{{0}}:stream:{name}" for name in settings["queues"]})
    lists = [metadata for type, metadata in triggers if type == "redis"]
    check("leases count", [each["listName"] for each in lists] == ["sluice{0}:leases"])
    check("and ask for less than a worker holds", int(lists[0]["listLength"]) < settings["worker"]["concurrency"])
    names = {each["metadata"]["name"] for each in scaled if each["kind"] == "TriggerAuthentication"}
    used = {each["authenticationRef"]["name"] for each in spec["triggers"] if "authenticationRef" in each}
    check("triggers have their keys", used == names)
