"""Figures of the report on chance and lasting differences, drawn by the functions of the chapters.

Each has the name of the book's figure that it repeats. What is said of it is computed.
"""

import numpy as np

from analysis.chapters.cost_variance import figures as cost_variance_figures
from analysis.chapters.minimum_size import figures as minimum_size_figures
from analysis.own.people import size_curves
from analysis.own.people.report.document import Exhibit, exhibit
from analysis.own.people.report.findings import Findings
from analysis.own.people.report.words import by_name, records, rounded, size_words
from analysis.own.people.size_curves import COVER, assumed_persistent
from analysis.settings import INTERVAL_PERCENT

CLAIMED = 100_000
"""The Viewpoint's size."""


def overspend(findings: Findings) -> Exhibit:
    """Draw how often chance breaks a budget, by size."""
    settings = findings.settings
    chosen = findings.curve["tolerance_percent"].isin([1.0, 100 * settings.tolerance])
    curve = findings.curve[chosen & (findings.curve["people"] <= 1e6)]
    answer = by_name(findings.sizes.set_index("case"))["adjusted"]
    return exhibit(
        minimum_size_figures.overspend_by_size(curve, 100 * settings.probability)[0],
        "overspend-by-size",
        "How often chance alone causes an overspend, by size of the pool; bands are "
        f"{INTERVAL_PERCENT} intervals.",
        f"The share of years with an overspend above {100 * settings.tolerance:g}% falls to "
        f"{100 * settings.probability:g}% at {size_words(answer)}.",
        curve,
    )


def size_map(findings: Findings) -> Exhibit:
    """Draw for which readings of *safe* pools of a few sizes are just large enough."""
    settings = findings.settings
    needed = float(findings.sizes.set_index("case")["people"]["adjusted"])
    bands = size_curves.size_bands(findings.fitted, settings, needed)
    reading = (100 * settings.tolerance, 100 * settings.probability)
    sizes = sorted(bands["people"].unique())
    nearest = bands[np.isclose(bands["people"], min(sizes, key=lambda size: abs(size - CLAIMED)))]
    at = nearest.iloc[(nearest["tolerance_percent"] - reading[0]).abs().to_numpy().argmin()]
    claimed = " In orange the size that the Viewpoint names." if CLAIMED in sizes else ""
    return exhibit(
        minimum_size_figures.size_map(bands, CLAIMED, [reading])[0],
        "size-map",
        "Readings of safe for which pools of some sizes, in people, are just large enough, by the "
        "overspend they can bear and the share of years in which it may be exceeded; to the right "
        f"and above they are more than enough. Bands are {INTERVAL_PERCENT} intervals, the dot is "
        f"your reading.{claimed} Both axes are logarithmic.",
        f"A pool of {at['people']:,.0f} people overspends by more than "
        f"{at['tolerance_percent']:.2g}% in {at['probability_percent']:.2g}% of years "
        f"({at['low']:.2g} to {at['high']:.2g}%); lines are shown for {len(sizes)} sizes from "
        f"{sizes[0]:,.0f} to {sizes[-1]:,.0f}.",
        bands,
    )


def designs(findings: Findings) -> Exhibit:
    """Draw the smallest pool under other tolerances, budgets and protection."""
    table = size_curves.designs(findings.fitted, findings.settings)
    finite = table[np.isfinite(table["high"])]
    least, most = min(finite["low"].min(), CLAIMED), max(finite["high"].max(), CLAIMED)
    # Whole powers of ten, which the axis marks.
    ends = 10 ** np.floor(np.log10(0.9 * least)), 10 ** np.ceil(np.log10(1.1 * most))
    first, *_, last = records(table.sort_values("people").reset_index(drop=True))
    return exhibit(
        minimum_size_figures.needed_by_design(table, CLAIMED, ends)[0],
        "size-by-population",
        f"Smallest pool that is large enough in all but {100 * findings.settings.probability:g}% "
        "of years, by the overspend it can bear, the budget and the cover, with "
        f"{INTERVAL_PERCENT} intervals; the line is the Viewpoint's {CLAIMED:,}.",
        f"Of {len(table)} designs, {first['design']} needs the fewest people "
        f"({rounded(first['people'])}) and {last['design']} the most ({rounded(last['people'])}).",
        table,
    )


def chance_by_size(findings: Findings) -> Exhibit:
    """Draw the spread of a pool's cost from chance, by size, with and without cover."""
    table = size_curves.chance_by_size(findings.fitted, findings.settings)
    at = table[np.isclose(table["people"], 10_000)].set_index("whose")["percent"]
    bare, covered = at.iloc[0], at.iloc[1]
    return exhibit(
        cost_variance_figures.chance_by_size(table)[0],
        "chance-by-size",
        "Standard deviation of a pool's cost from chance alone, by size, with "
        f"{INTERVAL_PERCENT} intervals; with cover, of what the pool keeps, over the whole budget.",
        f"Chance moves the cost of 10,000 people by {bare:.1f}% of the budget (one standard "
        f"deviation), and by {covered:.1f}% with cover above {COVER:g} times the mean; it falls "
        "with the square root of size.",
        table,
    )


def bearable(findings: Findings) -> Exhibit:
    """Draw the overspend that must be borne, for chance and with lasting differences, by size."""
    settings = findings.settings
    table = size_curves.bearable(findings.fitted, settings)
    first, last = table.iloc[0], table.iloc[-1]
    lasting, *_ = assumed_persistent(settings)
    return exhibit(
        minimum_size_figures.bearable_by_size(table, 100 * settings.tolerance)[0],
        "bearable-by-size",
        f"Overspend that must be borne in all but {100 * settings.probability:g}% of years, for "
        "chance alone (estimated) and with lasting differences between pools of "
        f"{lasting:.1f}% of the budget (assumed, the same at every size); bands are "
        f"{INTERVAL_PERCENT} intervals. Normal approximation.",
        f"For chance alone it falls from {first['chance']:.1f}% to {last['chance']:.1f}% of the "
        f"budget between {first['people']:,.0f} and {last['people']:,.0f} people, with lasting "
        f"differences from {first['together']:.1f}% to {last['together']:.1f}%.",
        table,
    )
