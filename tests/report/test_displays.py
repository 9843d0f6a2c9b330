"""Figures, tables and stamps: what they carry, and what they refuse."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.report.figures import FIGURE_MIME, show_figure, style
from analysis.report.stamps import stamp
from analysis.report.tables import TABLE_MIME, cell_text, show_table

ALT = "A line that falls from left to right: chance falls as the pool grows."
TABLE = pd.DataFrame({"Pool": ["small", "<i>large</i>"], "Size": [5000, 100_000]})


def drawn():
    with style():
        fig, ax = plt.subplots()
        ax.plot([1, 2, 3])
    return fig


@pytest.mark.unit
def test_a_figure_carries_caption_text_and_data():
    others = plt.get_fignums()
    bundle = show_figure(drawn(), name="toy", caption="Caption", alt=ALT, data=TABLE)
    mime = bundle._repr_mimebundle_()
    assert set(mime[FIGURE_MIME]) == {"name", "caption", "alt", "svg", "csv"}
    assert mime[FIGURE_MIME]["csv"].startswith("Pool,Size\nsmall,5000\n")
    assert mime["image/png"].startswith("iVBOR")
    assert plt.get_fignums() == others


@pytest.mark.unit
def test_the_same_figure_is_the_same_bytes():
    first, second = (
        show_figure(drawn(), name="toy", caption="C", alt=ALT, data=TABLE) for _ in range(2)
    )
    assert first == second


@pytest.mark.unit
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"alt": "A line."}, "must be a sentence that states the finding"),
        ({"alt": ""}, "alt must be"),
        ({"data": None}, "data must be a DataFrame"),
        ({"data": pd.DataFrame()}, "data must be a DataFrame with rows"),
        ({"name": "Toy Figure"}, "lower-case words joined by hyphens"),
        ({"caption": ""}, "caption must be"),
    ],
)
def test_a_figure_without_its_parts_is_refused(change, message):
    given = {"name": "toy", "caption": "Caption", "alt": ALT, "data": TABLE, **change}
    fig = drawn()
    with pytest.raises(InputError, match=message):
        show_figure(fig, **given)
    plt.close(fig)


@pytest.mark.unit
def test_a_table_is_escaped_and_has_scopes():
    rows = show_table(TABLE, name="toy", caption="C").rows
    assert "&lt;i&gt;large" in rows
    assert "<i>" not in rows
    assert '<th scope="col" class="number">Size</th>' in rows
    assert '<th scope="row">small</th><td class="number">5,000</td>' in rows


@pytest.mark.unit
def test_a_named_index_becomes_the_row_headings():
    bundle = show_table(TABLE.set_index("Pool"), name="toy", caption="C")
    assert '<th scope="row">small</th>' in bundle.rows
    assert bundle._repr_mimebundle_()[TABLE_MIME]["csv"].startswith("Pool,Size\n")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (np.nan, "–"),
        (pd.NA, "–"),
        (True, "yes"),
        (-1234, "−1,234"),
        (0.25, "0.250"),
        (12345.6, "12,346"),
        (np.inf, "no limit"),
        ("text", "text"),
    ],
)
def test_cells_are_written_for_readers(value, text):
    assert cell_text(value) == text


@pytest.mark.unit
def test_a_stamp_tells_the_worst_of_all_fits(tmp_path, monkeypatch):
    monkeypatch.setenv("TENSUGGESTIONS_RECORDS", str(tmp_path))
    fit = {"fit": "one", "max_rhat": 1.001, "min_ess_bulk": 4000.0, "divergences": 0, "draws": 8000}
    worse = {**fit, "fit": "two", "max_rhat": np.float64(1.004), "min_ess_bulk": 1500}
    made = stamp(fit, worse)
    assert "2 fits, 16,000 draws: worst R-hat 1.004, smallest bulk ESS 1,500" in made.sampling
    assert (tmp_path / "_stamp.json").is_file()
    with pytest.raises(InputError, match="lack draws"):
        stamp({name: value for name, value in fit.items() if name != "draws"})
