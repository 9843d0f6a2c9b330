"""The claims ledger as files of the site, for machines."""

from analysis.files import write_atomically
from analysis.publish.products.finished import Finished
from analysis.report.claims.files import claims_csv, claims_json
from analysis.report.claims.ledger import read_ledger


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
