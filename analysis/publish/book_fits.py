"""What the book's notebooks read from the store of fits: fits, and dear results of fits."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.fits.published import MODULES
from analysis.publish.fit_tasks import FitTask


def tasks() -> tuple[FitTask, ...]:
    """Return everything that is made before the notebooks start."""
    return (*_fits(), *_derived(), *_own_data())


def _fits() -> tuple[FitTask, ...]:
    return tuple(
        FitTask(fit.name, fit.fit, module.__name__, fit.seconds, fit.model, fit.needs)
        for module in MODULES
        for fit in module.PUBLISHED
    )


def _alone(
    name: str, make: Callable[[], object], module: str, seconds: float, *needs: str
) -> FitTask:
    return FitTask(name, make, module, seconds, name, needs)


def _derived() -> tuple[FitTask, ...]:
    leave_one_out = "analysis.chapters.risk_adjustment.leave_one_out"
    pools = "analysis.chapters.minimum_size.england_pools"
    return (
        *(
            _alone(f"leave-one-out of {fit}", partial(_leave_one_out, fit), leave_one_out, 11, fit)
            for fit in (
                "hurdle-age-sex",
                "hurdle-health",
                "hurdle-age-sex-history",
                "hurdle-health-history",
                "hurdle-prior-cost",
            )
        ),
        _alone(
            "compared cost forms",
            _compared_forms,
            "analysis.chapters.risk_adjustment.cost_forms",
            55,
            *("hurdle-age-sex", "generalised-gamma", "generalised-gamma-body"),
        ),
        _alone("England's variation", _england_variation, pools, 20),
        _alone("England's sample of 100 draws", partial(_england_sample, 100), pools, 60),
        _alone("England's sample of 20 draws", partial(_england_sample, 20), pools, 12),
    )


def _leave_one_out(fit: str) -> object:
    from analysis.chapters.risk_adjustment.leave_one_out import leave_one_out
    from analysis.fits.rand_costs import published_formula

    return leave_one_out(published_formula(fit))


def _compared_forms() -> object:
    from analysis.chapters.risk_adjustment.cost_forms import compare_forms, cost_forms
    from analysis.fits.published import published_fit
    from analysis.fits.rand_costs import published_formula

    base = published_formula("hurdle-age-sex")
    fits = {"all": "generalised-gamma", "body": "generalised-gamma-body"}
    forms = cost_forms(base, {part: published_fit(name) for part, name in fits.items()})
    return compare_forms(base, forms)


def _england_sample(draws: int) -> object:
    from analysis.chapters.minimum_size.england_pools import england_sample

    return england_sample(draws)


def _england_variation() -> object:
    from analysis.chapters.minimum_size.england_pools import england_variation

    return england_variation()


def _own_data() -> tuple[FitTask, ...]:
    fitting = "analysis.own.people.fitting"
    public = ("cells_by_sex", "cells", "cells_with_conditions")
    return (
        _alone("own data: invented people", _invented_people, fitting, 60),
        *(
            _alone(f"own data: public {name}", partial(_public_cells, name), fitting, 60)
            for name in public
        ),
    )


def _invented_people() -> None:
    """Run the commands of the page up to its fit: other cells would be another fit."""
    from analysis.report.command_line import CommandLine

    with TemporaryDirectory() as folder:
        command = CommandLine(folder)
        command("example people.csv --people 60000")
        command("cells people.csv --by age,sex --cost cost --person person --out cells.parquet")
        _fit_cells(Path(folder, "cells.parquet"))


def _public_cells(name: str) -> None:
    from analysis.evidence.catalogue import path

    _fit_cells(path("desynpuf", name))


def _fit_cells(file: Path) -> None:
    from analysis.own.people.fitting import fit_cells
    from analysis.population.cell_files import read_cells

    fit_cells(*read_cells(file))
