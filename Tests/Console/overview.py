"""Rates, queues and the pool; what holds jobs back; holding a queue back."""

from checks import check, eventually, same
from intake import ENDPOINTS


def run(console, intake):
    page = console.open("#/")
    same("the title says where one is", page.title(), "Overview – Sluice")
    _queues(console, intake)
    _pool(console, intake)
    _facts(console, intake)
    _pool_closed(console, intake)
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
    eventually("what comes in is counted", lambda: console.page.evaluate(rate, "Jobs in, this intake"), within=15)
    eventually("what goes out is counted", lambda: console.page.evaluate(rate, "Answers out"), within=15)


def _notices(console):
    return console.page.evaluate("[...document.querySelectorAll('.notice')].map(e => e.textContent)")


def _pool_closed(console, intake):
    paused = "Queue batch is paused. Its jobs are kept, and none is started."
    same("it is said that a queue is paused, and no more", _notices(console), [paused])
    for name in ENDPOINTS:
        intake.ask(f"/v1/endpoints/{name}/drain", {})
    closed = "Every endpoint is closed at the moment. Jobs wait, nothing is lost. "
    eventually("it is said that every endpoint is drained", lambda: _notices(console) == [
        closed + "All were drained by hand, and stay so until one is put back.", paused])
    for name in ENDPOINTS:
        intake.ask(f"/v1/endpoints/{name}/undrain", {})
    eventually("and no longer", lambda: _notices(console) == [paused])
    pool = intake.ask("/v1/endpoints")
    for number, one in enumerate(pool["data"]):
        one["gates"]["throttle"] = {"closed_for_seconds": 20 + number}
    console.page.route("**/v1/endpoints", lambda route: route.fulfill(json=pool))
    eventually("it is said when the first of them is tried again", lambda: _notices(console) == [
        closed + "The first of them is tried again in 20 s.", paused])
    pool["data"][1]["gates"]["throttle"] = None
    eventually("nothing is said while one is open", lambda: _notices(console) == [paused])
    console.page.unroute("**/v1/endpoints")


def _steering(console, intake):
    console.press("Pause default")
    eventually("a queue is paused by keyboard", lambda: intake.queue("default")["is_paused"])
    eventually("both are named", lambda: _notices(console) == [
        "Queues default, batch are paused. Their jobs are kept, and none is started."])
    eventually("the focus stays on the button, which now resumes", lambda: console.focus() == "Resume default")
    eventually("screen readers are told", lambda: "default is paused" in console.said())
    console.page.keyboard.press("Enter")
    eventually("and resumed", lambda: not intake.queue("default")["is_paused"])
    eventually("and the button pauses again", lambda: console.focus() == "Pause default")
