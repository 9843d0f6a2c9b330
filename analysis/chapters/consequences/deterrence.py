"""What it takes to deter: how certain, and how clear, the consequences must be.

A group can shirk and save itself effort, or keep its budget. It compares what shirking saves with
what it risks: the loss from being closed, times the *rise* in the probability that the rule acts,
times the probability that it is enforced at all (Becker 1968, Journal of Political Economy 76:169).
"""

import numpy as np


def enforcement_needed(
    saving: np.ndarray | float, loss: np.ndarray | float, detection_rise: np.ndarray | float
) -> np.ndarray:
    """Return the probability of enforcement from which shirking does not pay.

    Above 1 where no enforcement deters.

    Parameters
    ----------
    saving : ndarray or float
        What shirking saves the group, in any unit of money or effort.
    loss : ndarray or float
        What the group loses when it is closed, in the same unit, above 0.
    detection_rise : ndarray or float
        Probability that the rule acts on a group that shirks, minus that on one that does not.
    """
    expected_loss = np.asarray(loss, float) * detection_rise
    deters = expected_loss > 0
    with np.errstate(divide="ignore"):
        return np.where(deters, saving / np.where(deters, expected_loss, 1.0), np.inf)


def deterrent_of_unclear_rule(
    noise_sd: np.ndarray | float, uncertainty_sd: np.ndarray | float
) -> np.ndarray:
    """Return the marginal deterrent left when groups do not know where the line is, 0 to 1.

    Over that of a line known for certain. Near the line a group that improves by one unit lowers
    its probability of being closed by the height of a normal density, one over its standard
    deviation. Not knowing the line adds its own variance to that of the noise.

    Parameters
    ----------
    noise_sd : ndarray or float
        Standard deviation of what is observed around the true deficit, above 0.
    uncertainty_sd : ndarray or float
        Standard deviation of a group's belief about where the line is, in the same unit.
    """
    return np.asarray(noise_sd) / np.hypot(noise_sd, uncertainty_sd)
