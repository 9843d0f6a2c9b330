"""The report on a reader's own people: which of the book's figures it has, and which it names."""

import re
from dataclasses import replace
from io import BytesIO

import pypdf
import pytest

from analysis.own.people.own_pool import own_pool
from analysis.own.people.report.document import Exhibit, report_html, report_pdf, sentences
from analysis.own.people.report.findings import compute_findings
from analysis.own.people.report.first_page import first_page
from analysis.own.people.report.missing_figures import BOOK_FIGURES, missing_figures
from analysis.own.people.report.pages import own_report
from analysis.own.people.report.words import rounded
from analysis.own.people.settings import default_settings
from analysis.settings import ROOT
from tests.own.invented_people import fitted_people

CHAPTERS = sorted({one.chapter for one in BOOK_FIGURES.values()})


@pytest.mark.unit
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_figure_of_the_chapters_on_risk_is_known(chapter):
    text = (ROOT / "notebooks" / f"{chapter}.md").read_text()
    shown = re.findall(r"show_figure\(\s*\w+,\s*name=\"([^\"]+)\"", text)
    assert shown == [name for name, one in BOOK_FIGURES.items() if one.chapter == chapter]


@pytest.mark.unit
def test_what_is_not_drawn_is_named_with_what_it_takes():
    drawn = {name for name, one in BOOK_FIGURES.items() if not one.takes}
    said = missing_figures(name for name in drawn)
    assert len(said) == len(BOOK_FIGURES) - len(drawn)
    assert any("lag-correlation" in line and "several years" in line for line in said)
    assert missing_figures(BOOK_FIGURES) == []


@pytest.fixture(scope="module")
def findings():
    return compute_findings(fitted_people(20_000, ("one",), seed=11), default_settings())


@pytest.fixture(scope="module")
def report(findings):
    return own_report(findings)


@pytest.mark.integration
def test_the_first_page_stands_alone(findings, report):
    """Answer, range, probability, grounds and advice, in print on one page."""
    assert [section.heading for section in report.first_page] == [
        "The answer",
        "What it rests on",
        "What to do",
    ]
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(report_pdf(report))).pages]
    first, second = (" ".join(page.split()) for page in pages[:2])
    assert "What to do" in first and "Beside other populations" not in first
    assert second.find("Beside other populations") < 200
    size = findings.sizes.set_index("case").loc["adjusted"]
    for words in ("Probability that 20,000 people are enough", "90% interval", "to be 95% sure"):
        assert words in first
    assert rounded(size["people"]) in first and rounded(size["high"]) in first


@pytest.mark.integration
@pytest.mark.parametrize(
    ("probability", "says"),
    [(0.0, "are too few: join"), (0.4, "is open (40%): join"), (1.0, "are enough by chance")],
)
def test_advice_follows_the_probability_that_these_people_are_enough(findings, probability, says):
    enough = findings.pool.enough.assign(probability=probability, mcse=0.01)
    moved = replace(findings, pool=replace(findings.pool, enough=enough))
    advice = sentences(first_page(moved)[2])
    assert says in advice[0]
    assert ">99%" in advice[0] or probability < 1
    # A reserve of so much is what a normal total exceeds in one year in twenty.
    k = findings.explained.loc["k_adjusted", "value"]
    assert f"takes up to {100 * 1.645 * k / 20_000**0.5:.1f}%" in advice[1]


@pytest.mark.integration
def test_a_pool_is_enough_as_often_as_the_draws_say(findings):
    fitted, settings = findings.fitted, findings.settings
    enough, size = findings.pool.enough, findings.sizes.set_index("case").loc["adjusted"]
    assert enough["people"].iloc[0] == findings.pool.people == 20_000
    assert enough["probability"].iloc[1:].is_monotonic_increasing
    outside = enough[(enough["people"] < size["low"]) | (enough["people"] > size["high"])]
    assert ((outside["probability"] <= 0.05) | (outside["probability"] >= 0.95)).all()
    # A pool that is as large as the answer overspends as often as is acceptable.
    table = fitted.cells.table.assign(n=fitted.cells.table["n"] * size["people"] / 20_000)
    grown = replace(fitted, cells=replace(fitted.cells, table=table))
    grown._by_maximum[settings.maximum] = fitted.costs(settings.maximum)
    pool = own_pool(grown, settings)
    assert pool.overspends[0] == pytest.approx(settings.probability, rel=0.03)
    assert pool.enough["probability"].iloc[0] == pytest.approx(0.5, abs=0.02)


@pytest.mark.integration
def test_cells_of_one_group_have_no_figures_of_budgets(report):
    parts = [part for section in report.sections for part in section.parts]
    drawn = [part.bundle.name for part in parts if isinstance(part, Exhibit)]
    always = [name for name, one in BOOK_FIGURES.items() if not one.takes]
    assert set(always) <= set(drawn) <= set(BOOK_FIGURES)
    assert not {"chance-and-loss", "profit", "deciles"} & set(drawn)
    page = report_html(report)
    absent = report.numbers["figures_not_drawn"]
    assert len(absent) + len(drawn) == len(BOOK_FIGURES)
    limits = next(s for s in report.sections if s.heading == "What these data cannot tell")
    assert tuple(absent) in [getattr(part, "items", None) for part in limits.parts]
    assert any("several rows" in line for line in report.numbers["cannot_tell"])
    assert "not use" not in page
    assert page.count("<details>") == len(drawn)
    assert report_pdf(report).startswith(b"%PDF")
