"""Priors of the model of group means, which the Netherlands and a reader's own groups share."""

import numpy as np

from analysis.evidence.assumptions import assumption
from analysis.intervals import log_normal_spread
from analysis.models.group_means.priors import GroupPriors


def group_priors() -> GroupPriors:
    """Return the priors of the model of group means, from the table of assumptions."""
    k = assumption("group_means_k")
    return GroupPriors(
        log_k=(float(np.log(k.value)), log_normal_spread(k.low, k.high)),
        spread=assumption("group_means_spread").value,
        steepest=assumption("group_means_steepest_exponent").value,
    )
