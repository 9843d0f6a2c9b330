"""`python -m analysis runoff`: what is still to be paid on a user's own triangle of payments."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.one_line_errors import failing_in_one_line
from analysis.commands.output_paths import check_output_path, write_output
from analysis.commands.own_population import tell_warnings
from analysis.settings import INTERVAL_WORDS

if TYPE_CHECKING:
    import pandas as pd

    from analysis.own.bills.reserve import Reserve

RUNOFF_HELP = "\n\n".join(
    [
        "Estimate the bills that are still to come, from payments by month of care.",
        "FILE is a CSV file. Long: columns month, paid (an amount), and paid_month or lag; one row "
        "a payment, and what is not named was not paid. Wide: column month, and one column a lag, "
        "named 0, 1, 2 and so on, with empty cells where it is not known yet. Both may have a "
        "column service. Write months as 2024-04; dates, 202404, 2024M04 and Apr 2024 are read "
        "too, and 01/04/2024 where the column shows which is the day.",
        "The run-off model and the chain ladder (with Mack's standard error) are shown side by "
        f"side, with {INTERVAL_WORDS}s, and how far the chain ladder may move within a year (Merz "
        "and Wüthrich). Where more comes back at a lag than is paid, only the chain ladder "
        "answers. Nothing leaves this machine.",
        "Example: python -m analysis runoff payments.csv --out unpaid.csv",
    ]
)


def runoff(
    file: Annotated[Path, typer.Argument(help="The payments.", show_default=False)],
    cumulative: Annotated[
        bool, typer.Option("--cumulative", help="Amounts add up from lag to lag.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="CSV file to write; replaced if it exists.", show_default=False),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON instead of a table.")
    ] = False,
) -> None:
    """Estimate what is still to be paid; `RUNOFF_HELP` is what the user reads."""
    with failing_in_one_line():
        from analysis.own.bills.triangle import read_triangle

        if out is not None:
            check_output_path(out, inputs=[file])
        triangle = read_triangle(file, cumulative=cumulative)
        # Only now: the models take seconds to load, and a fault in the file should not wait.
        from analysis.own.bills.reserve import estimate_reserve

        reserve = estimate_reserve(triangle)
        if out is not None:
            text = reserve.by_month.to_csv(lineterminator="\n", float_format="%.6g")
            write_output(out, text.encode())
    if as_json:
        print(json.dumps(_as_json(reserve), indent=2, ensure_ascii=False))
    else:
        _tell(reserve)


def _as_json(reserve: "Reserve") -> dict[str, object]:
    return {
        "total": {name: float(value) for name, value in reserve.total.items()},
        "by_month": json.loads(reserve.by_month.reset_index().to_json(orient="records")),
        "model_problem": reserve.model_problem or None,
        "chain_ladder_problem": reserve.chain_ladder_problem or None,
        "notes": list(reserve.notes),
    }


def _tell(reserve: "Reserve") -> None:
    """Print a table of months with bills to come, and sentences."""
    from rich.console import Console
    from rich.table import Table

    problems = {"model": reserve.model_problem, "chain_ladder": reserve.chain_ladder_problem}
    methods = [method for method, problem in problems.items() if not problem]
    table = Table("month of care", "paid so far", *(m.replace("_", " ") for m in methods))
    for month, row in reserve.by_month.iterrows():
        if any(row[f"{method}_high"] > 0 for method in methods):
            cells = (_amounts(row, method) for method in methods)
            table.add_row(str(month), f"{row['paid']:,.0f}", *cells)
    Console(width=112).print(table)
    for sentence in _sentences(reserve):
        print(sentence)
    tell_warnings(list(reserve.notes))


def _sentences(reserve: "Reserve") -> list[str]:
    """What is still to be paid by each method, or why one has no answer."""
    total = reserve.total
    said = []
    if reserve.model_problem:
        said.append(reserve.model_problem)
    else:
        said.append(f"Still to be paid: {_amounts(total, 'model')} by the run-off model.")
    if reserve.chain_ladder_problem:
        return [*said, f"No chain ladder: {reserve.chain_ladder_problem}"]
    return [
        *said,
        f"The chain ladder says {_amounts(total, 'chain_ladder')}.",
        _one_year_view(total["one_year_error"], total["ultimate_error"]),
    ]


def _one_year_view(one_year: float, ultimate: float) -> str:
    from analysis.own.people.report.words import rounded

    moves = f"will move by {rounded(one_year)} (one standard deviation)"
    if one_year > 0.9999 * ultimate:
        return f"All of it is paid within a year: until then its estimate {moves}."
    return f"Within a year its estimate {moves}, until the last bill by {rounded(ultimate)}."


def _amounts(row: "pd.Series", method: str) -> str:
    from analysis.report.draws_text import values_text

    value, low, high = (float(row[f"{method}{end}"]) for end in ("", "_low", "_high"))
    return values_text(value, low, high, "count")
