"""Priors of the model of group means, which the Netherlands and a reader's own groups share."""

import numpy as np

from analysis.evidence.assumptions import assumption
from analysis.intervals import normal_half_width
from analysis.models.group_means.priors import GroupPriors


def group_priors() -> GroupPriors:
    """Return the priors of the model of group means, from the table of assumptions."""
    k = assumption("group_means_k")
    width = np.log(k.high / k.low) / (2 * normal_half_width())
    return GroupPriors(
        log_k=(float(np.log(k.value)), float(width)),
        spread=assumption("group_means_spread").value,
        steepest=assumption("group_means_steepest_exponent").value,
    )
