"""Each alert fires in one test and stays silent in another, and docs/operations.md says what to do."""

import re
import subprocess
from pathlib import Path

import yaml

import expressions
from checks import check, finish

TESTS = sorted(Path("deploy/prometheus").glob("*.rules_test.yml"))
headings = set(re.findall(r"^### (Sluice\w+)$", Path("docs/operations.md").read_text(), re.M))

for path in expressions.RULES:
    run = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True)
    check(f"promtool finds no fault in {path}", run.returncode == 0, run.stdout + run.stderr)
for path in TESTS:
    run = subprocess.run(["promtool", "test", "rules", path.name], cwd=path.parent, capture_output=True, text=True)
    check(f"the tests of {path} pass", run.returncode == 0, run.stdout + run.stderr)

fires, silent = set(), set()
for path in TESTS:
    for case in yaml.safe_load(path.read_text())["tests"]:
        for test in case["alert_rule_test"]:
            (fires if test["exp_alerts"] else silent).add(test["alertname"])

names = {rule["alert"] for rule in expressions.rules()}
for name in sorted(names):
    check(f"{name} fires in a test", name in fires)
    check(f"{name} is silent in a test", name in silent)
    check(f"{name} has a paragraph in docs/operations.md", name in headings)
check("every paragraph is of an alert", headings <= names, headings - names)
for rule in expressions.rules():
    check(f"{rule['alert']} names its paragraph",
          rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}")
    check(f"{rule['alert']} is critical or a warning", rule["labels"]["severity"] in ("critical", "warning"))
finish("alerts")
