"""What the pages let a browser run and load, and that they work under that policy."""

import base64
import hashlib
import re
from http.client import HTTPConnection
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from analysis.publish.errors import BuildError
from analysis.publish.products.all_products import PRODUCTS
from analysis.publish.products.security_policy import (
    InlineParts,
    policy,
    security_policies,
    with_policy,
)
from analysis.publish.server import make_server

MARK = '<meta http-equiv="Content-Security-Policy"'
SMALL = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>x</title>{}</head><body>{}</body></html>"""


def digest(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def with_policies(tmp_path, **pages):
    for name, page in pages.items():
        (tmp_path / f"{name}.html").write_text(page)
    security_policies(SimpleNamespace(site=tmp_path))
    return {name: (tmp_path / f"{name}.html").read_text() for name in pages}


@pytest.mark.unit
class TestPolicy:
    def test_scripts_and_styles_of_a_page_are_named_by_their_hash(self, tmp_path):
        head = "<style>p { color: red }</style><script>let a = '&lt;' + \"é\";</script>"
        page = with_policies(tmp_path, one=SMALL.format(head, '<script src="x.js"></script>'))[
            "one"
        ]
        assert digest("p { color: red }") in page
        assert digest("let a = '&lt;' + \"é\";") in page
        assert page.index(MARK) < page.index("<title>"), "it holds for what comes after it"
        assert page.count("sha256") == 3, "a script from a file needs no hash"

    def test_data_that_a_browser_does_not_run_are_not_allowed_as_script(self, tmp_path):
        data = '<script type="application/json">{"a": 1}</script>'
        assert digest('{"a": 1}') not in with_policies(tmp_path, one=SMALL.format("", data))["one"]
        module = '<script type="module">import "./x.mjs";</script>'
        assert (
            digest('import "./x.mjs";')
            in with_policies(tmp_path, one=SMALL.format("", module))["one"]
        )

    def test_a_style_attribute_is_allowed_on_every_page_since_the_search_page_reads_all(
        self, tmp_path
    ):
        pages = with_policies(
            tmp_path, one=SMALL.format("", '<p style="width: 3&#39;">'), two=SMALL.format("", "")
        )
        assert all(digest("width: 3'") in page for page in pages.values())

    def test_and_so_is_a_style(self, tmp_path):
        styled = SMALL.format("", "<style>td { color: red }</style>")
        pages = with_policies(tmp_path, one=styled, two=SMALL.format("", ""))
        assert all(digest("td { color: red }") in page for page in pages.values())

    @pytest.mark.parametrize(
        "body",
        ['<a onclick="steal()">x</a>', '<a href="JavaScript:steal()">x</a>', '<img onerror="x()">'],
    )
    def test_code_in_an_attribute_stops_the_build(self, body, tmp_path):
        with pytest.raises(BuildError, match=r"one\.html has code in an attribute"):
            with_policies(tmp_path, one=SMALL.format("", body))

    def test_a_second_time_changes_nothing(self, tmp_path):
        page = SMALL.format("<script>1</script>", "")
        first = with_policies(tmp_path, one=page)["one"]
        assert with_policies(tmp_path, one=first)["one"] == first
        bare = InlineParts(page)
        assert with_policy(first, policy(bare, set())) == with_policy(page, policy(bare, set()))

    def test_nothing_is_allowed_from_elsewhere_or_in_general(self):
        directives = policy(InlineParts(SMALL.format("", "")), set())
        assert directives.startswith("default-src 'none'; ")
        assert not re.search(r"unsafe-inline|unsafe-eval|https?:|\*", directives)

    def test_it_is_the_last_product_since_a_later_one_could_change_what_was_hashed(self):
        assert PRODUCTS[-1] is security_policies

    @pytest.mark.parametrize("port", [-1, 65_536])
    def test_a_port_that_is_none_is_told(self, port, tmp_path):
        (tmp_path / "index.html").touch()
        with pytest.raises(BuildError, match=f"port {port} is none"):
            make_server(tmp_path, port)

    def test_a_page_without_a_head_stops_the_build(self, tmp_path):
        with pytest.raises(BuildError, match=r"one\.html has no <head>"):
            with_policies(tmp_path, one="<p>text</p>")


@pytest.mark.integration
def test_every_page_has_its_policy_before_anything_it_is_for(pages):
    for name, page in pages.items():
        text = page.text
        assert text.count(MARK) == 1, name
        before = text[: text.index(MARK)]
        assert not re.search(r"<(script|style|link)\b", before), name
        directives = re.search(rf'{MARK} content="([^"]*)"', text)[1]
        parts = InlineParts(text)
        for code in parts.scripts | parts.styles | parts.attributes | parts.handlers:
            assert digest(code) in directives, f"{name}: {code[:60]}"


@pytest.mark.integration
def test_the_local_server_says_how_to_treat_what_it_sends(address):
    connection = HTTPConnection(urlsplit(address).netloc)
    for path in ("/index.html", "/numbers.json", "/no-such-page"):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    connection.close()


INJECT = """async () => {
    const stopped = [];
    document.addEventListener('securitypolicyviolation', e => stopped.push(e.effectiveDirective));
    const add = (name, settings) => document.body.append(
        Object.assign(document.createElement(name), settings));
    add('script', {textContent: 'window.hacked = 1'});
    add('script', {src: 'https://example.org/x.js'});
    add('img', {src: 'https://example.org/x.png'});
    add('iframe', {src: 'https://example.org/'});
    document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.hacked = 1">');
    document.body.insertAdjacentHTML('beforeend', '<p id="red" style="color: rgb(255, 0, 1)">x');
    try { await fetch('https://example.org/') } catch { stopped.push('fetch') }
    await new Promise(done => setTimeout(done, 300));
    const colour = getComputedStyle(document.getElementById('red')).color;
    return {stopped, hacked: window.hacked ?? 0, colour};
}"""


@pytest.fixture(scope="module")
def injected(visit):
    return visit("index.html").page.evaluate(INJECT)


@pytest.mark.integration
@pytest.mark.browser
class TestInTheBrowser:
    def test_what_is_put_into_a_page_is_not_run_or_fetched(self, injected):
        assert injected["hacked"] == 0
        assert injected["colour"] != "rgb(255, 0, 1)"
        sources = {"script-src-elem", "script-src-attr", "img-src", "style-src-attr", "connect-src"}
        assert sources | {"frame-src", "fetch"} <= set(injected["stopped"])

    def test_searching_works_and_breaks_no_rule(self, visit):
        # Found in many pages, tables with a style of their own among them.
        search = visit("search.html?q=pool")
        search.page.wait_for_selector("ul.search li a")
        search.page.wait_for_load_state("networkidle")
        assert search.page.locator("ul.search li").count() > 0
        assert (search.complaints, search.elsewhere) == ([], [])

    def test_the_theme_can_be_switched(self, visit):
        page = visit("index.html").page
        modes = []
        for _ in range(3):
            page.evaluate("document.querySelector('button.theme-switch-button').click()")
            modes.append(page.evaluate("document.documentElement.dataset.mode"))
        assert set(modes) == {"auto", "dark", "light"}

    def test_the_button_for_printing_is_the_only_code_in_an_attribute(self, visit):
        numbers = visit("numbers.html")
        printed = numbers.page.evaluate("""() => {
            let asked = 0;
            window.print = () => { asked += 1 };
            document.querySelectorAll('[onclick]').forEach(each => each.click());
            return asked;
        }""")
        assert printed == numbers.page.locator("[onclick]").count()
        assert numbers.complaints == []

    def test_code_can_be_copied(self, visit):
        code = visit("at-scale.html")
        button = code.page.locator("button.copybtn").first
        button.evaluate("each => each.click()")
        code.page.wait_for_selector("button.copybtn.success")
        assert code.complaints == []
