"""Figures of the report on chance and lasting differences, drawn by the functions of the chapters.

Each has the name of the book's figure that it repeats. What is said of it is computed.
"""

import numpy as np
from scipy.special import ndtri

from analysis.chapters.cost_variance import figures as cost_variance_figures
from analysis.chapters.lasting_differences import figures as lasting_differences_figures
from analysis.chapters.minimum_size import figures as minimum_size_figures
from analysis.own.people.measures import tolerance_of_any_size
from analysis.own.people.report.document import Drawing, drawing
from analysis.own.people.report.findings import Findings
from analysis.own.people.report.words import by_name, records, rounded, size_words
from analysis.own.people.size_curves import COVER, assumed_persistent
from analysis.settings import INTERVAL_PERCENT

CLAIMED = 100_000
"""The Viewpoint's size."""


def overspend(findings: Findings) -> Drawing:
    """Draw how often chance breaks a budget, by size."""
    settings = findings.settings
    chosen = findings.curve["tolerance_percent"].isin([1.0, 100 * settings.tolerance])
    curve = findings.curve[chosen & (findings.curve["people"] <= 1e6)]
    answer = by_name(findings.sizes.set_index("case"))["adjusted"]
    return drawing(
        minimum_size_figures.overspend_by_size(curve, 100 * settings.probability)[0],
        "overspend-by-size",
        "How often chance alone causes an overspend, by size of the pool; bands are "
        f"{INTERVAL_PERCENT} intervals.",
        f"The share of years with an overspend above {100 * settings.tolerance:g}% falls to "
        f"{100 * settings.probability:g}% at {size_words(answer)}.",
        curve,
    )


def size_map(findings: Findings) -> Drawing:
    """Draw for which readings of *safe* pools of a few sizes are just large enough."""
    bands, settings = findings.tables["size-map"], findings.settings
    reading = (100 * settings.tolerance, 100 * settings.probability)
    sizes = sorted(bands["people"].unique())
    nearest = bands[np.isclose(bands["people"], min(sizes, key=lambda size: abs(size - CLAIMED)))]
    at = nearest.iloc[(nearest["tolerance_percent"] - reading[0]).abs().to_numpy().argmin()]
    claimed = " In orange the size that the Viewpoint names." if CLAIMED in sizes else ""
    return drawing(
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


def designs(findings: Findings) -> Drawing:
    """Draw the smallest pool under other tolerances, budgets and protection."""
    table = findings.tables["size-by-design"]
    finite = table[np.isfinite(table["high"])]
    least, most = min(finite["low"].min(), CLAIMED), max(finite["high"].max(), CLAIMED)
    # Whole powers of ten, which the axis marks.
    ends = 10 ** np.floor(np.log10(0.9 * least)), 10 ** np.ceil(np.log10(1.1 * most))
    first, *_, last = records(table.sort_values("people").reset_index(drop=True))
    return drawing(
        minimum_size_figures.needed_by_design(table, CLAIMED, ends)[0],
        "size-by-design",
        f"Smallest pool that is large enough in all but {100 * findings.settings.probability:g}% "
        "of years, by the overspend it can bear, the budget and the cover, with "
        f"{INTERVAL_PERCENT} intervals; the line is the Viewpoint's {CLAIMED:,}.",
        f"Of {len(table)} designs, {first['design']} needs the fewest people "
        f"({rounded(first['people'])}) and {last['design']} the most ({rounded(last['people'])}).",
        table,
    )


def chance_by_size(findings: Findings) -> Drawing:
    """Draw the spread of a pool's cost from chance, by size, with and without cover."""
    table = findings.tables["chance-by-size"]
    at = table[np.isclose(table["people"], 10_000)].set_index("whose")["percent"]
    bare, covered = at.iloc[0], at.iloc[1]
    return drawing(
        cost_variance_figures.chance_by_size(table)[0],
        "chance-by-size",
        "Standard deviation of a pool's cost from chance alone, by size, with "
        f"{INTERVAL_PERCENT} intervals; with cover, of what the pool keeps, over the whole budget.",
        f"Chance moves the cost of 10,000 people by {bare:.1f}% of the budget (one standard "
        f"deviation), and by {covered:.1f}% with cover above {COVER:g} times the mean; it falls "
        "with the square root of size.",
        table,
    )


def size_with_persistent(findings: Findings) -> Drawing:
    """Draw the smallest pool by how far pools differ for good."""
    settings, table = findings.settings, findings.tables["size-with-tau"]
    own = table[np.isclose(table["tolerance_percent"], 100 * settings.tolerance)]
    limit, tau = (
        100 * settings.tolerance / -ndtri(settings.probability),
        assumed_persistent(settings),
    )
    floor = float(table["low"].min()) / 3
    more = "more" if tau[0] >= limit else "less"
    return drawing(
        minimum_size_figures.size_by_persistent_differences(table, {"assumed": tau}, floor)[0],
        "size-with-tau",
        "Smallest pool that is large enough when pools also differ for good, by the overspend "
        f"they can bear; bands are {INTERVAL_PERCENT} intervals, the bar at the foot is what is "
        "assumed. Normal approximation.",
        f"For {100 * settings.tolerance:g}% the size rises from "
        f"{rounded(own['people'].iloc[0])} people without limit as lasting differences approach "
        f"{limit:.1f}% of the budget; {tau[0]:.1f}% are assumed, which is {more}.",
        table,
    )


def chance_and_persistent(findings: Findings) -> Drawing:
    """Draw chance and lasting differences by size."""
    settings, table = findings.settings, findings.tables["tau-by-size"]
    flip = 100 * settings.tolerance / -ndtri(settings.probability)
    smaller = table["chance"] < table["lasting"]
    crossing = (
        f"from about {rounded(float(table.loc[smaller, 'people'].iloc[0]))} people on the "
        "lasting part is the larger"
        if smaller.any()
        else "chance is the larger part at every size shown"
    )
    words = f"lasting differences ({'assumed' if settings.lasting else 'none assumed'})"
    tolerance = f"{100 * settings.tolerance:g}%"
    return drawing(
        lasting_differences_figures.spread_that_size_leaves(
            table, flip, words, tolerance, (5e3, 2e4, 5e4)
        )[0],
        "tau-by-size",
        "Chance (estimated) and lasting differences between pools (assumed), by size, with "
        f"{INTERVAL_PERCENT} intervals. The line is the lasting spread from which no size is "
        f"enough to stay within {tolerance}; a pool would then have to bear "
        f"{100 * tolerance_of_any_size(settings):.1f}% however large.",
        f"Chance falls from {table['chance'].iloc[0]:.1f}% to {table['chance'].iloc[-1]:.1f}% of "
        f"the budget between {table['people'].iloc[0]:,.0f} and {table['people'].iloc[-1]:,.0f} "
        f"people; {crossing}.",
        table,
    )
