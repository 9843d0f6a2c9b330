"""Published numbers: recorded once in a notebook, read by every page, card and table.

`record` summarises posterior draws, rounds to the digits that the Monte Carlo error supports
and writes one JSON file. Nothing else in the project computes a published figure.
"""

import html
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from numpy.typing import ArrayLike

from analysis import settings
from analysis.errors import InputError
from analysis.files import write_atomically
from analysis.report import formatting, provenance
from analysis.report.checks import FlipPoint, Grade, check_digits, check_record
from analysis.report.draws_text import summary_texts
from analysis.report.monte_carlo import Simulated
from analysis.report.quantiles import Quantile, quantiles_of
from analysis.report.summaries import Summary, summarise

RECORDS_VARIABLE = "TENSUGGESTIONS_RECORDS"
"""Environment variable naming the folder that records are written to."""

PAGE_VARIABLE = "TENSUGGESTIONS_PAGE"
"""Environment variable naming the page a notebook becomes, as `notebooks/minimum-size`."""


@dataclass(frozen=True)
class Record:
    """One published number, as it stands in `numbers.json`, and the quantiles of its draws.

    `value` is the posterior median and `low` and `high` the ends of the equal-tailed interval,
    all in `unit` and unrounded, each with its Monte Carlo standard error; the `*_text` fields hold
    what readers see. An exact number, and a figure that all draws make together (a share of them,
    the best choice), has `interval`, `low` and `high` of None; the exact one `mcse` too. None
    elsewhere stands for infinity ("no limit"). The quantiles give verdicts their probability; they
    are not published, and a number without interval has none.
    """

    id: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    interval: float | None
    unit: str
    text: str
    value_text: str
    low_text: str
    high_text: str
    interval_text: str
    estimand: str
    grade: str
    suggestion: int | None
    page: str
    anchor: str
    mcse: float | None
    mcse_low: float | None
    mcse_high: float | None
    flip_point: FlipPoint | None
    assumptions: tuple[str, ...]
    data_digest: dict[str, str]
    code_digest: str
    seed: int
    version: str
    quantiles: tuple[Quantile, ...] = ()

    def published(self) -> dict[str, Any]:
        """Return the fields that `numbers.json` has."""
        fields = asdict(self)
        del fields["quantiles"]
        return fields

    def to_json(self) -> str:
        """Return the record as JSON text: sorted keys, no timestamp, the same bytes each run."""
        content = json.dumps(asdict(self), sort_keys=True, indent=2, ensure_ascii=False)
        return content + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Record":
        """Read a record back from `to_json`."""
        fields = json.loads(text)
        lists = {name: tuple(fields.get(name, ())) for name in ("assumptions", "quantiles")}
        return cls(**{**fields, **lists})

    def _repr_markdown_(self) -> str:
        return f"**{self.label}:** {self.text} · *{self.grade}* · `{self.id}`"

    def _repr_html_(self) -> str:
        label, text, name = (html.escape(part) for part in (self.label, self.text, self.id))
        return (
            f'<p class="recorded-number"><strong>{label}:</strong> {text} '
            f'<span class="grade grade-{self.grade}">{self.grade}</span> <code>{name}</code></p>'
        )


