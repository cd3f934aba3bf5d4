"""The pool in detail, and taking an endpoint out of it."""

import time

from checks import check, eventually, same

NAME = "eastus-ptu"


def run(console, intake):
    console.open("#/endpoints")
    shown = {row[0]: row for row in console.rows("Endpoints")}
    for one in intake.ask("/v1/endpoints")["data"]:
        check("an endpoint is shown with region and tier", one["region"] in shown[one["name"]][8] and one["tier"] in shown[one["name"]][9])
    usage = intake.ask("/v1/usage?hours=24")["data"]
    same("tokens are shown by endpoint and queue", len(console.rows("Tokens of the last 24 hours")), len(usage))
    _drain(console, intake)
    _undrain(console, intake)


def _drain(console, intake):
    console.press(f"Drain {NAME}")
    console.answer("Drain")
    eventually("an endpoint is drained by keyboard", lambda: intake.endpoint(NAME)["status"] == "drained")
    time.sleep(1)
    used = set()
    for job in [intake.submit(f"drained {number}") for number in range(40)]:
        check("its jobs are done elsewhere", intake.job(job, wait=20)["status"] == "completed")
        used |= {row["endpoint"] for row in intake.ask(f"/v1/jobs/{job}/attempts")["data"]}
    check("a second later no worker calls it", NAME not in used, used)
    eventually("the table says since when", lambda: "by hand, since" in console.rows("Endpoints")[0][2])


def _undrain(console, intake):
    eventually("the focus is on the button that puts it back", lambda: console.focus() == f"Undrain {NAME}")
    console.page.keyboard.press("Enter")
    eventually("it is put back by keyboard", lambda: intake.endpoint(NAME)["drained_at"] is None)
    eventually("and called again", lambda: NAME in [
        row["endpoint"] for row in intake.ask(f"/v1/jobs/{_done(intake)}/attempts")["data"]])


def _done(intake):
    job = intake.submit(f"back {time.monotonic()}")
    intake.job(job, wait=20)
    return job
