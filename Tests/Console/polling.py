"""How often the console asks: less while the server is away, not at all while nobody looks."""

from checks import check, eventually

HIDE = """isHidden => { Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
document.dispatchEvent(new Event('visibilitychange')); }"""


def run(console):
    page = console.open("#/")
    asked = lambda: sum(url.endswith("/v1/queues") for url in console.asked)
    before = asked()
    page.wait_for_timeout(4500)
    check("it asks every two seconds or so", 1 <= asked() - before <= 3, asked() - before)
    page.evaluate(HIDE, True)
    before = asked()
    page.wait_for_timeout(4500)
    check("a hidden page asks nothing", asked() == before, asked() - before)
    page.evaluate(HIDE, False)
    # The next time would be in two seconds.
    for _ in range(30):
        if asked() == before:
            page.wait_for_timeout(50)
    check("it asks at once when it is seen again", asked() - before == 1, asked() - before)
    _away(console, page, asked)


def _away(console, page, asked):
    faults = list(console.faults)
    page.route("**/v1/queues", lambda route: route.abort())
    eventually("it says that the server is away, and goes on showing what it knew", lambda: all(
        text in page.inner_text("body") for text in ("cannot be reached", "Not up to date", "interactive")))
    before = asked()
    page.wait_for_timeout(7000)
    check("it asks less and less", asked() - before <= 3, asked() - before)
    page.unroute("**/v1/queues")
    eventually("and finds it again by itself", lambda: "Up to date" in page.inner_text("#link"), within=20)
    console.faults[:] = faults
