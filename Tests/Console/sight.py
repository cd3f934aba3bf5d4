"""Each view as it looks: light and dark, wide and narrow. axe judges it."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from checks import check

FORMS = [("light", 1280, 860), ("dark", 1280, 860), ("light", 390, 844), ("dark", 390, 844)]


def run(console, intake, pictures):
    views = {"overview": "#/", "jobs": "#/jobs?status=failed", "job": f"#/jobs/{intake.retried}", "dead": "#/dead",
             "endpoints": "#/endpoints", "empty": "#/jobs?status=scheduled", "missing": "#/jobs/job_0_00000000000000000000000000"}
    for scheme, width, height in FORMS:
        page = console.window(scheme, width, height)
        for name, place in views.items():
            console.open(place, page)
            page.wait_for_timeout(200)
            judge(page, f"{name}, {scheme}, {width} px")
            if pictures:
                page.screenshot(path=Path(pictures) / f"{name}-{scheme}-{width}.png")
        console.open("#/dead", page)
        page.get_by_role("button", name="Purge all").click()
        judge(page, f"a question, {scheme}, {width} px")
        page.context.close()


def judge(page, where):
    found = [(one["id"], one["nodes"][0]["html"][:120]) for one in Axe().run(page).response["violations"]]
    check(f"axe finds no fault: {where}", not found, found)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    check(f"nothing is wider than the window: {where}", wide <= 0, wide)
