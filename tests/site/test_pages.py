"""What the pages show: mathematics and the status of the build."""

import pytest

from analysis.site.sphinx.math import to_mathml
from analysis.site.status import status_html


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
