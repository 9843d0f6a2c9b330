"""What the pages show: mathematics, cards and citations."""

import pytest

from analysis.report import record
from analysis.report.cards import card_html
from analysis.report.citations import Work, bibtex_entry, plain_citation, read_work
from analysis.report.sphinx_math import to_mathml
from analysis.report.status import status_html

WORK = Work("Ten Suggestions, Tested", "The contributors", "2026", "https://book.example/")


@pytest.mark.unit
def test_mathematics_is_mathml_with_its_source_as_text():
    mathml = to_mathml(r"\frac{k^2}{N} < \tau^2", display=True)
    assert mathml.startswith("<math alttext=")
    assert "<mfrac>" in mathml
    assert "\\frac{k^2}{N} &lt; \\tau^2" in mathml


@pytest.mark.unit
@pytest.mark.parametrize("frame", ["{}", r"\begin{{aligned}}{}\end{{aligned}}"])
def test_lines_are_aligned_whether_told_or_not(frame):
    assert to_mathml(frame.format(r"a &= b \\ c &= d"), display=True).count("<mtr>") == 2


@pytest.mark.unit
@pytest.mark.parametrize("latex", [r"\nosuchcommand x", r"\begin{nosuch}a & b\end{nosuch}"])
def test_mathematics_that_is_not_understood_is_refused(latex):
    with pytest.raises(ValueError, match="mathematics"):
        to_mathml(latex)


@pytest.mark.unit
def test_a_card_has_the_number_as_its_address_and_escapes_text(records, draws, fields):
    flip = {"assumption": "k <sd>", "value": 2.8, "unit": "", "meaning": "the advice turns"}
    flip["unit"] = "ratio"
    made = record("toy.chance", draws, **fields, flip_point=flip, assumptions=["A & B"])
    html = card_html(made, WORK, "notebooks/toy.html", "Toy")
    assert '<article class="number-card" id="toy.chance"' in html
    assert "k &lt;sd&gt; = 2.8 ratio" in html
    assert "A &amp; B" in html
    assert '<a href="notebooks/toy.html">Toy</a>' in html


@pytest.mark.unit
def test_citations_name_value_version_and_address(records, draws, fields):
    made = record("toy.chance", draws, **fields)
    plain = plain_citation(made, WORK)
    assert "8.0% (90% interval 6.6%–9.4%)" in plain
    assert plain.endswith("https://book.example/numbers.html#toy.chance")
    bibtex = bibtex_entry(made, WORK)
    assert bibtex.startswith("@misc{tensuggestions_toy_chance,")
    assert r"8.0\% (90\% interval 6.6\%--9.4\%)" in bibtex
    assert bibtex.count("{") == bibtex.count("}")


@pytest.mark.unit
def test_the_year_is_that_of_the_release_or_left_out(tmp_path, records, draws, fields):
    assert read_work(tmp_path, "T", "A").year == ""
    assert "year" not in bibtex_entry(
        record("toy.x", draws, **fields), read_work(tmp_path, "T", "A")
    )
    (tmp_path / "CITATION.cff").write_text("date-released: 2026-03-01\n")
    assert read_work(tmp_path, "T", "A").year == "2026"


@pytest.mark.unit
def test_the_status_table_escapes_its_cells():
    row = {
        "notebook": "<toy>",
        "result": "finished",
        "seconds": 1.6,
        "cells": 3,
        "numbers": 1,
        "sampling": "no stamp",
        "code": "abc",
        "data": {"rand_hie": "0123456789abcdef0123"},
    }
    html = status_html([row])
    assert "&lt;toy&gt;" in html
    assert "rand_hie 0123456789abcdef<" in html
