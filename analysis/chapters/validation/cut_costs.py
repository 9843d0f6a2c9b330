r"""Shapes of costs of different populations, cut alike so that they can be compared.

Where one source has lost its costliest people, all are cut: at the amount *c* that is a given
multiple of the mean of the costs so cut,

.. math:: c = m \, \mathrm{E}[\min(X, c)]

which needs nothing of what lies above *c*, and is free of currency and price level.
"""

import numpy as np

from analysis.chapters.validation.concentration import costliest_share
from analysis.evidence.av_2026 import continuance
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import AnnualCost, CostBeforeCover
from analysis.risk.tabulated_costs import TabulatedCosts

CUT_MULTIPLE = 12.0
"""Of the mean of cut cost: the largest whole one that no tier reaches above `PLAIN_UP_TO_USD`."""

POINTS_PER_BIN = 41
"""Costs that stand for those of a bin."""

_HALVINGS = 60


def continuance_costs(tier: str) -> TabulatedCosts:
    """Return the costs of a tier's members on a grid, one draw of one cell.

    Within a bin people are spread as evenly as its mean allows (largest entropy).

    Parameters
    ----------
    tier : str
        One of `analysis.evidence.av_2026.TIERS`.
    """
    bins = continuance(tier)
    columns = ["cost_low_usd", "cost_high_usd", "mean_cost_usd"]
    low, high, mean = (bins[name].to_numpy()[:, None] for name in columns)
    place = (np.arange(POINTS_PER_BIN) + 0.5) / POINTS_PER_BIN
    width = np.where(high > low, high - low, 1.0)
    weight = _spread(place, ((mean - low) / width)[:, 0])
    spread = (weight * bins["share_of_people"].to_numpy()[:, None]).ravel()
    # The bin of those without a cost is one point.
    points, position = np.unique((low + place * (high - low)).ravel(), return_inverse=True)
    probability = np.bincount(position, spread / spread.sum())
    return TabulatedCosts(
        points, probability[None, None, :], (tier,), limit=float(high.max()), share=np.ones(1)
    )


def _spread(place: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Return weights on places between 0 and 1 that have given means, shape (bin, place)."""
    low, high = np.full(len(mean), -200.0), np.full(len(mean), 200.0)
    for _ in range(_HALVINGS):
        tilt = (low + high) / 2
        weight = np.exp(tilt[:, None] * place - np.maximum(tilt, 0.0)[:, None])
        weight /= weight.sum(axis=1, keepdims=True)
        small = weight @ place < mean
        low, high = np.where(small, tilt, low), np.where(small, high, tilt)
    return weight


def cut_at_multiple[Costs: AnnualCost](costs: Costs, multiple: float = CUT_MULTIPLE) -> Costs:
    """Return costs cut at a multiple of the mean of the costs so cut.

    Parameters
    ----------
    multiple : float
        Above 1; below the limit of the costs over their mean.

    Raises
    ------
    ValueError
        When the costs end below that multiple.
    """
    high = np.log(costs.limit_by_draw())
    low = high - np.log(1e9)
    if (_multiple(costs, np.exp(high)) < multiple).any():
        raise ValueError(f"these costs end below {multiple:g} times their mean")
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = _multiple(costs, np.exp(middle)) < multiple
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return costs.limited_at(np.exp((low + high) / 2))


def _multiple(costs: AnnualCost, amount: np.ndarray) -> np.ndarray:
    return amount / (costs.limited_mean(amount) @ costs.share)[:, None]


_STEP = 1e-6
"""Relative step over which the slope of the limited mean is taken."""


def _share_above(costs: AnnualCost, amount: np.ndarray) -> np.ndarray:
    """Share of people above an amount: what the limited mean gains for each unit more."""
    low, high = (costs.limited_mean(amount * (1 + part)) for part in (0.0, _STEP))
    return ((high - low) / (_STEP * amount)) @ costs.share


def shapes(costs: CostBeforeCover, multiple: float = CUT_MULTIPLE) -> dict[str, np.ndarray]:
    """Return what can be compared of a population's costs, cut at a multiple of their mean.

    Returns
    -------
    dict of str to ndarray, shape (draw,)
        ``without_cost`` and ``above_cut``, shares of people; ``costliest_5`` and ``_10``, the share
        of cut cost of the costliest so many percent; ``over_1``, ``_2`` and ``_5``, the share of
        cut cost above so many times its mean, which stop-loss cover would pay; ``k_cut``,
        coefficient of variation, within no cells; and ``costliest_1``, the share of cost as it
        stands, not cut, of the costliest 1%.
    """
    cut = cut_at_multiple(costs, multiple)
    mean = cut.population_mean()
    over = {times: cut.limited_mean(times * mean) @ cut.share / mean[:, 0] for times in (1, 2, 5)}
    return {
        "without_cost": 1 - costs.survival(np.zeros((costs.draws, 1))),
        "above_cut": _share_above(costs, cut.limit_by_draw()),
        "costliest_1": costliest_share(costs, 0.01),
        **{f"costliest_{share}": costliest_share(cut, share / 100) for share in (5, 10)},
        **{f"over_{times}": 1 - below for times, below in over.items()},
        "k_cut": variation(cut, adjusted=False),
    }
