"""One style sheet and one script for all pages, and what the sheet leaves out."""

import re
from types import SimpleNamespace

import pytest

from analysis.publish.errors import BuildError
from analysis.publish.products.bundles import bundles, names_of, scripts_used
from analysis.publish.products.style_sheets import Names, assembled, can_match, needed, rules

pytestmark = pytest.mark.unit

HERE = Names(frozenset({"a", "b", "top", "sm:x"}), ("tip-",))


class TestRules:
    def test_blocks_and_statements_are_told_apart(self):
        sheet = '@charset "utf-8"; .a { color: red } @media print { .b { x: y } .c { } } p{}'
        assert list(rules(sheet)) == [
            ('@charset "utf-8"', None),
            (".a", "color: red"),
            ("@media print", ".b { x: y } .c { }"),
            ("p", ""),
        ]

    @pytest.mark.parametrize(
        "rule",
        [
            '.a{content: "}"}',
            ".a{background: url(data:image/svg+xml;utf8,{x;y})}",
            ".a{content: '\\'{'}",
        ],
    )
    def test_signs_within_texts_and_brackets_end_nothing(self, rule):
        assert needed(f"{rule}.b{{x: y}}", HERE) == f"{rule}\n.b{{x: y}}"

    def test_a_comment_is_nothing(self):
        assert needed("/* .a { */ .b{x: y} /* } */", HERE) == ".b{x: y}"


class TestWhatIsNeeded:
    @pytest.mark.parametrize(
        "selector",
        [
            "p", "*", ":root", ".a", "p.a > .b::before", "#top", ".a:not(.gone)",
            ".a:is(.gone, .b)", ":where(.gone:not(.b)) p", '[class*=".gone"]', ".sm\\:x",
            ".tip-left",
        ],
    )  # fmt: skip
    def test_a_selector_that_may_match_stays(self, selector):
        assert can_match(selector, HERE)
        assert needed(f"{selector}{{x: y}}", HERE) == f"{selector}{{x: y}}"

    @pytest.mark.parametrize("selector", [".gone", ".a .gone", "#gone", ".a.gone:not(.b)", ".tip"])
    def test_one_that_cannot_goes(self, selector):
        assert not can_match(selector, HERE)
        assert needed(f"{selector}{{x: y}}", HERE) == ""

    def test_of_several_only_those_that_may_match_stay(self):
        assert needed(".a:is(.b, .gone), .gone, p { x: y }", HERE) == ".a:is(.b, .gone),p{x: y}"

    def test_a_group_goes_with_its_last_rule(self):
        sheet = "@media print { .gone { x: y } } @media screen { .a { x: y } .gone { x: y } }"
        assert needed(sheet, HERE) == "@media screen{.a{x: y}}"

    def test_what_is_no_style_of_an_element_stays(self):
        sheet = "@keyframes turn{from{x: 1}to{x: 2}}\n@font-face{src: url(x.woff2)}"
        assert needed(sheet, HERE) == sheet


def test_addresses_and_imports_are_adapted_to_the_new_place():
    files = {
        "_static/styles/one.css": '@import "../two.css"; .a{background: url("../i/x.svg")}',
        "_static/two.css": ".b{background: url(y.svg), url(data:,z), url(#f)}",
    }
    text = assembled("_static/styles/one.css", files.__getitem__, "_static")
    assert 'url("i/x.svg")' in text
    assert "url(y.svg), url(data:,z), url(#f)" in text
    assert text.index(".b") < text.index(".a"), "what is imported comes first"


PAGE = """<html><head>
<link rel="stylesheet" href="{up}_static/one.css?v=1" />
<link href="{up}_static/styles/two.css" rel="stylesheet" />
<link rel="icon" href="{up}_static/icon.svg" />
<script src="{up}_static/documentation_options.js"></script>
<script src="{up}_static/one.js?v=2"></script>
<script>let x = 1;</script>
<script data-x="y" src="{up}_static/alone.js"></script>
<script src="{up}_static/two.js"></script>
<script type="module" src="{up}_static/three.mjs"></script>
{more}</head><body><p class="a">x</p></body></html>"""


@pytest.fixture
def site(tmp_path):
    texts = {
        "_static/one.css": ".a{x: y}.gone{x: y}",
        "_static/styles/two.css": ".made{background: url(../x.svg)}.icon-home{x: y}",
        "_static/one.js": '"use strict";\nadd("made")\n//# sourceMappingURL=one.js.map',
        "_static/two.js": "two()",
        "_static/alone.js": "alone()",
        "_static/three.mjs": "import './four.mjs'",
        "_static/four.mjs": "four()",
        "_static/documentation_options.js": "",
        "_static/unused.js": "icon-home",
        "index.html": PAGE.format(up="", more=""),
        "notebooks/one.html": PAGE.format(up="../", more=""),
        "search.html": PAGE.format(up="", more='<script src="searchindex.js"></script>\n'),
        "moved.html": "<html><head></head></html>",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def links(site, name):
    text = (site / name).read_text()
    return re.findall(r'<link rel="stylesheet" href="([^"]+)"', text), re.findall(
        r"<script ([^>]+)>", text
    )


class TestBundles:
    def test_pages_share_one_sheet_and_one_script(self, site):
        bundles(SimpleNamespace(site=site))
        (sheet,), scripts = links(site, "index.html")
        (deeper,), deeper_scripts = links(site, "notebooks/one.html")
        assert deeper == f"../{sheet}"
        assert (site / sheet).read_text() == ".a{x: y}\n.made{background: url(x.svg)}"
        together = next(each for each in scripts if "/site-" in each)
        assert together.replace('src="', 'src="../') in deeper_scripts
        text = (site / re.search('src="([^"]+)"', together)[1]).read_text()
        assert text.index('add("made")') < text.index("two()")
        assert text.startswith(";"), "the strictness of one script is not that of all"
        assert "sourceMappingURL" not in text

    def test_only_the_options_hold_up_a_page(self, site):
        bundles(SimpleNamespace(site=site))
        _, scripts = links(site, "index.html")
        waiting = [each for each in scripts if not re.search(r"\bdefer\b|module", each)]
        assert waiting == ['src="_static/documentation_options.js"']
        assert 'defer data-x="y" src="_static/alone.js"' in scripts
        assert "<script>let x = 1;</script>" in (site / "index.html").read_text()

    def test_the_search_page_keeps_its_scripts_and_shares_the_sheet(self, site):
        before = links(site, "search.html")[1]
        bundles(SimpleNamespace(site=site))
        sheets, scripts = links(site, "search.html")
        assert scripts == before
        assert sheets == links(site, "index.html")[0]

    def test_a_page_without_either_is_left_alone(self, site):
        before = (site / "moved.html").read_text()
        bundles(SimpleNamespace(site=site))
        assert (site / "moved.html").read_text() == before

    def test_a_second_time_changes_no_page(self, site):
        bundles(SimpleNamespace(site=site))
        first = links(site, "index.html")
        bundles(SimpleNamespace(site=site))
        assert len(links(site, "index.html")[0]) == len(first[0]) == 1

    def test_a_script_that_nothing_loads_names_nothing(self, site):
        pages = [(site / "index.html").read_text()]
        assert "four()" in scripts_used(site, pages)
        assert "icon-home" not in scripts_used(site, pages)
        names = names_of(site, pages)
        assert names.has("made") and names.has("a") and not names.has("icon-home")

    def test_a_sheet_that_is_not_there_stops_the_build(self, site):
        (site / "_static" / "one.css").unlink()
        with pytest.raises(BuildError, match=r"_static/one\.css"):
            bundles(SimpleNamespace(site=site))
