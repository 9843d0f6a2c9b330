"""What an alternative hospital is worth to a consortium that bargains with its main one.

Amounts are shares of the full tariff for each averted admission. A consortium that can send a
share of its planned care elsewhere may threaten to. The hospital would lose that income, less
what it can save or refill. The consortium would bear the cost of moving, and would avert only the
moved share of its admissions, with the help of the other hospital, which gains work and asks no
payment.
"""

from dataclasses import dataclass

import numpy as np

from analysis.chapters.hospital_cooperation.bargaining import (
    FULL_TARIFF,
    AvertedAdmission,
    Contract,
    Quantity,
    consortium_gain,
    gain_share,
    hospital_loss,
    neutral_rate,
)
from analysis.errors import InputError


@dataclass(frozen=True)
class Alternative:
    """What a consortium could do without its main hospital.

    Attributes
    ----------
    movable_share : ndarray or float
        Share of its planned care that could go elsewhere, 0-1; 0 faces a local monopoly.
    planned_per_averted : ndarray or float
        Planned admissions at the main hospital for each emergency admission averted, at least 0.
    moving_cost : ndarray or float
        Cost of moving one planned admission, share of the tariff, at least 0.
    """

    movable_share: Quantity
    planned_per_averted: Quantity
    moving_cost: Quantity

    def __post_init__(self) -> None:
        movable = np.asarray(self.movable_share, float)
        if not ((movable >= 0) & (movable <= 1)).all():
            raise InputError(
                f"movable_share must be between 0 and 1; found {movable.min():g} to "
                f"{movable.max():g}."
            )


def threat_points(
    admission: AvertedAdmission, contract: Contract, alternative: Alternative
) -> tuple[np.ndarray, np.ndarray]:
    """Return what hospital and consortium get if planned care is moved and no deal is made.

    Parameters
    ----------
    contract : Contract
        Of the averted admissions; planned care is paid at the full tariff.

    Returns
    -------
    hospital, consortium : ndarray
        For each averted admission, against no change; the hospital's is never positive where the
        neutral rate is below 1.
    """
    moved = np.asarray(alternative.movable_share * alternative.planned_per_averted, float)
    hospital = -moved * hospital_loss(admission, FULL_TARIFF)
    averted_elsewhere = alternative.movable_share * consortium_gain(admission, contract)
    return hospital, averted_elsewhere - moved * alternative.moving_cost


def payment_under_commitment(
    admission: AvertedAdmission,
    contract: Contract,
    alternative: Alternative,
    hospital_power: Quantity = 0.5,
) -> np.ndarray:
    """Return the agreed payment when the consortium would surely carry out its threat.

    Payment to the hospital, share of the full tariff, negative when the hospital pays; NaN where
    both together would do better without a deal. `hospital_power` as in `gain_share`.

    References
    ----------
    Nash (1953), Two-person cooperative games, Econometrica 21, 128-140: a binding threat moves
    the point from which gains are counted.
    """
    hospital_threat, consortium_threat = threat_points(admission, contract, alternative)
    bargain = gain_share(admission, contract)
    joint_gain = bargain.joint_gain - hospital_threat - consortium_threat
    payment = bargain.floor + hospital_threat + np.asarray(hospital_power) * joint_gain
    return np.where(joint_gain >= 0, payment, np.nan)


def payment_if_credible(
    admission: AvertedAdmission,
    contract: Contract,
    alternative: Alternative,
    hospital_power: Quantity = 0.5,
) -> np.ndarray:
    """Return the agreed payment when the consortium leaves only where leaving pays.

    Payment to the hospital, share of the full tariff; NaN where the consortium does better
    elsewhere than any deal, or where there is nothing to share. `hospital_power` as in
    `gain_share`.

    References
    ----------
    Binmore, Rubinstein and Wolinsky (1986), The Nash bargaining solution in economic modelling,
    RAND Journal of Economics 17, 176-188: an outside option matters only where it is better than
    the share that bargaining gives.
    """
    _, outside_option = threat_points(admission, contract, alternative)
    bargain = gain_share(admission, contract)
    joint_gain = bargain.joint_gain
    consortium_part = np.maximum((1 - np.asarray(hospital_power)) * joint_gain, outside_option)
    both_gain = (joint_gain >= 0) & (consortium_part <= joint_gain)
    return np.where(both_gain, bargain.ceiling - consortium_part, np.nan)


def movable_share_without_payment(
    admission: AvertedAdmission,
    contract: Contract,
    alternative: Alternative,
    hospital_power: Quantity = 0.5,
) -> np.ndarray:
    """Return the share of planned care that must be movable for a hospital to cooperate unpaid.

    The payment under commitment falls in a straight line with the movable share; this is where it
    reaches zero.

    0 where the hospital asks nothing, infinite where no share is enough. The alternative's own
    `movable_share` does not matter; `hospital_power` as in `gain_share`.
    """
    power = np.asarray(hospital_power, float)
    bargain = gain_share(admission, contract)
    payment_without_threat = bargain.floor + power * bargain.joint_gain
    per_averted = np.asarray(alternative.planned_per_averted, float)
    hospital_loses = per_averted * (1 - neutral_rate(admission))
    consortium_gets = consortium_gain(admission, contract) - per_averted * alternative.moving_cost
    slope = (1 - power) * hospital_loses + power * consortium_gets
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(slope > 0, payment_without_threat / slope, np.inf)
    share = np.where(payment_without_threat <= 0, 0.0, share)
    return np.where(share > 1, np.inf, share)


def worthwhile_hospital_share(
    admission: AvertedAdmission,
    tariff_gbp: Quantity,
    averted_share: Quantity,
    hospital_admissions: Quantity,
    scheme_cost_gbp: Quantity,
) -> np.ndarray:
    """Return the share of a hospital's admissions from which a joint scheme pays for itself.

    That the consortium must account for so that the joint gain covers the scheme's cost; infinite
    where even all of the hospital's emergency admissions would not.

    Parameters
    ----------
    tariff_gbp : ndarray or float
        Pounds per admission.
    averted_share : ndarray or float
        Share of the consortium's admissions that are averted, 0-1.
    hospital_admissions : ndarray or float
        Emergency admissions of the hospital, per year.
    scheme_cost_gbp : ndarray or float
        Cost of the scheme in pounds a year, whatever its size.
    """
    joint_gain = neutral_rate(admission) - np.asarray(admission.averting_cost, float)
    gain_gbp = joint_gain * tariff_gbp * averted_share * hospital_admissions
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(gain_gbp > 0, np.asarray(scheme_cost_gbp, float) / gain_gbp, np.inf)
    return np.where(share > 1, np.inf, share)
