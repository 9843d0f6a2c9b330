"""Everything that the report on a reader's own population prints, computed once."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from scipy.special import ndtri

from analysis.own.people import budget_formulas, costliest, size_curves, stop_loss_curves, tail
from analysis.own.people import checks as own_checks
from analysis.own.people.budget_formulas import CostlierPool
from analysis.own.people.comparison import beside_others
from analysis.own.people.fitting import OwnFit
from analysis.own.people.measures import (
    explained,
    size_grid,
    sizes,
    stop_loss_table,
    tolerance_of_any_size,
)
from analysis.own.people.own_pool import OwnPool, own_pool
from analysis.own.people.report.words import records
from analysis.own.people.settings import Settings


@dataclass(frozen=True)
class Findings:
    """Everything that the report prints, computed once.

    Attributes
    ----------
    explained, sizes, grid, curve, cover, by_group, observed : DataFrame
        See `analysis.own.people.measures` and `analysis.own.people.checks`.
    beside : DataFrame
        See `analysis.own.people.comparison.beside_others`.
    resting, without : DataFrame
    share_of_one : tuple of float
        See `analysis.own.people.costliest`.
    pool : OwnPool
    tables : dict of str to DataFrame
        What is drawn, by the name of the book's figure.
    costlier : CostlierPool
        Whose foreseeable loss is shown.
    """

    fitted: OwnFit
    settings: Settings
    explained: pd.DataFrame
    sizes: pd.DataFrame
    grid: pd.DataFrame
    curve: pd.DataFrame
    cover: pd.DataFrame
    by_group: pd.DataFrame
    observed: pd.DataFrame
    beside: pd.DataFrame
    resting: pd.DataFrame
    without: pd.DataFrame
    share_of_one: tuple[float, float, float]
    pool: OwnPool
    tables: dict[str, pd.DataFrame]
    costlier: CostlierPool

    @property
    def score(self) -> float:
        """Standard normal score of the acceptable share of years."""
        return float(-ndtri(self.settings.probability))

    @property
    def warnings(self) -> list[str]:
        """Sentences on how much rests on few people; empty where little does."""
        return costliest.cautions(self.resting)


def compute_findings(
    fitted: OwnFit, settings: Settings, progress: Callable[[str], None] = lambda doing: None
) -> Findings:
    """Compute what the report prints.

    Parameters
    ----------
    progress : callable
        Told what is being computed.
    """
    progress("minimum size")
    by_case = sizes(fitted, settings)
    readings, curve = size_grid(fitted, settings)
    tables = _by_size(fitted, settings, float(by_case.set_index("case")["people"]["adjusted"]))
    progress("stop-loss cover")
    cover = stop_loss_table(fitted, settings)
    tables |= _under_cover(fitted, settings)
    progress("other populations")
    beside = beside_others(fitted, settings)
    progress("budgets and checks")
    without = costliest.answer_without(fitted, settings)
    by_formula, costlier = budget_formulas.ladder(fitted, settings)
    tables |= {"chance-and-loss": by_formula, **_budgets(fitted, settings)}
    tables |= {
        "survival": tail.survival(fitted, settings),
        "k-sensitivity": tail.other_assumptions(fitted, settings, without),
    }
    return Findings(
        fitted=fitted,
        settings=settings,
        explained=explained(fitted, settings),
        sizes=by_case,
        grid=readings,
        curve=curve,
        cover=cover,
        by_group=own_checks.mean_costs(fitted, settings),
        observed=own_checks.observed_variation(fitted, settings),
        beside=beside,
        resting=costliest.resting_on_few(fitted, settings),
        without=without,
        share_of_one=costliest.share_of_one(fitted.cells),
        pool=own_pool(fitted, settings),
        tables=tables,
        costlier=costlier,
    )


def _by_size(fitted: OwnFit, settings: Settings, needed: float) -> dict[str, pd.DataFrame]:
    return {
        "size-map": size_curves.size_bands(fitted, settings, needed),
        "size-by-population": size_curves.designs(fitted, settings),
        "chance-by-size": size_curves.chance_by_size(fitted, settings),
        "bearable-by-size": size_curves.bearable(fitted, settings),
    }


def _under_cover(fitted: OwnFit, settings: Settings) -> dict[str, pd.DataFrame]:
    return {
        "premium-and-size": stop_loss_curves.stop_loss_curve(fitted, settings),
        "break-even": stop_loss_curves.break_even(fitted, settings),
        "removed-and-left": stop_loss_curves.carve_outs(fitted, settings),
    }


def _budgets(fitted: OwnFit, settings: Settings) -> dict[str, pd.DataFrame]:
    foreseen, observed = budget_formulas.profit(fitted, settings)
    return {
        "ratios-by-health": budget_formulas.ratios(fitted, settings),
        "profit": pd.concat([foreseen.assign(what="foreseen"), observed.assign(what="observed")]),
        "deciles": budget_formulas.tenths(fitted, settings),
    }


def report_numbers(findings: Findings) -> dict[str, Any]:
    """Return every number of the report, for machines.

    Returns
    -------
    dict
        Values that JSON can hold; sizes that do not exist are infinite.
    """
    tables: Mapping[str, pd.DataFrame] = {
        "explained": findings.explained,
        "sizes": findings.sizes,
        "size_grid": findings.grid,
        "stop_loss": findings.cover,
        "by_group": findings.by_group,
        "checks": findings.observed,
        "other_populations": findings.beside,
        "resting_on_few": findings.resting,
        "without_costliest": findings.without,
        "enough": findings.pool.enough,
    }
    return {
        "format": 2,
        "cells": findings.fitted.manifest,
        "settings": asdict(findings.settings),
        **{name: records(table) for name, table in tables.items()},
        "figures": {
            name: records(table.reset_index(drop=True)) for name, table in findings.tables.items()
        },
        "tolerance_of_any_size": tolerance_of_any_size(findings.settings),
        "cannot_tell": own_checks.cannot_tell(findings.fitted, findings.settings),
        "warnings": findings.warnings,
    }
