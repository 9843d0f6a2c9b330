"""What a share at risk brings, as tables by size of the group and by share."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from analysis.chapters.strength_of_incentives.share_at_risk import ShareEffects, share_effects
from analysis.risk.chance_table import low_median_high
from analysis.risk.incentivised_groups import group
from analysis.risk.lookup import Axis, Lookup

PEOPLE = (2e3, 3e3, 5e3, 1e4, 2e4, 3e4, 5e4, 1e5, 2e5, 3e5, 5e5, 1e6)
"""Sizes of the tables."""

SHARES = tuple(round(0.05 * step, 2) for step in range(21))
"""Shares at risk of the tables."""


def share_tables(primitives: Mapping[str, np.ndarray], k: np.ndarray) -> dict[str, Lookup]:
    """Return the effects of a share at risk, and the luck of groups, as tables.

    Parameters
    ----------
    primitives : mapping of str to ndarray
        Draws of what the model of incentives rests on (`analysis.chapters.balanced_incentives`).
    k : ndarray, shape (draw,)
        Coefficient of variation of one person's annual cost.

    Returns
    -------
    dict of str to Lookup
        ``saved``, ``withheld`` and ``patients`` by share, per cent of the budget; ``total`` by
        people and share, and ``best``, the best share, by people; ``luck`` and ``chance``, the
        standard deviation of measured savings by all luck and by chance alone, shares of the
        budget, by people; ``income``, that of all luck over the doctors' income.
    """
    groups = [group(dict(primitives), int(people)) for people in PEOPLE]
    effects = [share_effects(model) for model in groups]
    luck_sd = [np.sqrt(model.noise_variance[:, 0]) / 100 for model in groups]
    income = primitives["income_at_stake_percent"] / 100
    any_size = effects[0]  # what efforts do at a share does not depend on the size of the group
    return {
        "saved": _by_share(lambda share: share * any_size.efficiency),
        "withheld": _by_share(lambda share: share * any_size.withheld),
        "patients": _by_share(any_size.patient_gain),
        "total": _total_by_size_and_share(effects),
        "best": _by_size([effect.optimal_share() for effect in effects], scale="linear"),
        "luck": _by_size(luck_sd),
        "chance": _by_size([k / np.sqrt(people) for people in PEOPLE]),
        "income": _by_size([sd / income for sd in luck_sd]),
    }


def _by_share(curve: Callable[[float], np.ndarray]) -> Lookup:
    return Lookup(
        [Axis("share", SHARES)], np.array([low_median_high(curve(share)) for share in SHARES])
    )


def _total_by_size_and_share(effects: Sequence[ShareEffects]) -> Lookup:
    values = [[low_median_high(effect.total(share)) for share in SHARES] for effect in effects]
    return Lookup([Axis("people", PEOPLE, "log"), Axis("share", SHARES)], np.array(values))


def _by_size(draws_by_size: Sequence[np.ndarray], scale: str = "log") -> Lookup:
    values = np.array([low_median_high(draws) for draws in draws_by_size])
    return Lookup([Axis("people", PEOPLE, "log")], values, scale)
