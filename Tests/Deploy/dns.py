"""deploy/aws/dns.yaml."""

import subprocess
from pathlib import Path

from checks import check

PATH = Path("deploy/aws/dns.yaml")


def run():
    run = subprocess.run(["cfn-lint", PATH], capture_output=True, text=True)
    check("cfn-lint finds no fault in dns.yaml", run.returncode == 0, run.stdout + run.stderr)
    text = PATH.read_text()
    check("both regions are asked for /health", text.count("ResourcePath: /health\n") == 2)
    check("and have to say what the intake says", text.count("""SearchString: '"status":"healthy"'""") == 2)
