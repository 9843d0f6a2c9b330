"""What a share at risk brings: real savings, care withheld, risk borne, and where it turns.

The group is that of `analysis.chapters.balanced_incentives`, paid for savings alone. All responses
are linear and all values quadratic in the share, so optimum and turning points have a closed form.
"""

from dataclasses import dataclass

import numpy as np

from analysis.risk.multitask import MEASURES, Multitask


@dataclass(frozen=True)
class ShareEffects:
    """Effects of the share at risk, by draw; in per cent of the budget.

    Attributes
    ----------
    efficiency, withheld : ndarray, shape (draw,)
        Saving without harm, and by withholding care, for each unit of the share.
    patients : tuple of ndarray
        Linear and squared coefficient of what patients gain.
    surplus : tuple of ndarray
        The same for commissioner, group and patients together, risk and effort taken off.
    """

    efficiency: np.ndarray
    withheld: np.ndarray
    patients: tuple[np.ndarray, np.ndarray]
    surplus: tuple[np.ndarray, np.ndarray]

    def patient_gain(self, share: np.ndarray | float) -> np.ndarray:
        """Return what patients gain at a share (0 to 1), negative for harm."""
        return self.patients[0] * share + self.patients[1] * np.square(share)

    def total(self, share: np.ndarray | float) -> np.ndarray:
        """Return what all gain together at a share (0 to 1)."""
        return self.surplus[0] * share + self.surplus[1] * np.square(share)

    def optimal_share(self) -> np.ndarray:
        """Return the share with the largest surplus, 0 to 1, by draw."""
        return np.clip(_turning_point(*self.surplus), 0, 1)

    def harm_flip(self) -> np.ndarray:
        """Return the share from which more of it harms patients more than it saves.

        By draw: 0 if even the first step does; infinite if none does.
        """
        saved = self.efficiency + self.withheld
        return np.maximum(_turning_point(saved + self.patients[0], self.patients[1]), 0)


def share_effects(model: Multitask) -> ShareEffects:
    """Return the effects of putting a share of savings and losses at risk."""
    full_share = np.eye(len(MEASURES))[MEASURES.index("savings")]
    changes = [model.effort_change(full_share * share) for share in (1.0, 2.0)]
    return ShareEffects(
        efficiency=changes[0][:, 0],
        withheld=changes[0][:, 1],
        patients=_quadratic(*(model.patient_gain(change) for change in changes)),
        surplus=_quadratic(*(model.surplus(full_share * share) for share in (1.0, 2.0))),
    )


def _quadratic(at_one: np.ndarray, at_two: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of a quadratic through the origin, from its values at 1 and 2."""
    squared = at_two / 2 - at_one
    return at_one - squared, squared


def _turning_point(linear: np.ndarray, squared: np.ndarray) -> np.ndarray:
    """Where a quadratic that bends down is highest; infinite if it does not bend down."""
    bends = squared < 0
    return np.where(bends, -linear / np.where(bends, 2 * squared, 1.0), np.inf)
