"""k by scope of care from published sources: which figures enter, and as what."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr

from analysis.errors import InputError
from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import fact, facts
from analysis.fits.specification import PublishedFit
from analysis.inference.builders import Builder
from analysis.inference.fitting import Fit, Sampler, fit
from analysis.intervals import normal_half_width
from analysis.models.evidence_synthesis.data import SCOPES, PublishedVariation, SynthesisPriors

SYNTHESIS = Builder("analysis.models.evidence_synthesis.model", "evidence_synthesis_model")

SAMPLER = Sampler(target_accept=0.95)


@dataclass(frozen=True)
class PublishedSource:
    """A source that gives coefficients of variation.

    Attributes
    ----------
    name : str
        Prefix of its facts; what `k_by_scope` leaves out by.
    scope : str
        One of `analysis.models.evidence_synthesis.data.SCOPES`.
    facts : tuple of str
        Facts that are coefficients of variation.
    bias : str
        Assumption: ratio of what the source measures to k of the scope; empty if it is the same.
    """

    name: str
    scope: str
    facts: tuple[str, ...]
    bias: str = ""


SOURCES = (
    PublishedSource("B-PBRA", "all_care", ("B-PBRA-cv",), "published_k_secondary_care_ratio"),
    PublishedSource("A-DELIA", "truncated_p99", ("A-DELIA-k",), "published_k_savings_rate_ratio"),
    PublishedSource("A-CRUMP", "narrow", tuple(f"A-CRUMP-{n}-k" for n in (9000, 24000, 179400))),
)
"""Every source whose role is calibration. RAND and the Medicare programme are left to the two
other estimates of k, and the minimum savings rates (A-MSR) to validation."""


@dataclass(frozen=True)
class ScopeVariation:
    """k by scope of care; draws have dims ``chain, draw``.

    Attributes
    ----------
    k : xarray.DataArray
        Coefficient of variation of one person's annual cost, dims ``chain, draw, scope``; the
        budget is the same for everybody.
    england : xarray.DataArray
        k of all care in England within age and sex, as under a budget that follows them.
    sources : pandas.DataFrame
        What entered: ``source``, ``scope``, ``statistic``, ``k``, ``low``, ``high`` (ends of the
        project's interval of the stated error), ``ratio`` (of what is measured to k of the scope),
        ``included``, ``citation``.
    """

    k: xr.DataArray
    england: xr.DataArray
    sources: pd.DataFrame
    fit: Fit

    def __getitem__(self, scope: str) -> xr.DataArray:
        """Return k of one scope, dims ``chain, draw``."""
        return self.k.sel(scope=scope, drop=True)


def k_by_scope(leave_out: Sequence[str] = ()) -> ScopeVariation:
    """Return the synthesis of published k by scope of care.

    Parameters
    ----------
    leave_out : sequence of str
        Prefixes of facts that must not enter, such as ``"A-DELIA"``, so that what they say can be
        compared with the rest. A scope without a source keeps its prior.

    Raises
    ------
    InputError
        If a prefix fits no published fact.
    """
    data, priors = synthesis_inputs(leave_out)
    statistics = _statistics(leave_out)
    fitted = fit(_name(leave_out), SYNTHESIS, data, priors, SAMPLER)
    k = fitted.posterior["k"]
    within = np.sqrt(1 - float(fact("B-PBRA-1-val").value or 0))
    england = within * k.sel(scope="all_care", drop=True)
    return ScopeVariation(k=k, england=england, sources=statistics, fit=fitted)


def _name(leave_out: Sequence[str]) -> str:
    return "-without-".join(["k-by-scope", *sorted(prefix.lower() for prefix in leave_out)])


def synthesis_inputs(leave_out: Sequence[str] = ()) -> tuple[PublishedVariation, SynthesisPriors]:
    """Return data and priors of the synthesis.

    Parameters
    ----------
    leave_out : sequence of str
        As in `k_by_scope`.
    """
    _check_prefixes(leave_out)
    return _data(_statistics(leave_out)), _priors()


def _check_prefixes(leave_out: Sequence[str]) -> None:
    names = facts()["id"]
    for prefix in leave_out:
        if not names.str.startswith(prefix).any():
            raise InputError(
                f"leave_out: no published fact begins with {prefix!r}. The sources are "
                f"{', '.join(source.name for source in SOURCES)}."
            )


def _interval_sd(low: float, high: float) -> float:
    """Standard deviation of the log of a quantity whose central interval is known."""
    return float(np.log(high / low) / (2 * normal_half_width()))


def _statistics(leave_out: Sequence[str]) -> pd.DataFrame:
    unstated = assumption("published_k_relative_error").value
    rows = []
    for source in SOURCES:
        for name in source.facts:
            published = fact(name)
            assert published.value is not None
            low, high = published.low, published.high
            error = _interval_sd(low, high) if low and high else unstated
            half = normal_half_width() * error
            rows.append(
                {
                    "source": source.name,
                    "scope": source.scope,
                    "statistic": name,
                    "k": published.value,
                    "low": published.value * np.exp(-half),
                    "high": published.value * np.exp(half),
                    "ratio": assumption(source.bias).value if source.bias else 1.0,
                    "included": not name.startswith(tuple(leave_out)),
                    "citation": published.citation,
                }
            )
    return pd.DataFrame(rows)


def _data(statistics: pd.DataFrame) -> PublishedVariation:
    biases = [assumption(source.bias) if source.bias else None for source in SOURCES]
    counted = statistics.groupby("source")["included"].any()
    pooled = [
        _pooled(statistics[statistics["source"] == source.name], bool(counted[source.name]))
        for source in SOURCES
    ]
    return PublishedVariation(
        log_k=np.array([log_k for log_k, _ in pooled]),
        error=np.array([error for _, error in pooled]),
        bias=np.array([np.log(b.value) if b else 0.0 for b in biases]),
        bias_sd=np.array([_interval_sd(b.low, b.high) if b else 0.0 for b in biases]),
        included=np.array([float(counted[source.name]) for source in SOURCES]),
        scope_idx=np.array([SCOPES.index(source.scope) for source in SOURCES]),
        sources=[source.name for source in SOURCES],
    )


def _pooled(statistics: pd.DataFrame, some_included: bool) -> tuple[float, float]:
    """Weighted mean and error of the logs of a source's included statistics."""
    used = statistics[statistics["included"]] if some_included else statistics
    error = np.array([_interval_sd(*ends) for ends in zip(used["low"], used["high"], strict=True)])
    weight = 1 / error**2
    return float(np.average(np.log(used["k"]), weights=weight)), float(weight.sum() ** -0.5)


def _priors() -> SynthesisPriors:
    ratio = assumption("truncated_k_ratio")
    return SynthesisPriors(
        truncation=(float(np.log(ratio.value)), _interval_sd(ratio.low, ratio.high)),
        between=assumption("published_k_between_sources").value,
    )


def _published(leave_out: tuple[str, ...], seconds: float) -> PublishedFit:
    inputs = partial(synthesis_inputs, leave_out)
    return PublishedFit(_name(leave_out), SYNTHESIS, inputs, seconds, "k by scope", SAMPLER)


PUBLISHED = (
    _published((), 20),
    _published(("A-DELIA",), 5),
    _published(("B-PBRA",), 5),
)
