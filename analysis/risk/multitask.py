"""What a group does when it is paid for several things at once: the linear-normal model.

Holmström & Milgrom (1991), Journal of Law, Economics, & Organization 7:24, with doctors who also
care about their patients, as in Ellis & McGuire (1986), Journal of Health Economics 5:129.

Everything is in per cent of the group's annual budget, and a change from what the group does when
it is paid for none of this. A group chooses four efforts *t* (`TASKS`); three measures (`MEASURES`)
show them with noise; the commissioner pays a slope for each measure. The group weighs its pay, the
cost of effort t'Kt/2, its dislike of risk, and `altruism` times what patients gain, p't - t'Lt/2.
"""

from dataclasses import dataclass

import numpy as np

TASKS = ("efficiency", "withholding", "quality", "experience")
"""Saving without harm; saving by withholding care; quality of care; patients' experience."""

MEASURES = ("savings", "quality", "experience")

PATIENT_VALUE = np.array([0.0, -1.0, 1.0, 1.0])
"""p: what the first unit of each effort gives patients. The first pound of care withheld was worth
a pound to them; quality and experience are measured by what they are worth."""

COMMISSIONER_VALUE = np.array([1.0, 1.0, 0.0, 0.0])
"""What a unit of each effort saves the commissioner, before any payment."""

SOCIAL_VALUE = PATIENT_VALUE + COMMISSIONER_VALUE


@dataclass(frozen=True)
class Multitask:
    """A group's situation, one row a draw.

    Slopes, pounds paid for a pound's worth of each measure, have shape (draw, measure) or
    (measure,); changes of efforts (draw, task); amounts (draw,), per cent of the budget.

    Attributes
    ----------
    effort_cost : ndarray, shape (draw, task, task)
        K, positive definite. A positive entry off the diagonal: one effort makes the other dearer.
    patient_curvature : ndarray, shape (draw, task, task)
        L: how fast patients' gain from a unit of effort falls; for care withheld, how fast the harm
        of the next pound rises.
    altruism : ndarray, shape (draw,)
        Alpha of Ellis & McGuire: the group's weight on what patients gain, in pounds per pound; 0
        to 1.
    measure_loadings : ndarray, shape (draw, measure, task)
        M: how much of each effort each measure shows.
    noise_variance : ndarray, shape (draw, measure)
        Squared per cent of the budget; noises are independent.
    risk_aversion : ndarray, shape (draw,)
        Absolute, per one per cent of the budget; at least 0.
    """

    effort_cost: np.ndarray
    patient_curvature: np.ndarray
    altruism: np.ndarray
    measure_loadings: np.ndarray
    noise_variance: np.ndarray
    risk_aversion: np.ndarray

    @property
    def effort_response(self) -> np.ndarray:
        """Return G = (K + altruism L)^-1, shape (draw, task, task): efforts by unit of incentive.

        It is the inverse curvature of what effort costs the group.
        """
        return np.linalg.inv(self.effort_cost + _by_draw(self.altruism) * self.patient_curvature)

    def unpaid(self) -> np.ndarray:
        """Return efforts without any of these payments, shape (draw, task)."""
        return np.einsum("dij,d,j->di", self.effort_response, self.altruism, PATIENT_VALUE)

    def effort_change(self, slopes: np.ndarray) -> np.ndarray:
        """Return the change of efforts that payments bring, G M' slopes."""
        slopes = np.broadcast_to(slopes, self.noise_variance.shape)
        return np.einsum("dij,dmj,dm->di", self.effort_response, self.measure_loadings, slopes)

    def added_effort_cost(self, change: np.ndarray) -> np.ndarray:
        """Return what a change from unpaid efforts adds to the cost of effort."""
        unpaid = self.unpaid()
        paid_cost = _half_quadratic_form(self.effort_cost, unpaid + change)
        return paid_cost - _half_quadratic_form(self.effort_cost, unpaid)

    def patient_gain(self, change: np.ndarray) -> np.ndarray:
        """Return what a change of efforts gives patients, the harm of withheld care taken off."""
        unpaid = self.unpaid()
        curved = _half_quadratic_form(self.patient_curvature, unpaid + change)
        return (
            change @ PATIENT_VALUE - curved + _half_quadratic_form(self.patient_curvature, unpaid)
        )

    def risk_premium(self, slopes: np.ndarray) -> np.ndarray:
        """Return what the noise of linear payments costs a group that dislikes risk."""
        return self.risk_aversion / 2 * (np.square(slopes) * self.noise_variance).sum(axis=-1)

    def surplus(self, slopes: np.ndarray) -> np.ndarray:
        """Return what linear payments are worth to commissioner, group and patients together.

        Against no payment. Payments themselves only change hands. The group's altruism counts
        once: as what patients gain.
        """
        change = self.effort_change(slopes)
        gains = change @ COMMISSIONER_VALUE + self.patient_gain(change)
        return gains - self.added_effort_cost(change) - self.risk_premium(slopes)


def optimal_slopes(model: Multitask) -> np.ndarray:
    """Return the linear payments with the largest surplus, in closed form.

    Without altruism, without curvature and with one measure a task this is (I + r K S)^-1 b,
    equation (5) of Holmström & Milgrom (1991), with S the noise and b the value of each task.

    Returns
    -------
    ndarray, shape (draw, measure)
        Pounds paid for a pound's worth of each measure.
    """
    left, right = _first_order_conditions(model)
    return np.linalg.solve(left, right[:, :, None])[:, :, 0]


def best_fixed_slopes(model: Multitask, within: np.ndarray | None = None) -> np.ndarray:
    """Return the linear payments with the largest mean surplus over draws, shape (measure,).

    Terms are set before anybody knows which draw is true. The surplus is quadratic in the slopes,
    so its mean is largest where the mean of the first-order conditions holds.

    Parameters
    ----------
    within : ndarray, shape (terms, measure) or (measure,), optional
        If given, only multiples of these slopes and their sums are considered.
    """
    left, right = (part.mean(axis=0) for part in _first_order_conditions(model))
    terms = np.eye(len(MEASURES)) if within is None else np.atleast_2d(within)
    return np.linalg.solve(terms @ left @ terms.T, terms @ right) @ terms


def _first_order_conditions(model: Multitask) -> tuple[np.ndarray, np.ndarray]:
    """Return A and b of the first-order conditions A x = b of the best slopes x, by draw."""
    curvature = model.effort_cost + model.patient_curvature
    measured_response = model.measure_loadings @ model.effort_response
    noise = model.noise_variance[:, :, None] * np.eye(len(MEASURES))
    # The value of each task less what altruism alone already brings about.
    value_not_reached = SOCIAL_VALUE - np.einsum("dij,dj->di", curvature, model.unpaid())
    left = (
        measured_response @ curvature @ measured_response.transpose(0, 2, 1)
        + _by_draw(model.risk_aversion) * noise
    )
    return left, np.einsum("dmi,di->dm", measured_response, value_not_reached)


def _by_draw(values: np.ndarray) -> np.ndarray:
    return values[:, None, None]


def _half_quadratic_form(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return v'Av / 2 of each draw."""
    return np.einsum("di,dij,dj->d", vector, matrix, vector) / 2
