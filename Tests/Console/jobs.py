"""Finding jobs, pages of them, and one with its ledger."""

from checks import check, eventually, same


def run(console, intake):
    _list(console, intake)
    _pages(console, intake)
    _one(console, intake)
    _unknown(console)


def _list(console, intake):
    page = console.open("#/jobs")
    console.tab_to("Status")
    page.keyboard.press("ArrowDown")
    eventually("a status is chosen by keyboard", lambda: "status=scheduled" in page.url)
    page = console.open("#/jobs?queue=batch")
    same("what waits is listed as the API has it", [row[0] for row in console.rows("Jobs, queued")],
         [job["id"] for job in intake.ask("/v1/jobs?status=queued&queue=batch")["data"]])
    console.open("#/jobs?status=queued&queue=interactive")
    check("an empty list says so", "Nothing here" in console.page.inner_text("main"))


def _pages(console, intake):
    ids = [job["id"] for job in intake.failed()]
    console.open("#/jobs?status=failed")
    shown = lambda: [row[0] for row in console.rows("Jobs, failed")]
    same("a page has fifty", shown(), ids[:50])
    console.press("Older")
    eventually("the next page goes on where it ended", lambda: shown() == ids[50:])
    console.press("Newer")
    eventually("and back", lambda: shown() == ids[:50])


def _one(console, intake):
    page = console.open("#/jobs")
    console.tab_to("Job id")
    page.keyboard.type(intake.retried)
    page.keyboard.press("Enter")
    page.wait_for_selector(".line")
    same("the heading has the focus after a change of place", console.focus(), "Job")
    ledger = intake.ask(f"/v1/jobs/{intake.retried}/attempts")["data"]
    steps = page.locator(".line li").all_inner_texts()
    same("each attempt is a step, between the beginning and the end", len(steps), len(ledger) + 2)
    for row, step in zip(ledger, steps[1:]):
        check("a step has what the ledger has",
              all(str(part) in step for part in (row["endpoint"], row["outcome"], row["status_code"], row["worker"])), step)
    check("markup in metadata is text", '{"team":"<b>geo</b>"}' in page.inner_text("main"))
    check("the prompt is hidden until asked for", "secret of the Nile" not in page.content())
    console.press("Show prompt")
    eventually("then it is shown", lambda: "secret of the Nile" in page.inner_text("main"))
    answer = intake.job(intake.retried)["result"]["body"]["choices"][0]["message"]["content"]
    check("so is the answer", answer[:40] not in page.content())
    console.press("Show answer")
    eventually("and shown when asked for", lambda: answer[:20] in page.inner_text("main"))


def _unknown(console):
    page = console.open("#/jobs/job_0_00000000000000000000000000")
    eventually("an unknown job is said to be none", lambda: "There is no job of that id" in page.inner_text("main"))
