"""How much capability a group builds, and how much would be worth building.

Capability is money invested in leadership, management and systems and not yet worn out, in pounds a
head. It serves from the year after. Its first pounds save most: savings approach a limit. A group
invests until the last pound earns it a pound. It stops early for three reasons, which the model
keeps apart: it keeps only a share of what is saved; it weighs later years less than this one
(Laibson 1997, Quarterly Journal of Economics 112:443); and it believes that investment does less
than it does (Casalino 2011, p. 19).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class InvestmentProblem:
    """What investment costs and brings; every field an array over draws, or a number.

    Attributes
    ----------
    budget : ndarray
        Budget, pounds a head and year.
    saving_limit : ndarray
        Largest saving, share of the budget.
    scale : ndarray
        Capability that brings 63 % of it, pounds a head.
    wear : ndarray
        Depreciation: share of capability lost in a year.
    kept : ndarray
        Share of savings that the group keeps.
    present_bias : ndarray
        Weight of all later years against this one; 1 is none.
    perceived : ndarray
        Effect of investment that the group believes in, over the true one.
    discount : ndarray
        Worth this year of a pound next year.
    """

    budget: np.ndarray
    saving_limit: np.ndarray
    scale: np.ndarray
    wear: np.ndarray
    kept: np.ndarray
    present_bias: np.ndarray
    perceived: np.ndarray
    discount: np.ndarray


def saving_share(problem: InvestmentProblem, capability: np.ndarray) -> np.ndarray:
    """Return the saving of the year after, share of the budget, when part has worn out.

    Parameters
    ----------
    capability : ndarray
        At the end of a year, pounds a head, at least 0.
    """
    in_use = capability * (1 - problem.wear)
    return problem.saving_limit * -np.expm1(-in_use / problem.scale)


def _worth_building(
    problem: InvestmentProblem, valued_share: np.ndarray, present_bias: np.ndarray
) -> np.ndarray:
    """Capability at which one more pound now is worth what it brings next year.

    It brings a saving, of which a share is valued, and spares a part, not yet worn out, of next
    year's investment.
    """
    next_year = present_bias * problem.discount * (1 - problem.wear)
    first_pound = valued_share * problem.budget * problem.saving_limit / problem.scale
    in_use = problem.scale * np.log(np.maximum(first_pound * next_year / (1 - next_year), 1.0))
    return in_use / (1 - problem.wear)


def efficient_capability(problem: InvestmentProblem) -> np.ndarray:
    """Return the capability at which the last pound saves a pound, whoever keeps it.

    Pounds a head; 0 where not even the first pound pays.
    """
    all_valued = no_present_bias = np.asarray(1.0)
    return _worth_building(problem, all_valued, no_present_bias)


def chosen_capability(problem: InvestmentProblem) -> np.ndarray:
    """Return the capability that a group left to itself builds and keeps up.

    Pounds a head; 0 where it does not invest at all.
    """
    return _worth_building(problem, problem.kept * problem.perceived, problem.present_bias)
