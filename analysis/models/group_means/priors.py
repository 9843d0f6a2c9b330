"""What is believed of a group before its cells are seen."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GroupPriors:
    """Priors of the model of group means.

    Attributes
    ----------
    log_k : tuple of float
        Mean and standard deviation of the logarithm of k, the coefficient of variation of one
        person's annual cost.
    spread : float
        Scale of the half-normal prior of the standard deviation between groups, and of that
        between groups in one class of people, as a share of expected cost.
    steepest : float
        Largest exponent of the size in the standard deviation between groups: uniform from 0, a
        spread that size does not change. At 0.5 it falls as chance does.
    """

    log_k: tuple[float, float]
    spread: float
    steepest: float
