"""Where keys are asked for."""

import sight
from checks import check, eventually


def run(console, keyed):
    url, keys = keyed
    console.page = page = console.window()
    console.open("#/", url=url)
    eventually("it asks for a key", lambda: "asks for a key" in page.inner_text("main"))
    sight.judge(page, "asking for a key")
    _enter(console, "sk-sluice-wrong")
    eventually("a wrong one is refused in words", lambda: "does not know that key" in page.inner_text("main"))
    sight.judge(page, "a refused key")
    _enter(console, keys["reader"])
    eventually("one that may only read is told what is missing", lambda: "scope admin" in page.inner_text("main"))
    console.open("#/jobs?status=failed", url=url)
    eventually("but sees its jobs, of which there are none", lambda: "Nothing here" in page.inner_text("main"))
    console.press("Forget key")
    eventually("a key can be forgotten", lambda: "asks for a key" in page.inner_text("main"))
    console.open("#/", url=url)
    _enter(console, keys["admin"])
    eventually("an admin sees everything", lambda: len(console.rows("Queues")) == 3)
    kept = page.evaluate("[localStorage.length, document.cookie, sessionStorage.length]")
    check("the key is kept in this tab only", kept == [0, "", 1], kept)
    console.press("Pause interactive")
    eventually("and steers", lambda: console.focus() == "Resume interactive")
    page.keyboard.press("Enter")
    eventually("with the key", lambda: console.focus() == "Pause interactive")
    fresh = console.window()
    console.open("#/", fresh, url=url)
    eventually("another tab asks again", lambda: "asks for a key" in fresh.inner_text("main"))


def _enter(console, key):
    console.tab_to("Key with the scope admin")
    console.page.keyboard.type(key)
    console.page.keyboard.press("Enter")
