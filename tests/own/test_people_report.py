"""The report on a reader's own people: which of the book's figures it has, and which it names."""

import re

import pytest

from analysis.own.people.report.document import Drawing, report_html, report_pdf
from analysis.own.people.report.findings import compute_findings
from analysis.own.people.report.missing_figures import BOOK_FIGURES, missing_figures
from analysis.own.people.report.pages import own_report
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
def report():
    fitted = fitted_people(20_000, ("one",), seed=11)
    return own_report(compute_findings(fitted, default_settings()))


@pytest.mark.integration
def test_cells_of_one_group_have_no_figures_of_budgets(report):
    parts = [part for section in report.sections for part in section.parts]
    drawn = [part.bundle.name for part in parts if isinstance(part, Drawing)]
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
