"""Whom an answer is for: heads or member-years, these rows or the people that they stand for."""

from analysis.own.people.fitting import OwnFit


def basis_words(fitted: OwnFit) -> str:
    """Return what a person is in the answers; empty where every row is one, covered all year.

    Returns
    -------
    str
        Sentences.
    """
    table, sentences = fitted.cells.table, []
    n, rows = float(table["n"].sum()), fitted.cells.people
    if fitted.manifest.get("weight"):
        sentences.append(
            f"The {rows:,} rows stand for {n:,.0f} people: answers are for these, and intervals "
            f"as wide as {rows / fitted.effects.body:,.0f} equal rows make them."
        )
    if fitted.cover < 1:
        sentences.append(
            f"A head was covered for {fitted.cover:.3g} of the year on average. Sizes count heads "
            f"who come, go and die as these do: 1,000 heads are {1000 * fitted.cover:,.0f} "
            "member-years. k of a year of cover belongs to a size in member-years, and no cost "
            "was made annual."
        )
    return " ".join(sentences)
