"""What several sections of the report on a reader's own population print, computed once."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from scipy.special import ndtri

from analysis.own.people import checks as own_checks
from analysis.own.people import costliest
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
    """What several sections of the report print, computed once.

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
    """Compute what several sections print; an exhibit computes its own table.

    Parameters
    ----------
    progress : callable
        Told what is being computed.
    """
    progress("minimum size")
    by_case = sizes(fitted, settings)
    readings, curve = size_grid(fitted, settings)
    progress("stop-loss cover")
    cover = stop_loss_table(fitted, settings)
    progress("other populations")
    beside = beside_others(fitted, settings)
    progress("few people")
    without = costliest.answer_without(fitted, settings)
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
    )


def report_numbers(findings: Findings) -> dict[str, Any]:
    """Return every number of the report but those of its exhibits, for machines.

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
        "tolerance_of_any_size": tolerance_of_any_size(findings.settings),
        "cannot_tell": own_checks.cannot_tell(findings.fitted, findings.settings),
        "warnings": findings.warnings,
    }
