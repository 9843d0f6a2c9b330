r"""One person's year of cost, by kind, given latent need.

Need multiplies expected hospital cost: with mean cost :math:`m_c` in cell :math:`c` and need
:math:`q` (mean 1 over everybody), :math:`E[Y \mid c, q] = m_c q` exactly. Care comes in spells, a
Poisson number with mean :math:`r_c q`, so that the hurdle is :math:`p = 1 - e^{-r_c q}` and the
mean of a positive cost :math:`m_c q / p`. A positive cost is that mean times a factor of mean 1:
lognormal, and for admissions and other care also Pareto ("Pareto-lognormal"; Reed & Jorgensen
2004, The double Pareto-lognormal distribution, Communications in Statistics 33:1733, section 2).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.population.england.cells import EnglandCells, england_cells
from analysis.population.england.parameters import EnglandParameters

Scope = Literal["hospital", "secondary", "total"]
"""Admissions and outpatient care; with all other secondary care; with primary care as well."""


@dataclass(frozen=True)
class SpellCare:
    """Care that comes in spells, and that many people do without in a year.

    Attributes
    ----------
    mean : ndarray, shape (cell,)
        GBP per person-year.
    rate : ndarray, shape (cell,)
        Spells per person-year at average need.
    log_sd : float
        Of the lognormal factor of a positive cost.
    tail_shape : float
        One over the index of its Pareto factor; 0 for none.
    """

    mean: np.ndarray
    rate: np.ndarray
    log_sd: float
    tail_shape: float

    @property
    def relative_square(self) -> float:
        """Mean square of the factor of a positive cost, whose mean is 1."""
        tail = self.tail_shape
        return float(np.exp(self.log_sd**2) * (1 - tail) ** 2 / (1 - 2 * tail))

    def use(self, cell: np.ndarray, need: np.ndarray) -> np.ndarray:
        """Return the probability of any such care, given cell and need (arrays that broadcast)."""
        return -np.expm1(-self.rate[cell] * need)

    def mean_square(self, cell: np.ndarray, need: np.ndarray) -> np.ndarray:
        """Return the mean square of a year's cost, given cell and need, squared GBP."""
        return (self.mean[cell] * need) ** 2 / self.use(cell, need) * self.relative_square

    def cost(
        self,
        cell: np.ndarray,
        need: np.ndarray,
        uniform: np.ndarray,
        normal: np.ndarray,
        exponential: np.ndarray,
    ) -> np.ndarray:
        """Return a year's cost in GBP from standard random numbers, all of shape (person,).

        Need is above 0 with mean 1; `uniform`, `normal` and `exponential` serve the hurdle, the
        body and the tail.
        """
        probability = self.use(cell, need)
        log_factor = self.log_sd * normal + exponential * np.float32(self.tail_shape)
        constant = (1 - self.tail_shape) * np.exp(-(self.log_sd**2) / 2)
        cost = self.mean[cell] * need / probability * (np.exp(log_factor) * np.float32(constant))
        return np.where(uniform < probability, cost, np.zeros(1, cost.dtype))


@dataclass(frozen=True)
class PersonCostModel:
    """What a person of each cell costs in a year, by kind of care: means, chances, spread."""

    cells: EnglandCells
    parameters: EnglandParameters
    admission: SpellCare
    outpatient: SpellCare
    other_care: SpellCare

    def spells_of(self, scope: Scope) -> tuple[SpellCare, ...]:
        """Return the kinds of care that come in spells, within a scope."""
        hospital = self.admission, self.outpatient
        return hospital if scope == "hospital" else (*hospital, self.other_care)

    @property
    def hospital_mean(self) -> np.ndarray:
        """Mean cost of admissions and outpatient care, shape (cell,), GBP per person-year."""
        return self.admission.mean + self.outpatient.mean

    @property
    def primary_mean(self) -> np.ndarray:
        """Mean cost of primary care without the flat amount, shape (cell,)."""
        return self.cells.primary - self.cells.flat


def person_cost_model(
    parameters: EnglandParameters, cells: EnglandCells | None = None
) -> PersonCostModel:
    """Return the model of some parameters; by default of England with the oldest put back."""
    cells = england_cells() if cells is None else cells
    admission, secondary = cells.average(cells.admission), cells.average(cells.secondary)
    # The source shares out all other secondary care by outpatient appointments, so one pattern
    # over the cells serves outpatient care, the rest, and the rate of both.
    outpatient_share = parameters.outpatient_to_admission_cost * admission / secondary
    relative = cells.secondary / secondary
    factor = parameters.admission_cost_log_sd, parameters.tail_shape
    return PersonCostModel(
        cells=cells,
        parameters=parameters,
        admission=SpellCare(
            cells.admission, parameters.admission_rate * cells.admission / admission, *factor
        ),
        outpatient=SpellCare(
            outpatient_share * cells.secondary,
            parameters.outpatient_rate * relative,
            parameters.outpatient_cost_log_sd,
            0.0,
        ),
        other_care=SpellCare(
            (1 - outpatient_share) * cells.secondary,
            parameters.other_care_rate * relative,
            *factor,
        ),
    )


def lognormal_mean_one(log_deviation: np.ndarray, log_variance: float) -> np.ndarray:
    """Return a lognormal with mean 1 from a centred normal deviation and its variance."""
    return np.exp(log_deviation - log_deviation.dtype.type(log_variance / 2))


def expected_cost(
    model: PersonCostModel, scope: Scope, cell: np.ndarray, log_need: np.ndarray, variance: float
) -> np.ndarray:
    """Return expected cost in GBP a year, given cell and log need (arrays that broadcast).

    Parameters
    ----------
    log_need : ndarray
        Centred normal deviation: the persistent part alone, or persistent and transitory.
    variance : float
        Of `log_need` over people.
    """
    kind = log_need.dtype
    mean = np.sum([care.mean for care in model.spells_of(scope)], axis=0)
    expected = mean.astype(kind)[cell] * lognormal_mean_one(log_need, variance)
    if scope != "total":
        return expected
    elasticity = model.parameters.primary_need_elasticity
    primary_need = lognormal_mean_one(kind.type(elasticity) * log_need, elasticity**2 * variance)
    primary = model.primary_mean.astype(kind)[cell] * primary_need
    return expected + primary + model.cells.flat.astype(kind)[cell]
