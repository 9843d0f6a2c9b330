"""Every published fit, by name."""

from collections.abc import Mapping

from analysis.fits import (
    held_out_people,
    positive_costs,
    published_variation,
    quality,
    rand_costs,
    savings_components,
    savings_growth,
    simulated_programme,
)
from analysis.fits.specification import PublishedFit
from analysis.inference.fitting import Fit

MODULES = (
    rand_costs,
    held_out_people,
    positive_costs,
    published_variation,
    savings_components,
    savings_growth,
    simulated_programme,
    quality,
)
"""Each with its fits in ``PUBLISHED``."""

PUBLISHED_FITS: Mapping[str, PublishedFit] = {
    published.name: published for module in MODULES for published in module.PUBLISHED
}


def published_fit(name: str) -> Fit:
    """Return a published fit, from the store if it is there."""
    return PUBLISHED_FITS[name].fit()
