"""What a regulator wants of a rule, and the rules of a family that keep to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from analysis.chapters.consequences.operating_characteristics import (
    GROUPS,
    OperatingCharacteristics,
    operating_characteristics,
    rule_with_false_termination,
)
from analysis.chapters.consequences.rules import AverageDeficit, PosteriorRule, Rule
from analysis.models.savings.components import SpreadComponents
from analysis.risk.performance import PerformanceNoise

WATCHED = 10
"""Years in which an adequate group's contract should seldom end."""

CERTAINTIES = np.concatenate(
    [
        np.linspace(0.5, 0.98, 49),
        [0.985, 0.99, 0.993, 0.995, 0.997, 0.998, 0.999, 0.9995, 0.9999],
    ]
)
"""Certainties from which a posterior rule may act."""

PERCENT = 100.0

Components = Mapping[str, float]
"""One draw of what makes groups differ, by name of its part."""


@dataclass(frozen=True)
class Standard:
    """What a regulator wants.

    Attributes
    ----------
    tolerance, harm : float
        True deficit that is tolerated, and one that must be found; shares of the budget.
    limit : float
        Largest share of adequate groups whose contract may end within `WATCHED` years.
    """

    tolerance: float
    harm: float
    limit: float

    def posterior_rule(self, people: float, parts: Components, certainty: float) -> PosteriorRule:
        """Return the rule that acts when a deficit above the tolerance is this certain."""
        return PosteriorRule(self.tolerance, certainty, np.inf, noise_at(people, parts))

    def strictest[Kind: Rule](
        self,
        rule_at: Callable[[float], Kind],
        thresholds: np.ndarray,
        noise: PerformanceNoise,
        *,
        limit: float | None = None,
        groups: int = GROUPS,
        luck: int = 0,
    ) -> Kind | None:
        """Return the fastest rule of a family that keeps to the limit, or to a `limit` given."""
        accepted = self.limit if limit is None else limit
        fastest = rule_with_false_termination(
            rule_at, list(thresholds), noise, accepted, WATCHED, groups=groups, luck=luck
        )
        return cast("Kind | None", fastest)

    def careful_rule(
        self,
        people: float,
        parts: Components,
        *,
        limit: float | None = None,
        groups: int = GROUPS,
        luck: int = 0,
    ) -> PosteriorRule | None:
        """Return the fastest posterior rule that keeps to the limit; none if none is so strict."""

        def rule_at(certainty: float) -> PosteriorRule:
            return self.posterior_rule(people, parts, certainty)

        noise = noise_at(people, parts)
        return self.strictest(rule_at, CERTAINTIES, noise, limit=limit, groups=groups, luck=luck)

    def printed_rule(self, people: float, parts: Components, limit: float) -> AverageDeficit | None:
        """Return the same as a table of average deficits prints it."""

        def rule_at(certainty: float) -> AverageDeficit:
            return AverageDeficit(self.posterior_rule(people, parts, certainty))

        noise = noise_at(people, parts)
        return self.strictest(rule_at, CERTAINTIES, noise, limit=limit)


def noise_at(people: float, parts: Components) -> PerformanceNoise:
    """Return the noise of groups of this size, shares of the budget."""
    at_size = SpreadComponents(**parts).at(people)
    return PerformanceNoise(
        chance_sd=np.hypot(at_size.yearly / PERCENT, at_size.k_renewed / np.sqrt(people)),
        transient_sd=at_size.fading / PERCENT,
        transient_correlation=at_size.kept,
    )


NAMES = tuple(SpreadComponents.__dataclass_fields__)
"""Parts of what makes groups differ."""


def typical_components(parts: SpreadComponents) -> dict[str, float]:
    """Return the posterior median of each part."""
    return {name: float(np.median(getattr(parts, name))) for name in NAMES}


def component_draws(parts: SpreadComponents, draws: int) -> list[dict[str, float]]:
    """Return some draws of all parts, equally spaced."""
    arrays = np.broadcast_arrays(*(np.ravel(getattr(parts, name)) for name in NAMES))
    values = dict(zip(NAMES, arrays, strict=True))
    places = np.linspace(0, values["k_renewed"].size - 1, draws).astype(int)
    return [{name: float(array[place]) for name, array in values.items()} for place in places]


def treatments(
    rules: Sequence[PosteriorRule | None], deficit: float, groups: int
) -> list[OperatingCharacteristics | None]:
    """Return how posterior rules treat groups with one true deficit, each under its own noise.

    Every rule has luck of its own; there is no treatment where there is no rule.
    """
    return [
        None
        if rule is None
        else operating_characteristics(rule, rule.noise, deficit, groups=groups, luck=luck)
        for luck, rule in enumerate(rules)
    ]
