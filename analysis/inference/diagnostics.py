"""Convergence diagnostics, and the limits that stop publication when they are missed."""

from dataclasses import asdict, dataclass

import numpy as np
import xarray as xr

from analysis.errors import TenSuggestionsError

MAX_RHAT = 1.01
"""Largest rank-normalised split R-hat (Vehtari and others 2021, Bayesian Analysis 16:667)."""

MIN_ESS_PARAMETER = 400
"""Smallest bulk and tail effective sample size of any parameter: 100 a chain (same source)."""


class ConvergenceError(TenSuggestionsError):
    """A fit missed a limit and must not be published."""


@dataclass(frozen=True)
class Diagnostics:
    """Convergence of one fit: the worst value over all its parameters.

    Attributes
    ----------
    min_ess_bulk, min_ess_tail : float
        Effective sample sizes, in draws.
    draws : int
        Over all chains.
    """

    fit: str
    max_rhat: float
    min_ess_bulk: float
    min_ess_tail: float
    divergences: int
    draws: int

    def misses(self) -> list[str]:
        """Return one sentence for each limit that is missed; empty when all are met."""
        checks = {
            f"R-hat {self.max_rhat:.4f} is above {MAX_RHAT}": not self.max_rhat <= MAX_RHAT,
            f"bulk ESS {self.min_ess_bulk:.0f} is below {MIN_ESS_PARAMETER}": not (
                self.min_ess_bulk >= MIN_ESS_PARAMETER
            ),
            f"tail ESS {self.min_ess_tail:.0f} is below {MIN_ESS_PARAMETER}": not (
                self.min_ess_tail >= MIN_ESS_PARAMETER
            ),
            f"{self.divergences} divergent transitions": self.divergences > 0,
        }
        return [sentence for sentence, missed in checks.items() if missed]

    def require(self) -> None:
        """Raise ConvergenceError if any limit is missed."""
        misses = self.misses()
        if misses:
            raise ConvergenceError(
                f"fit {self.fit} must not be published: {'; '.join(misses)}; "
                "sample longer or reparametrise the model"
            )

    def as_dict(self) -> dict[str, str | float | int]:
        """Return the fields as a plain mapping, for page stamps and storage."""
        return asdict(self)


def _worst(dataset: xr.Dataset, worst: str) -> float:
    values = np.concatenate([np.ravel(array) for array in dataset.data_vars.values()])
    # A constant parameter gives nan, which must count as a miss and not be skipped.
    return float("nan") if np.isnan(values).any() else float(getattr(np, worst)(values))


def diagnose(name: str, draws: xr.DataTree, parameters: list[str]) -> Diagnostics:
    """Return the diagnostics of a fit.

    Parameters
    ----------
    name : str
        Name of the fit, for messages.
    draws : DataTree
        With groups ``posterior`` and ``sample_stats``.
    parameters : list of str
        Variables to judge: the sampled ones. Deterministic ones follow from them.
    """
    import arviz as az  # seconds of imports, which whoever reads a fit is spared

    posterior = draws["posterior"].to_dataset()[parameters]
    sizes = posterior.sizes
    return Diagnostics(
        fit=name,
        max_rhat=_worst(az.rhat(posterior), "max"),
        min_ess_bulk=_worst(az.ess(posterior, method="bulk"), "min"),
        min_ess_tail=_worst(az.ess(posterior, method="tail"), "min"),
        divergences=int(draws["sample_stats"]["diverging"].sum()),
        draws=int(sizes["chain"] * sizes["draw"]),
    )
