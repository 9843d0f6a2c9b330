"""`python -m analysis verify`: compute the published numbers again and compare them one by one."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.commands.book_only import need_the_book
from analysis.commands.one_line_errors import failing_in_one_line
from analysis.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from analysis.report.agreement import Agreement, Verdict
    from analysis.report.published import PublishedNumber

VERIFY_HELP = "\n\n".join(
    [
        "Compute the published numbers again and compare them one by one.",
        "PUBLISHED is a numbers.json: a file, or its http address; by default that of the site "
        "built here. Everything is computed in a fresh folder of its own, without an earlier fit "
        "or outcome: all of it takes about twenty minutes on two cores, --only a part of it.",
        "A number agrees when its value and both ends of its interval differ by no more than the "
        "stated Monte Carlo error of the two runs allows: so many standard errors that a sound "
        "rerun of all numbers fails in none, with a probability of 99%. Exact numbers must be "
        "equal.",
        "Exit code 0: all agree. 1: some do not, or it could not be found out.",
        "Example: python -m analysis verify --only train-leaders --seed 7",
    ]
)

TIMEOUT_SECONDS = 30
MOST_BYTES = 50_000_000


def verify(
    published: Annotated[
        str | None, typer.Argument(help="The numbers to compare with.", show_default=False)
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Id of a number, or name of a chapter. May be given several times.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Other random numbers throughout; by default the published seed.",
            show_default=False,
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Each number must be printed alike too: for one machine and one seed."
        ),
    ] = False,
    keep: Annotated[
        Path | None,
        typer.Option(
            help="Folder to work in and to leave; an interrupted run continues there.",
            show_default=False,
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(help="Text file for the verdict on every number.", show_default=False),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all verdicts as JSON; progress goes to stderr.")
    ] = False,
) -> None:
    """Compute published numbers again; `VERIFY_HELP` is what the user reads."""
    left = "give --keep FOLDER to continue later" if keep is None else f"{keep} is kept"
    with failing_in_one_line(left):
        need_the_book("verify")
        from rich.console import Console

        from analysis.publish.execute import Reporter
        from analysis.publish.project import Project
        from analysis.publish.verify import choose, folder_for
        from analysis.publish.verify import verify as verify_numbers

        project = Project()
        _check_log(log)
        numbers = _read(published or str(project.site / "numbers.json"))
        wanted = choose(project, numbers, only or [])
        used = next(iter(numbers.values())).seed if seed is None else seed
        reporter = Reporter(Console(stderr=as_json))
        with folder_for(project, used, keep) as elsewhere:
            agreement = verify_numbers(elsewhere, numbers, wanted, reporter, strict)
        if log is not None:
            _write(log, agreement)
        if as_json:
            print(json.dumps(_as_json(agreement, used), indent=2, ensure_ascii=False))
        else:
            _tell(Console(), agreement)
    raise typer.Exit(0 if agreement.agrees else 1)


def _read(address: str) -> Mapping[str, "PublishedNumber"]:
    """Return the published numbers of a file or an http address."""
    from analysis.report.published import published_numbers

    try:
        return published_numbers(_content(address).decode("utf-8-sig"), address)
    except UnicodeDecodeError:
        raise InputError(f"{address}: is not text in UTF-8; fetch it again.") from None
    except (OSError, urllib.error.URLError) as error:
        reason = getattr(error, "strerror", None) or error
        hint = "" if "://" in address else "; name a numbers.json, or run `make book` first"
        raise InputError(f"{address}: cannot be read: {reason}{hint}.") from error


def _content(address: str) -> bytes:
    if not address.startswith(("http://", "https://")):
        return Path(address).read_bytes()
    with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:
        content: bytes = answer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError(f"{address}: is larger than {MOST_BYTES:,} bytes: no numbers.json.")
    return content


def _check_log(log: Path | None) -> None:
    """Stop before twenty minutes of work end in a place that cannot be written."""
    if log is not None and (log.is_dir() or not log.resolve().parent.is_dir()):
        raise InputError(f"--log {log}: give the name of a file in a folder that exists")


def _write(log: Path, agreement: "Agreement") -> None:
    from analysis.files import write_atomically

    lines = [agreement.sentence(), *(_line(verdict) for verdict in _failures_first(agreement))]
    write_atomically(log, "\n".join(lines) + "\n")


def _failures_first(agreement: "Agreement") -> list["Verdict"]:
    return sorted(agreement.verdicts, key=lambda verdict: (verdict.agrees, verdict.id))


def _line(verdict: "Verdict") -> str:
    outcome = "agrees" if verdict.agrees else "FAILS "
    reason = f"  {verdict.reason}" if verdict.reason else ""
    texts = f"{verdict.published or '(none)'}  |  {verdict.recomputed or '(none)'}"
    return f"{outcome}  {verdict.id}  {texts}{reason}"


def _as_json(agreement: "Agreement", seed: int) -> dict[str, Any]:
    from dataclasses import asdict

    numbers = [asdict(v) | {"agrees": v.agrees} for v in _failures_first(agreement)]
    for number in numbers:
        # JSON has no infinity: a difference where none is allowed.
        number["differences"] = [
            d if abs(d) < float("inf") else None for d in number["differences"]
        ]
    return {
        "agrees": agreement.agrees,
        "sentence": agreement.sentence(),
        "seed": seed,
        "allowed_standard_errors": agreement.rule.errors,
        "comparisons": agreement.rule.comparisons,
        "false_alarm": agreement.rule.false_alarm,
        "spread": agreement.spread,
        "numbers": numbers,
    }


def _tell(console: "Console", agreement: "Agreement") -> None:
    """Print the failures as a table, then the sentence."""
    from rich.table import Table
    from rich.text import Text

    if agreement.failures:
        table = Table("number", "published", "computed again", "why it fails")
        for verdict in agreement.failures:
            texts = (verdict.id, verdict.published, verdict.recomputed, verdict.reason)
            table.add_row(*(Text(text) for text in texts))
        console.print(table)
    console.print(agreement.sentence(), markup=False, highlight=False, soft_wrap=True)
