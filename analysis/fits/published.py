"""Every published fit, by name."""

from collections.abc import Mapping

from analysis.fits import (
    positive_costs,
    quality,
    savings_components,
)
from analysis.fits.specification import PublishedFit

MODULES = (
    positive_costs,
    savings_components,
    quality,
)
"""Each with its fits in ``PUBLISHED``."""

PUBLISHED_FITS: Mapping[str, PublishedFit] = {
    published.name: published for module in MODULES for published in module.PUBLISHED
}
