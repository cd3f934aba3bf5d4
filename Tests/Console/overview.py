"""Rates, queues and the pool; holding a queue back."""

from checks import check, eventually, same


def run(console, intake):
    page = console.open("#/")
    same("the title says where one is", page.title(), "Overview – Sluice")
    _queues(console, intake)
    _pool(console, intake)
    _facts(console, intake)
    _steering(console, intake)


def _queues(console, intake):
    seen = [row[:6] for row in console.rows("Queues")]
    wanted = [
        [queue["name"], "paused" if queue["is_paused"] else "running"]
        + [str(queue["jobs"][state]) for state in ("queued", "scheduled", "in_progress", "failed")]
        for queue in intake.ask("/v1/queues")["data"]]
    same("the queues are those of the API", seen, wanted)
    check("the paused queue tells how long its oldest job waits", console.rows("Queues")[2][6] not in ("", "–"))


def _pool(console, intake):
    seen = [(row[0], row[1]) for row in console.rows("Endpoints of the pool")]
    same("the pool is that of the API", seen, [(one["name"], one["status"]) for one in intake.ask("/v1/endpoints")["data"]])
    same("utilisation is a meter with a name", console.page.locator("meter").first.get_attribute("aria-label"),
         "Utilisation of eastus-ptu")


def _facts(console, intake):
    facts = console.page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.fact')].map(f => [f.children[0].textContent, f.querySelector('b').textContent]))")
    same("what waits is summed up", facts["Waiting"], "7")
    same("dead letters are summed up", facts["Dead letters"], "60")
    for number in range(30):
        intake.submit(f"rate {number}")
    rate = "f => { const b = [...document.querySelectorAll('.fact')].find(e => e.firstChild.textContent === f).querySelector('b'); return parseFloat(b.textContent) > 0 }"
    eventually("what comes in is counted", lambda: console.page.evaluate(rate, "Jobs in"), within=15)
    eventually("what goes out is counted", lambda: console.page.evaluate(rate, "Answers out"), within=15)


def _steering(console, intake):
    console.press("Pause default")
    eventually("a queue is paused by keyboard", lambda: intake.queue("default")["is_paused"])
    eventually("the focus stays on the button, which now resumes", lambda: console.focus() == "Resume default")
    eventually("screen readers are told", lambda: "default is paused" in console.said())
    console.page.keyboard.press("Enter")
    eventually("and resumed", lambda: not intake.queue("default")["is_paused"])
    eventually("and the button pauses again", lambda: console.focus() == "Pause default")
