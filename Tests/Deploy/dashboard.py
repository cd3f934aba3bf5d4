"""deploy/grafana/sluice.json: what Grafana itself would not say."""

import json

from checks import check, finish
from expressions import DASHBOARD

dashboard = json.loads(DASHBOARD.read_text())
panels = dashboard["panels"]
ids = [panel["id"] for panel in panels]
check("every panel has an id of its own", len(set(ids)) == len(ids))
taken = set()
for panel in panels:
    place = panel["gridPos"]
    check(f"{panel['title']} is not wider than the dashboard", place["x"] + place["w"] <= 24)
    cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
    check(f"{panel['title']} lies on no other", not cells & taken)
    taken |= cells
    if panel["type"] == "row":
        continue
    check(f"{panel['title']} reads the chosen data source",
          all(each["datasource"]["uid"] == "${datasource}" for each in [panel, *panel["targets"]]))
    check(f"{panel['title']} has a unit", panel["type"] == "state-timeline" or panel["fieldConfig"]["defaults"]["unit"])
titles = [panel["title"] for panel in panels if panel["type"] == "row"]
for subject in ("Traffic", "Queue", "Where the time goes", "Attempts", "Breakers and gates", "Capacity and tokens",
                "Cache", "Durability", "Fleet", "What is told"):
    check(f"there is a row {subject}", subject in titles)
finish("dashboard")
