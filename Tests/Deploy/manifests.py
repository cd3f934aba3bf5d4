"""What orchestrators will read: valid by their own rules, and in agreement with worker.json."""

import json
from pathlib import Path

import compose
import container
import dns
import kubernetes
import units
from checks import finish

settings = json.loads(Path("deploy/kubernetes/base/worker.json").read_text())
kubernetes.run(settings)
container.run(settings)
compose.run(settings)
units.run(settings)
dns.run()
finish("manifests")
