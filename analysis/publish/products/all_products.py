"""What the site offers beside its pages: files made from the numbers and from the finished pages.

Each product is one function, which puts its files into the copy of the site that is about to be
published. They run in the order of `PRODUCTS`: one that reads the pages of the site must come
after those that change them.
"""

from collections.abc import Callable

from analysis.publish.products.bundles import bundles
from analysis.publish.products.claims_files import claims_files
from analysis.publish.products.documents import documents
from analysis.publish.products.explorer_files import explorer_files
from analysis.publish.products.finished import Finished
from analysis.publish.products.forecast_file import forecast_file
from analysis.publish.products.number_files import number_files
from analysis.publish.products.organisation_files import organisation_files
from analysis.publish.products.preview_cards import preview_cards
from analysis.publish.products.redirects import redirects
from analysis.publish.products.security_policy import security_policies
from analysis.publish.products.sitemap import sitemap


def add_products(finished: Finished) -> None:
    """Put every product into a finished site."""
    for product in PRODUCTS:
        product(finished)


PRODUCTS: tuple[Callable[[Finished], None], ...] = (
    number_files,
    claims_files,
    forecast_file,
    redirects,
    preview_cards,
    explorer_files,
    organisation_files,
    documents,
    sitemap,
    bundles,  # what pages and scripts call their elements decides what it leaves out
    security_policies,  # the last: it hashes what the pages hold
)
"""In the order in which they run."""
