"""Every expression of the dashboard and of the alert rules, and the metrics and labels in it."""

import json
import re
from pathlib import Path

import promql_parser
import yaml

DASHBOARD = Path("deploy/grafana/sluice.json")
RULES = sorted(Path("deploy/prometheus").glob("*.rules.yml"))


def rules():
    for path in RULES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def all_expressions():
    """Pairs of where it stands and PromQL that Prometheus can evaluate."""
    for rule in rules():
        yield rule["alert"], rule["expr"]
    dashboard = json.loads(DASHBOARD.read_text())
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield f"panel {panel['title']!r}", _without_variables(target["expr"])
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            metric, label = re.fullmatch(r"label_values\((\w+), (\w+)\)", variable["query"]).groups()
            yield f"variable {variable['name']!r}", f"count by ({label}) ({metric})"


def _without_variables(text):
    return re.sub(r"\$(queue|endpoint)\b", ".*", text.replace("$__rate_interval", "5m"))


def selectors(text):
    """Pairs of a metric's name and its matchers {label: [values]}; a value that is a pattern is left out."""
    return list(_selectors(promql_parser.parse(text)))


def grouping(text):
    """All labels by which something is grouped or joined."""
    return {label for labels in re.findall(r"\b(?:by|without|on|ignoring) ?\(([^)]*)\)", text)
            for label in re.findall(r"\w+", labels)} - {"le"}


def _selectors(node):
    if isinstance(node, promql_parser.VectorSelector):
        matchers = {}
        for matcher in node.matchers.matchers:
            matchers.setdefault(matcher.name, []).extend(_literals(matcher.value))
        yield node.name, matchers
    elif isinstance(node, promql_parser.MatrixSelector):
        yield from _selectors(node.vector_selector)
    elif isinstance(node, promql_parser.Call):
        for argument in node.args:
            yield from _selectors(argument)
    elif isinstance(node, promql_parser.BinaryExpr):
        yield from _selectors(node.lhs)
        yield from _selectors(node.rhs)
    elif hasattr(node, "expr"):
        yield from _selectors(node.expr)


def _literals(value):
    return [word for word in value.split("|") if re.fullmatch(r"[\w/]+", word)]
