"""The stamp at the foot of a chapter: which code, which data, and how well the fits sampled."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from analysis import settings
from analysis.errors import InputError
from analysis.files import write_atomically
from analysis.report import provenance
from analysis.report.numbers import RECORDS_VARIABLE, records_folder

FIELDS = ("fit", "max_rhat", "min_ess_bulk", "divergences", "draws")
"""What is told of each fit."""

STAMP_FILE = "_stamp.json"
"""Where the status page finds a chapter's stamp, among its records."""


@dataclass(frozen=True)
class Stamp:
    """What a chapter's results depend on, for display at its foot."""

    version: str
    code: str
    data: dict[str, str]
    seed: int
    fits: list[dict[str, Any]] = field(default_factory=list)

    @property
    def sampling(self) -> str:
        """Worst R-hat, smallest ESS and all divergences over the fits, in one sentence."""
        if not self.fits:
            return "no fit on this page"
        rhat = max(fit["max_rhat"] for fit in self.fits)
        ess = min(fit["min_ess_bulk"] for fit in self.fits)
        divergences = sum(fit["divergences"] for fit in self.fits)
        draws = sum(fit["draws"] for fit in self.fits)
        noun = "fit" if len(self.fits) == 1 else "fits"
        return (
            f"{len(self.fits)} {noun}, {draws:,} draws: worst R-hat {rhat:.3f}, "
            f"smallest bulk ESS {ess:,.0f}, divergences {divergences}"
        )

    def rows(self) -> list[tuple[str, str]]:
        """Return the lines of the stamp, as names and texts."""
        data = (
            ", ".join(f"{name} {digest[:16]}" for name, digest in self.data.items()) or "none read"
        )
        return [
            ("Version", self.version),
            ("Code", self.code),
            ("Data", data),
            ("Seed", str(self.seed)),
            ("Sampling", self.sampling),
        ]

    def _repr_html_(self) -> str:
        lines = "".join(f"<dt>{escape(n)}</dt><dd>{escape(t)}</dd>" for n, t in self.rows())
        return f'<dl class="page-stamp">{lines}</dl>'

    def _repr_markdown_(self) -> str:
        return "\n".join(f"- {name}: {text}" for name, text in self.rows())


def stamp(*diagnostics: Mapping[str, Any]) -> Stamp:
    """Return the stamp of this chapter: call it once, in the last cell.

    Parameters
    ----------
    *diagnostics : mapping
        One for each fit the chapter reads: `fit` (its name), `max_rhat`, `min_ess_bulk`,
        `divergences`, `draws`. More keys are allowed and left out.

    Raises
    ------
    InputError
        When a mapping lacks a field.
    """
    for fit in diagnostics:
        missing = [name for name in FIELDS if name not in fit]
        if missing:
            raise InputError(f"stamp: diagnostics of {fit.get('fit', 'a fit')} lack {missing[0]}.")
    page_stamp = Stamp(
        version=provenance.package_version(),
        code=provenance.digest_mapping(provenance.code_digests()),
        data=provenance.data_digests(),
        seed=settings.PROJECT_SEED,
        fits=[_plain(fit) for fit in diagnostics],
    )
    if os.environ.get(RECORDS_VARIABLE):
        content = {"sampling": page_stamp.sampling, "fits": page_stamp.fits}
        write_atomically(records_folder() / STAMP_FILE, json.dumps(content, sort_keys=True))
    return page_stamp


def _plain(fit: Mapping[str, Any]) -> dict[str, Any]:
    """Return the known fields as plain Python numbers, which JSON can hold."""
    numbers = {"max_rhat": float, "min_ess_bulk": float, "divergences": int, "draws": int}
    return {"fit": str(fit["fit"]), **{name: to(fit[name]) for name, to in numbers.items()}}
