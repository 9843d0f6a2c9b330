"""The claims ledger as files of the site, for machines."""

from typing import TYPE_CHECKING

from analysis.report.claims.files import claims_csv, claims_json
from analysis.report.claims.ledger import read_ledger
from analysis.report.files import write_atomically

if TYPE_CHECKING:
    from analysis.publish.products import Finished


def claims_files(finished: "Finished") -> None:
    """Put in every claim with its verdict, where the site has a page of claims.

    Parameters
    ----------
    finished : Finished
        The site.
    """
    if not (finished.site / "claims.html").is_file():
        return
    ledger = read_ledger(finished.records)
    write_atomically(finished.site / "claims.csv", claims_csv(ledger))
    write_atomically(finished.site / "claims.json", claims_json(ledger))
