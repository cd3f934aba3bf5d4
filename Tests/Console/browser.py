"""Chromium with the console in it, used by keyboard; whatever it complains of is kept."""

from urllib.parse import urlsplit

from checks import check
from playwright.sync_api import sync_playwright


class Console:
    def __init__(self, url):
        self.url = url
        self.faults, self.foreign, self.asked = [], [], []

    def __enter__(self):
        self.driver = sync_playwright().start()
        self.browser = self.driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        self.page = self.window()
        return self

    def __exit__(self, *_):
        self.browser.close()
        self.driver.stop()

    def window(self, scheme="light", width=1280, height=860):
        context = self.browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
        page = context.new_page()
        page.on("console", lambda said: self._note(said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self._asked)
        return page

    def _note(self, kind, text):
        # A refusal that the console shows in words is noted by the browser, too.
        if kind in ("error", "warning") and not any(f"status of {code}" in text for code in (401, 403, 404)):
            self.faults.append(text)

    def _asked(self, request):
        self.asked.append(request.url)
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self.foreign.append(request.url)

    def judge(self):
        check("the browser finds no fault with the console", not self.faults, self.faults[:5])
        check("nothing is asked of another host", not self.foreign, self.foreign[:5])

    def open(self, place, page=None, url=None):
        page = page or self.page
        page.goto("about:blank")
        page.goto(f"{url or self.url}/console{place}")
        page.wait_for_selector("main h1")
        # Not by a function: the page allows no text as a script, and what is asked more than once is one.
        page.wait_for_selector("[aria-busy]", state="detached")
        return page

    def tab_to(self, name, most=400):
        """Presses Tab until the focus is on what has this name; says whether it got there."""
        for _ in range(most):
            if self.focus() == name:
                return True
            self.page.keyboard.press("Tab")
        check(f"the focus gets to {name!r} by Tab", False, self.focus())
        return False

    def focus(self):
        return self.page.evaluate(
            "(() => { const e = document.activeElement;"
            " return e.getAttribute('aria-label') ?? (e.labels?.[0]?.firstChild.textContent || e.textContent).trim(); })()")

    def press(self, name, key="Enter"):
        if self.tab_to(name):
            self.page.keyboard.press(key)

    def answer(self, name):
        """Of the question that is asked."""
        self.page.wait_for_selector("dialog[open]")
        self.press(name)

    def said(self):
        return self.page.text_content("#said")

    def rows(self, caption, page=None):
        """The cells of a table, row by row."""
        return (page or self.page).evaluate(
            "caption => [...document.querySelectorAll('table')].find(t => t.caption.textContent === caption)"
            " ? [...[...document.querySelectorAll('table')].find(t => t.caption.textContent === caption).tBodies[0].rows]"
            ".map(r => [...r.cells].map(c => c.innerText.trim())) : []", caption)
