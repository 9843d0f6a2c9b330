"""Priors of the model of group means, which the Netherlands and a reader's own groups share."""

from analysis.evidence.assumptions import assumption
from analysis.models.group_means.priors import GroupPriors


def group_priors() -> GroupPriors:
    """Return the priors of the model of group means, from the table of assumptions."""
    return GroupPriors(
        log_k=assumption("group_means_k").as_log_normal(),
        spread=assumption("group_means_spread").value,
        steepest=assumption("group_means_steepest_exponent").value,
    )
