"""What a group does when it is paid for several things at once: the linear-normal model.

Holmström & Milgrom (1991), Journal of Law, Economics, & Organization 7:24, with doctors who also
care about their patients, as in Ellis & McGuire (1986), Journal of Health Economics 5:129.

Everything is in per cent of the group's annual budget, and a change from what the group does when
it is paid for none of this. A group chooses four efforts *t* (`TASKS`); three measures (`MEASURES`)
show them with noise; the commissioner pays a slope for each measure. The group weighs its pay, the
cost of effort t'Kt/2, its dislike of risk, and `care` times what patients gain, p't - t'Lt/2.
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

    Attributes
    ----------
    effort_cost : ndarray, shape (draw, task, task)
        K, positive definite. A positive entry off the diagonal: one effort makes the other dearer.
    patient_curvature : ndarray, shape (draw, task, task)
        L: how fast patients' gain from a unit of effort falls; for care withheld, how fast the harm
        of the next pound rises.
    care : ndarray, shape (draw,)
        The group's weight on what patients gain, in pounds per pound; 0 to 1.
    measures : ndarray, shape (draw, measure, task)
        M: how much of each effort each measure shows.
    noise_variance : ndarray, shape (draw, measure)
        Squared per cent of the budget; noises are independent.
    risk_aversion : ndarray, shape (draw,)
        Absolute, per one per cent of the budget; at least 0.
    """

    effort_cost: np.ndarray
    patient_curvature: np.ndarray
    care: np.ndarray
    measures: np.ndarray
    noise_variance: np.ndarray
    risk_aversion: np.ndarray

    @property
    def ease(self) -> np.ndarray:
        """Return G = (K + care L)^-1, shape (draw, task, task): efforts moved by a unit of pull."""
        return np.linalg.inv(self.effort_cost + _by_draw(self.care) * self.patient_curvature)

    def unpaid(self) -> np.ndarray:
        """Return efforts without any of these payments, shape (draw, task)."""
        return np.einsum("dij,d,j->di", self.ease, self.care, PATIENT_VALUE)

    def pull(self, slopes: np.ndarray) -> np.ndarray:
        """Return the change of efforts that payments bring.

        Parameters
        ----------
        slopes : ndarray, shape (draw, measure) or (measure,)
            Paid for one unit of each measure, pounds per pound.

        Returns
        -------
        ndarray, shape (draw, task)
        """
        slopes = np.broadcast_to(slopes, self.noise_variance.shape)
        return np.einsum("dij,dmj,dm->di", self.ease, self.measures, slopes)

    def effort_loss(self, change: np.ndarray) -> np.ndarray:
        """Return what a change of efforts adds to the cost of effort.

        Parameters
        ----------
        change : ndarray, shape (draw, task)
            From what the group does unpaid.

        Returns
        -------
        ndarray, shape (draw,)
            Per cent of the budget.
        """
        unpaid = self.unpaid()
        return _form(self.effort_cost, unpaid + change) - _form(self.effort_cost, unpaid)

    def patient_gain(self, change: np.ndarray) -> np.ndarray:
        """Return what a change of efforts gives patients, the harm of withheld care taken off.

        Parameters
        ----------
        change : ndarray, shape (draw, task)

        Returns
        -------
        ndarray, shape (draw,)
            Per cent of the budget.
        """
        unpaid = self.unpaid()
        curved = _form(self.patient_curvature, unpaid + change)
        return change @ PATIENT_VALUE - curved + _form(self.patient_curvature, unpaid)

    def risk_premium(self, slopes: np.ndarray) -> np.ndarray:
        """Return what the noise of linear payments costs a group that dislikes risk.

        Parameters
        ----------
        slopes : ndarray, shape (draw, measure) or (measure,)

        Returns
        -------
        ndarray, shape (draw,)
            Per cent of the budget.
        """
        return self.risk_aversion / 2 * (np.square(slopes) * self.noise_variance).sum(axis=-1)

    def surplus(self, slopes: np.ndarray) -> np.ndarray:
        """Return what linear payments are worth to commissioner, group and patients together.

        Payments themselves only change hands. The group's care for patients counts once: as what
        patients gain.

        Parameters
        ----------
        slopes : ndarray, shape (draw, measure) or (measure,)

        Returns
        -------
        ndarray, shape (draw,)
            Per cent of the budget, against no payment.
        """
        change = self.pull(slopes)
        gains = change @ COMMISSIONER_VALUE + self.patient_gain(change)
        return gains - self.effort_loss(change) - self.risk_premium(slopes)


def optimal_slopes(model: Multitask) -> np.ndarray:
    """Return the linear payments with the largest surplus, in closed form.

    Without care, without curvature and with one measure a task this is (I + r K S)^-1 b, equation
    (5) of Holmström & Milgrom (1991), with S the noise and b the value of each task.

    Returns
    -------
    ndarray, shape (draw, measure)
        Pounds paid for a pound's worth of each measure.
    """
    left, right = _conditions(model)
    return np.linalg.solve(left, right[:, :, None])[:, :, 0]


def best_fixed_slopes(model: Multitask, within: np.ndarray | None = None) -> np.ndarray:
    """Return the linear payments with the largest mean surplus over draws.

    Terms are set before anybody knows which draw is true. The surplus is quadratic in the slopes,
    so its mean is largest where the mean of the first-order conditions holds.

    Parameters
    ----------
    within : ndarray, shape (terms, measure) or (measure,), optional
        If given, only multiples of these slopes and their sums are considered.

    Returns
    -------
    ndarray, shape (measure,)
        Pounds paid for a pound's worth of each measure.
    """
    left, right = (part.mean(axis=0) for part in _conditions(model))
    terms = np.eye(len(MEASURES)) if within is None else np.atleast_2d(within)
    return np.linalg.solve(terms @ left @ terms.T, terms @ right) @ terms


def _conditions(model: Multitask) -> tuple[np.ndarray, np.ndarray]:
    """Return A and b of the first-order conditions A x = b of the best slopes x, by draw."""
    ease, shown = model.ease, model.measures
    curvature = model.effort_cost + model.patient_curvature
    reach = shown @ ease
    noise = model.noise_variance[:, :, None] * np.eye(len(MEASURES))
    # What is still missing: the value of each task less what care alone already brings about.
    missing = SOCIAL_VALUE - np.einsum("dij,dj->di", curvature, model.unpaid())
    left = reach @ curvature @ reach.transpose(0, 2, 1) + _by_draw(model.risk_aversion) * noise
    return left, np.einsum("dmi,di->dm", reach, missing)


def _by_draw(values: np.ndarray) -> np.ndarray:
    return values[:, None, None]


def _form(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    return np.einsum("di,dij,dj->d", vector, matrix, vector) / 2