def record(  # noqa: PLR0913 - each field of a published number is stated by name
    id: str,
    draws: ArrayLike | Simulated | Summary,
    *,
    label: str,
    unit: str,
    estimand: str,
    grade: Grade,
    suggestion: int | None = None,
    flip_point: FlipPoint | Mapping[str, Any] | None = None,
    assumptions: Sequence[str] = (),
    data: Sequence[str] | None = None,
    decimals: int | None = None,
) -> Record:
    """Record one number for publication, and return it for display.

    Parameters
    ----------
    id : str
        Permanent name, lower case with dots, as `s07.p_over_2pct_100k`.
    draws : array_like or xarray.DataArray or float or Simulated
        Posterior draws with dims (chain, draw), in any order; or a 1-D sequence of draws. In
        `unit`. Infinite draws are allowed, NaN is not. Draws that are true or false give the share
        that is true. One exact number gets no interval, and nor does a `Simulated` figure. A
        `Summary` is taken as it stands: that of a forecast whose draws are gone.
    label : str
        Short name for readers, without a full stop.
    unit : str
        One of `formatting.UNITS`; a `probability` is in 0–1 and printed as a percentage.
    estimand : str
        What is estimated, of whom, over which period: one sentence.
    grade : {"estimated", "calibrated", "assumed"}
        Where the number's support comes from.
    suggestion : int, optional
        The suggestion (1–10) it bears on; None for foundations.
    flip_point : mapping, optional
        `assumption`, `value`, `unit`, `meaning`: where the advice changes.
    assumptions : sequence of str
        What must hold for the number to mean what its label says.
    data : sequence of str, optional
        Data packages behind this number; by default all that the notebook has read.
    decimals : int, optional
        Upper limit on the decimals shown. The Monte Carlo error may allow fewer.

    Raises
    ------
    InputError
        When a field is wrong, or `id` was already recorded in this run with another value.

    Notes
    -----
    The median is published, not the mean: it commutes with monotone transformations (the
    median minimum size is the size at the median k), always lies inside the interval, and does
    not jump with a heavy tail.
    """
    check_record(id, label, estimand, grade, suggestion, flip_point, assumptions)
    summary = summarise(draws, id)
    values = _values(summary, unit, decimals)
    check_digits(id, values["text"])
    number = Record(
        **_identity(id, suggestion),
        **values,
        label=label,
        unit=unit,
        estimand=estimand,
        grade=grade,
        flip_point=cast("FlipPoint | None", dict(flip_point) if flip_point else None),
        assumptions=tuple(assumptions),
        **_provenance(id, data),
        quantiles=_quantiles(draws, summary),
    )
    _write(number)
    return number


def _identity(id: str, suggestion: int | None) -> dict[str, Any]:
    page = os.environ.get(PAGE_VARIABLE, "interactive")
    return {"id": id, "suggestion": suggestion, "page": page, "anchor": f"numbers.html#{id}"}


def _values(summary: Summary, unit: str, decimals: int | None) -> dict[str, Any]:
    """Return the numeric and the printed fields of a record."""
    texts = summary_texts(summary, unit, decimals)
    return {
        **summary.as_fields(),
        "text": formatting.full_text(texts.value, texts.ends or None, settings.INTERVAL),
        "value_text": texts.value,
        "low_text": texts.low,
        "high_text": texts.high,
        "interval_text": texts.ends,
    }


def _quantiles(draws: object, summary: Summary) -> tuple[Quantile, ...]:
    """Return the quantiles of draws; none of a figure or a summary whose draws are not at hand."""
    if isinstance(draws, Simulated | Summary) or not summary.has_interval:
        return ()
    return quantiles_of(cast("ArrayLike", draws))


def _provenance(id: str, data: Sequence[str] | None) -> dict[str, Any]:
    digests = provenance.data_digests()
    unread = sorted(set(data or ()) - set(digests))
    if unread:
        packages = ", ".join(digests) or "none"
        raise InputError(
            f"number {id}: data package {unread[0]!r} was not read here (read: {packages})."
        )
    names = digests if data is None else sorted(data)
    return {
        "data_digest": {name: digests[name] for name in names},
        "code_digest": provenance.digest_mapping(provenance.code_digests()),
        "seed": settings.PROJECT_SEED,
        "version": provenance.package_version(),
    }


_recorded: dict[Path, Record] = {}
"""What this process has recorded, by file: the guard against one id with two values."""


def records_folder() -> Path:
    """Return the folder that records go to: the build's own, or `interactive` outside a build."""
    return Path(os.environ.get(RECORDS_VARIABLE, settings.BUILD / "interactive"))


def _write(number: Record) -> None:
    file = records_folder() / f"{number.id}.json"
    earlier = _recorded.get(file)
    if earlier is not None and earlier.text != number.text and os.environ.get(RECORDS_VARIABLE):
        raise InputError(
            f"number {number.id} was already recorded here as {earlier.text}, now as "
            f"{number.text}: give the second one its own id."
        )
    _recorded[file] = number
    write_atomically(file, number.to_json())


def read_records(*folders: Path) -> dict[str, Record]:
    """Read every record of some folders, by id and in the order of ids.

    Parameters
    ----------
    *folders : Path
        Every `*.json` in it is a record, unless its name begins with an underscore.

    Raises
    ------
    InputError
        When two pages recorded the same id.
    """
    records: dict[str, Record] = {}
    for file in (file for folder in folders for file in sorted(folder.glob("[!_]*.json"))):
        number = Record.from_json(file.read_text(encoding="utf-8"))
        if number.id in records:
            pages = f"{records[number.id].page} and {number.page}"
            raise InputError(f"number {number.id} is recorded on two pages, {pages}: rename one.")
        records[number.id] = number
    return dict(sorted(records.items()))
