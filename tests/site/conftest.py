"""One Chromium and one server for all tests of the built site."""

import json
import os
from threading import Thread

import pytest
from playwright.sync_api import sync_playwright

from analysis.publish.project import Project
from analysis.publish.server import make_server
from tests.site.chromium import arguments, find_chromium
from tests.site.markup import covering, page_at, worth_a_visit

SITE = Project().site
PAGES = sorted(
    p.relative_to(SITE).as_posix() for p in SITE.rglob("*.html") if "_static" not in p.parts
)
"""Every page; the tests of files read them all."""

VISITED = worth_a_visit(SITE, PAGES)
"""Those a browser opens: all, but of the many made by one template only a few."""

TYPICAL = covering(SITE, VISITED)
"""A few of those that together have every kind of element."""

EXPLORERS = ("minimum-size", "stop-loss", "share-at-risk", "phase-in")

CHAPTERS = [page for page in VISITED if page.startswith("notebooks/")]


def missing(what):
    """Skip in one line, or fail where nothing may be skipped."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


@pytest.fixture(scope="session")
def site():
    """Return the folder of the built site."""
    if not PAGES:
        missing("the site is not built: run `make book`")
    return SITE


@pytest.fixture(scope="session")
def pages(site):
    """Return every page, read and parsed once, by its address."""
    return {name: page_at(site / name) for name in PAGES}


@pytest.fixture(scope="session")
def explorer_files(site):
    """Return the tables of every explorer, as the page reads them."""
    if not (site / "explorers").is_dir():
        missing("the site has no explorers: run `make book`")
    return {name: json.loads((site / f"explorers/{name}.json").read_text()) for name in EXPLORERS}


@pytest.fixture(scope="session")
def numbers(site):
    """Return every published number by id."""
    return {row["id"]: row for row in json.loads((site / "numbers.json").read_text())["numbers"]}


@pytest.fixture(scope="session")
def address(site):
    """Serve the site; return its address, with a final slash."""
    server = make_server(site, 0)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium():
    """Start the browser; closed with the module, since its event loop would block a build."""
    place = find_chromium()
    if place is None:
        missing("no Chromium: run .ci/browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=arguments())
        yield browser
        browser.close()


class Visit:
    """A page that was opened, and what it asked for and complained of."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.elsewhere, self.complaints, self.failed = [], [], []
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", lambda r: r.status >= 400 and self.failed.append(r.url))

    def _request(self, request):
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def _console(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def open(self, name):
        """Open one page of the site, with everything it loads."""
        self.page.goto(self.address + name, wait_until="load")
        return self


@pytest.fixture(scope="module")
def visit(chromium, address):
    """Return a function that opens a page of the site in a tab of its own."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",  # a colour half-way through a fade has no contrast to judge
    )
    opened = []

    def open_page(name):
        # One tab at a time: open ones would go on using the processor.
        while opened:
            opened.pop().close()
        page = context.new_page()
        opened.append(page)
        return Visit(page, address).open(name)

    yield open_page
    context.close()


@pytest.fixture(scope="module")
def ready(visit):
    """Return a function that opens a page at some width and waits until a part of it stands."""

    def open_page(address, selector, width=None):
        opened = visit(address)
        if width:
            opened.page.set_viewport_size({"width": width, "height": 844})
        opened.page.wait_for_selector(selector, timeout=20_000)
        return opened

    return open_page
