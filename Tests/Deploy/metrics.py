"""A real Prometheus scrapes a running Sluice that has seen good and bad days; every expression is held against what it has.
Runs inside scripts/with-stack."""

import json
import os
import re
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
from pathlib import Path

import backlog
import expressions
import ports
import steering
import traffic
from checks import check, finish, get

INTAKE, WORKERS = os.environ["INTAKE_URL"], os.environ["WORKER_URLS"].split()


def documented_metrics():
    return set(re.findall(r"`(sluice_[a-z_]+)`", Path("docs/events.md").read_text().split("## Metrics")[1]))


def documented_words():
    """Values of labels that a test cannot bring about in a minute: reasons, outcomes, statuses, codes, routes."""
    words = set(re.findall(r"[a-z_]{3,}", Path("docs/outcomes.md").read_text() + Path("docs/events.md").read_text()))
    openapi = Path("docs/openapi.yaml").read_text()
    return words | set(re.findall(r"^  (/\S*):$", openapi, re.M)) | set(re.findall(r"'(\d{3})'", openapi))


def lint(url):
    run = subprocess.run(["promtool", "check", "metrics"], input=get(url + "/metrics"), text=True, capture_output=True)
    check(f"promtool finds no fault in the metrics of {url}", run.returncode == 0, run.stdout + run.stderr)


class Prometheus:
    def __init__(self, folder):
        self.port = ports.free()
        targets = {"sluice-intake": [INTAKE], "sluice-worker": WORKERS}
        config = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(path.resolve()) for path in expressions.RULES],
            "scrape_configs": [
                {"job_name": job, "static_configs": [{"targets": [url.removeprefix("http://") for url in urls]}]}
                for job, urls in targets.items()
            ],
        }
        path = Path(folder) / "prometheus.yml"
        path.write_text(json.dumps(config))
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={path}", f"--storage.tsdb.path={folder}/data", "--log.level=error",
             f"--web.listen-address=127.0.0.1:{self.port}"])

    def ask(self, path, **parameters):
        query = urllib.parse.urlencode(parameters, doseq=True)
        try:
            return json.loads(get(f"http://127.0.0.1:{self.port}/api/v1/{path}?{query}"))["data"]
        except urllib.error.HTTPError as error:
            return {"error": json.load(error)["error"]}

    def scrapes(self):
        """How often each target was scraped, at least."""
        try:
            found = self.ask("query", query='count_over_time(up{job=~"sluice-.*"}[5m])')["result"]
        except OSError:
            return 0
        return min(int(each["value"][1]) for each in found) if len(found) == 1 + len(WORKERS) else 0

    def wait(self, more):
        """Until each target was scraped so many times more."""
        end, wanted = time.monotonic() + 60, self.scrapes() + more
        while self.scrapes() < wanted:
            if time.monotonic() > end:
                raise SystemExit("prometheus does not scrape")
            time.sleep(0.2)

    def series(self):
        """Name of a metric → label → values."""
        known = {}
        for labels in self.ask("series", **{"match[]": '{__name__=~"sluice_.*|up"}'}):
            place = known.setdefault(labels["__name__"], {})
            for label, value in labels.items():
                place.setdefault(label, set()).add(value)
        return known


def hold_expressions(prometheus, known, words):
    for where, text in expressions.all_expressions():
        answer = prometheus.ask("query", query=text)
        check(f"{where} can be evaluated", "error" not in answer, answer)
        metrics = expressions.selectors(text)
        check(f"{where} reads a metric", bool(metrics))
        for name, matchers in metrics:
            check(f"{where}: {name} was scraped", name in known)
            for label, values in matchers.items():
                seen = known.get(name, {}).get(label)
                check(f"{where}: {name} has the label {label}", bool(seen))
                for value in values:
                    check(f"{where}: {label}={value} occurs", value in (seen or ()) or value in words)
        labels = set().union(*(known.get(name, {}) for name, _ in metrics))
        for label in expressions.grouping(text):
            check(f"{where}: one of its metrics has the label {label}", label in labels)


def main():
    with tempfile.TemporaryDirectory() as folder:
        prometheus = Prometheus(folder)
        try:
            prometheus.wait(more=2)
            traffic.run()
            steering.run()
            # What came last is seen, too, and for long enough that there are rates.
            prometheus.wait(more=5)
            known = prometheus.series()
            exposed = {re.sub(r"_(bucket|sum|count)$", "", name) for name in known} - {"up"}
            check("every documented metric was scraped, and no other", exposed == documented_metrics(),
                  exposed ^ documented_metrics())
            hold_expressions(prometheus, known, documented_words())
            for group in prometheus.ask("rules")["groups"]:
                for rule in group["rules"]:
                    check(f"{rule['name']} was evaluated", rule["health"] == "ok", rule.get("lastError"))
            firing = [each["labels"]["alertname"] for each in prometheus.ask("alerts")["alerts"] if each["state"] == "firing"]
            check("no alert fires on such a day", not firing, firing)
            for url in [INTAKE, *WORKERS]:
                lint(url)
            used = {re.sub(r"_(bucket|sum|count)$", "", name)
                    for _, text in expressions.all_expressions() for name, _ in expressions.selectors(text)}
            check("every metric is on the dashboard or in a rule", exposed <= used, exposed - used)
        finally:
            prometheus.process.terminate()
            prometheus.process.wait()
    backlog.run()
    finish("metrics of a running Sluice")


main()
