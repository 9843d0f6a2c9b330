r"""What a group pays and keeps under specific and aggregate stop-loss in a later contract year.

Costs of everybody grow by one factor :math:`g`; an attachment point :math:`A` stays the amount that
it is. So the excess grows faster than the costs (leveraged trend): a head it is
:math:`g\, E[(Y - A / g)_+]`.
"""

from dataclasses import dataclass

import numpy as np

from analysis.risk.annual_cost import AnnualCost
from analysis.risk.pooled_loss import pooled_loss
from analysis.risk.stop_loss import aggregate_premium, stop_loss


@dataclass(frozen=True)
class GroupTerms:
    """Cover of one group.

    Attributes
    ----------
    attachment_multiple : float
        Specific attachment point over *today's* mean cost, above 0.
    share_kept : float
        Coinsurance: share of the excess that the group keeps, 0 to below 1.
    corridor : float
        What the group bears beyond its expected retained cost before aggregate cover pays, as a
        share of that cost, at least 0: 0.25 for an attachment of 125 %.
    growth : float
        Cost of a person in the contract year over that of the data, above 0.
    """

    attachment_multiple: float
    share_kept: float
    corridor: float
    growth: float = 1.0


@dataclass(frozen=True)
class GroupCover:
    """Amounts a head in the contract year, each of shape (draw,); premiums without loading.

    Attributes
    ----------
    expected : ndarray
        Cost without cover.
    specific, aggregate : ndarray
        Pure premiums; the aggregate cover counts only what the specific one leaves to the group.
    aggregate_pays : ndarray
        Probability that the group's retained cost passes the aggregate attachment point.
    most : ndarray
        Most that the group can pay: the aggregate attachment point and both premiums.
    """

    expected: np.ndarray
    specific: np.ndarray
    aggregate: np.ndarray
    aggregate_pays: np.ndarray
    most: np.ndarray


def group_cover(costs: AnnualCost, people: int, terms: GroupTerms) -> GroupCover:
    """Return what specific and aggregate cover of a group cost and do, by chance alone.

    Parameters
    ----------
    costs : AnnualCost
        Of the data's year; the group has the population's mix of cells.
    people : int
        Size of the group, at least 50.

    Raises
    ------
    ValueError
        If the group is too small for its distribution to be computed.

    References
    ----------
    Klugman, Panjer & Willmot (2012), Loss Models, sections 8.4 (effect of inflation on an excess)
    and 9.3 (aggregate stop-loss).
    """
    expected = terms.growth * costs.population_mean()[:, 0]
    cover = stop_loss(costs, terms.attachment_multiple / terms.growth, terms.share_kept)
    specific = expected * cover.premium_share
    retained = expected - specific
    loss = pooled_loss(cover.retained, people)
    # The series of a small group is long, and its inverse needs two points for each frequency.
    points = 2 ** int(np.ceil(np.log2(max(4096, 2 * loss.coefficients.shape[1]))))
    aggregate = retained * aggregate_premium(loss, terms.corridor, points=points)
    return GroupCover(
        expected=expected,
        specific=specific,
        aggregate=aggregate,
        aggregate_pays=loss.exceedance(1 + terms.corridor)[:, 0],
        most=(1 + terms.corridor) * retained + specific + aggregate,
    )


def laser_excess(lasers: list[float], attachment: float) -> float:
    """Return what a group must be able to pay for people whose own attachment points are higher.

    Cover of a lasered person begins at the laser, and aggregate cover does not count what lies
    between: the group may have to bear it whole.

    Parameters
    ----------
    lasers : list of float
        Attachment points of single people, in the currency of the costs.
    attachment : float
        Specific attachment point of everybody else, in the same currency.
    """
    return float(sum(max(laser - attachment, 0.0) for laser in lasers))
