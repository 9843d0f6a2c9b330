"""Success after ten years, or the nearest thing that was counted, in each reference class."""

import numpy as np
import pandas as pd

from analysis.evidence import mssp
from analysis.evidence.assumed_draws import assumed_draws, quantiles_between
from analysis.evidence.facts import fact
from analysis.seeds import seed_for

CLASSES = {
    "ipa": "US networks of independent practices",
    "california": "California's groups at risk, 1996-2002",
    "aco": "US accountable care organisations, 2012-2022",
}
"""Reference classes, and what readers call them."""

HORIZON_YEARS = 10
"""Time after which success is judged."""

ACO_YEAR = 8
"""Programme year in which accountable care organisations are judged: the latest that three cohorts
have reached."""

ACO_COHORTS = (2013, 2014, 2015)


def ipa_success(draws: int) -> np.ndarray:
    """Return draws of the share of US networks that succeeded at risk contracting.

    An assumed number of successes, "perhaps 150, at most", over the number created, 1,500 to 2,000
    (Casalino 2011, pp. 14 and 19).
    """
    published = fact("E-IPA-form")
    low, high = float(published.low or np.nan), float(published.high or np.nan)
    uniform = np.random.default_rng(seed_for("reference-ipas")).random(draws)
    created = quantiles_between(low, (low * high) ** 0.5, high, uniform)
    return assumed_draws(["ipas_successful"], draws)["ipas_successful"] / created


def california_hazard(draws: int) -> np.ndarray:
    """Return draws of the rate at which Californian groups at risk closed, per group-year.

    Closures over group-years at risk, with a gamma posterior under Jeffreys' prior. Between the
    counts of two years the number at risk is taken to fall in a straight line.
    """
    periods = california_periods()
    closed, group_years = periods["closed"].sum(), periods["group_years"].sum()
    generator = np.random.default_rng(seed_for("california-hazard"))
    return generator.gamma(closed + 0.5, 1 / group_years, size=draws)


def california_periods() -> pd.DataFrame:
    """Return closures and group-years at risk by period.

    Returns
    -------
    DataFrame, one row a period
        ``period``, ``closed``, ``group_years``, ``years``.
    """
    names = ("115", "remain", "2000", "2001", "2002", "2001orgs")
    count = {name: float(fact(f"E-CA-{name}").value or np.nan) for name in names}
    at_risk_1999, at_risk_2001 = count["remain"], count["2001orgs"]
    at_risk_1996 = at_risk_1999 + count["115"]
    rows = [
        # January 1996 to August 1999: the count was published on 2 September.
        ("1996 to August 1999", count["115"], 3 + 8 / 12, (at_risk_1996 + at_risk_1999) / 2),
        ("2000", count["2000"], 1.0, (at_risk_1999 + at_risk_2001) / 2),
        ("2001", count["2001"], 1.0, at_risk_2001),
        ("January to March 2002", count["2002"], 0.25, at_risk_2001 - count["2001"] / 2),
    ]
    table = pd.DataFrame(rows, columns=["period", "closed", "years", "groups"])
    return table.assign(group_years=table["groups"] * table["years"])


def aco_cohorts() -> pd.DataFrame:
    """Return who of a cohort still took part, and spent less than the benchmark, years later.

    Returns
    -------
    DataFrame, one row a cohort
        ``start_year``, ``started`` (seen in the first year), ``remaining`` and ``succeeding`` in
        programme year `ACO_YEAR`.
    """
    counts = mssp.cells().groupby(["start_year", "programme_year"])[["n_acos", "n_positive"]].sum()
    cohorts = list(ACO_COHORTS)
    first, judged = (counts.xs(year, level="programme_year").loc[cohorts] for year in (1, ACO_YEAR))
    return pd.DataFrame(
        {
            "start_year": cohorts,
            "started": first["n_acos"].to_numpy(),
            "remaining": judged["n_acos"].to_numpy(),
            "succeeding": judged["n_positive"].to_numpy(),
        }
    )


def aco_success(draws: int) -> np.ndarray:
    """Return draws of the share of accountable care organisations that stayed and spent less.

    Less than their benchmark. Beta posterior under Jeffreys' prior, cohorts pooled.
    """
    cohorts = aco_cohorts()
    succeeding, started = cohorts["succeeding"].sum(), cohorts["started"].sum()
    generator = np.random.default_rng(seed_for("aco-success"))
    return generator.beta(succeeding + 0.5, started - succeeding + 0.5, size=draws)


def class_success(draws: int) -> dict[str, np.ndarray]:
    """Return draws of the share that succeeds, by the keys of `CLASSES`.

    For California the share not closed after `HORIZON_YEARS`.
    """
    return {
        "ipa": ipa_success(draws),
        "california": np.exp(-HORIZON_YEARS * california_hazard(draws)),
        "aco": aco_success(draws),
    }
