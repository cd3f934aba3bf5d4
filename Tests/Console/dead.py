"""Dead letters: again or away with them, one, some and all."""

from checks import check, eventually, same


def run(console, intake):
    page = console.open("#/dead")
    failed = intake.failed()
    rows = console.rows("Dead letters")
    same("they are listed as the API has them", [row[1] for row in rows], [job["id"] for job in failed][:50])
    same("each with its reason", rows[0][2], failed[0]["error"]["code"].replace("_", " "))
    _one(console, intake, failed[0]["id"])
    _chosen(console, intake, [job["id"] for job in failed[1:3]])
    _sparse(console, intake, failed[-1])
    _all(console, intake)
    check("none is left, and that is said", "No job has failed" in page.inner_text("main"))


def _one(console, intake, job):
    console.press(f"Retry {job}")
    eventually("one is retried by keyboard", lambda: intake.job(job)["status"] != "failed")
    eventually("its row goes", lambda: job not in console.page.inner_text("main"))
    eventually("the focus is in the row that took its place", lambda: console.page.evaluate(
        "!!document.activeElement.closest('tbody tr:first-child')"))


def _chosen(console, intake, jobs):
    console.open("#/dead")
    for job in jobs:
        console.press(f"Choose {job}", key="Space")
    eventually("the choice is counted", lambda: "2 chosen" in console.page.inner_text("main"))
    console.press("Purge chosen")
    console.page.wait_for_selector("dialog[open]")
    console.page.keyboard.press("Escape")
    check("nothing is purged when the question is left", len(intake.failed()) == 59)
    eventually("and the focus is back", lambda: console.focus() == "Purge chosen")
    console.page.keyboard.press("Enter")
    console.answer("Purge")
    eventually("the chosen ones are purged", lambda: len(intake.failed()) == 57)
    eventually("and that is said", lambda: "2 purged" in console.said())


def _sparse(console, intake, job):
    """A filter that fits few of very many: pages that found nothing yet say so, and all that fit are reached."""
    empty = {"object": "list", "data": [], "has_more": True, "first_id": None, "last_id": "job_0_00000000000000000000000000"}
    found = {"object": "list", "data": [job], "has_more": False, "first_id": job["id"], "last_id": job["id"]}
    rare = lambda url: "/v1/jobs?" in url and "reason=rare" in url
    console.page.route(rare, lambda route: route.fulfill(json=found if "after=" in route.request.url else empty))
    page = console.open("#/dead?reason=rare")
    check("a page without a fit says that there are older ones", "There are older ones" in page.inner_text("main"))
    console.press("Older")
    eventually("the next one has it", lambda: [row[1] for row in console.rows("Dead letters")] == [job["id"]])
    console.open("#/dead?reason=rare")
    console.press("Purge all that match…")
    console.answer("Purge")
    eventually("all that match are purged, wherever they are", lambda: "1 purged" in console.said())
    check("and are gone", len(intake.failed()) == 56)
    page.unroute(rare)


def _all(console, intake):
    intake.ask("/v1/queues/batch/resume", {})
    console.open("#/dead")
    console.press("Retry all 56…")
    console.answer("Retry")
    eventually("all are retried", lambda: not intake.failed(), within=30)
    eventually("and counted", lambda: "56 retried" in console.said())
    eventually("the list is empty", lambda: "No job has failed" in console.page.inner_text("main"))
