"""What it takes to deter: how certain, and how clear, the consequences must be.

A group can shirk and save itself effort, or keep its budget. It compares what shirking saves with
what it risks: the loss from being closed, times the *rise* in the probability that the rule acts,
times the probability that it is enforced at all (Becker 1968, Journal of Political Economy 76:169).
"""

import numpy as np


def enforcement_needed(
    saving: np.ndarray | float, loss: np.ndarray | float, found_more_often: np.ndarray | float
) -> np.ndarray:
    """Return the probability of enforcement from which shirking does not pay.

    Parameters
    ----------
    saving : ndarray or float
        What shirking saves the group, in any unit of money or effort.
    loss : ndarray or float
        What the group loses when it is closed, in the same unit, above 0.
    found_more_often : ndarray or float
        Probability that the rule acts on a group that shirks, minus that on one that does not.

    Returns
    -------
    ndarray
        Probability; above 1 where no enforcement deters.
    """
    effective = np.asarray(loss, float) * found_more_often
    with np.errstate(divide="ignore"):
        return np.where(effective > 0, saving / np.where(effective > 0, effective, 1.0), np.inf)


def deterrent_of_unclear_rule(
    noise_sd: np.ndarray | float, uncertainty_sd: np.ndarray | float
) -> np.ndarray:
    """Return how much of a rule's pull is left when groups do not know where the line is.

    Near the line a group that improves by one unit lowers its probability of being closed by the
    height of a normal density, one over its standard deviation. Not knowing the line adds its own
    variance to that of the noise.

    Parameters
    ----------
    noise_sd : ndarray or float
        Standard deviation of what is observed around the true deficit, above 0.
    uncertainty_sd : ndarray or float
        Standard deviation of a group's belief about where the line is, in the same unit.

    Returns
    -------
    ndarray
        Marginal deterrent over that of a line known for certain, between 0 and 1.
    """
    return np.asarray(noise_sd) / np.hypot(noise_sd, uncertainty_sd)
