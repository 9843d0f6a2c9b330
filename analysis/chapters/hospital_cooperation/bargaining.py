"""Who gains and who loses when a consortium averts one hospital admission, and what they can agree.

All amounts are shares of the full tariff of the averted admission. When it does not happen, the
consortium no longer pays the marginal rate, and has spent the averting cost. The hospital loses
the marginal rate, no longer spends the avoidable cost, and may use the freed bed for a planned
patient, at the price and the avoidable cost share of that care.
"""

from dataclasses import dataclass, fields

import numpy as np

from analysis.errors import InputError

Quantity = np.ndarray | float
"""One value, or an array of draws."""


@dataclass(frozen=True)
class AvertedAdmission:
    """What one averted admission changes, apart from payment.

    Attributes
    ----------
    avoidable_cost : ndarray, shape (draw,), or float
        What the hospital stops spending, share of the tariff, 0-1.
    refill_probability : ndarray, shape (draw,), or float
        Chance that one more planned patient, paid for, uses the freed bed, 0-1.
    refill_price : ndarray, shape (draw,), or float
        Price of that planned care over the tariff of the averted admission, at least 0.
    averting_cost : ndarray, shape (draw,), or float
        What the consortium spends to avert it, share of the tariff, at least 0.
    """

    avoidable_cost: Quantity
    refill_probability: Quantity
    refill_price: Quantity
    averting_cost: Quantity

    def __post_init__(self) -> None:
        for field in fields(self):
            values = np.asarray(getattr(self, field.name), float)
            probability = field.name in {"avoidable_cost", "refill_probability"}
            limit = 1.0 if probability else np.inf
            if not ((values >= 0) & (values <= limit)).all():
                allowed = "between 0 and 1" if probability else "at least 0"
                raise InputError(
                    f"{field.name} must be {allowed}, as a share of the tariff; found values from "
                    f"{values.min():g} to {values.max():g}."
                )


@dataclass(frozen=True)
class Contract:
    """How a hospital is paid for one admission more or less.

    Attributes
    ----------
    name : str
        For tables and figures.
    marginal_rate : float
        Share of the tariff paid for the last emergency admission: 1 under Payment by Results, 0
        under a block contract.
    pays_for_refill : bool
        Whether planned care in a freed bed brings income; under a block contract it does not.
    """

    name: str
    marginal_rate: float
    pays_for_refill: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.marginal_rate <= 1:
            raise InputError(
                f"contract {self.name!r}: marginal_rate is {self.marginal_rate:g}; give the share "
                "of the tariff, between 0 and 1."
            )


FULL_TARIFF = Contract("full tariff", 1.0)
BLOCK = Contract("block contract", 0.0, pays_for_refill=False)


@dataclass(frozen=True)
class GainShare:
    """Payments from consortium to hospital that neither would refuse, share of the full tariff.

    Attributes
    ----------
    floor : ndarray
        Least that leaves the hospital no worse off; negative where it gains unpaid.
    ceiling : ndarray
        Most that leaves the consortium no worse off; negative where it loses even unpaid.
    agreed : ndarray
        Nash bargaining solution; NaN where no payment suits both.
    """

    floor: np.ndarray
    ceiling: np.ndarray
    agreed: np.ndarray

    @property
    def joint_gain(self) -> np.ndarray:
        """Gain of both together, share of the full tariff: the ceiling less the floor."""
        return self.ceiling - self.floor


def neutral_rate(admission: AvertedAdmission, contract: Contract = FULL_TARIFF) -> np.ndarray:
    """Return the marginal rate at which a hospital neither gains nor loses by an averted admission.

    It is what the averted admission sets free: avoidable cost, plus what planned care in the freed
    bed earns above its own avoidable cost. It is also the most that averting may cost before both
    sides together lose, whatever the contract pays.

    It is v + b p (1 - v), share of the full tariff, with avoidable cost v, refill probability b
    and refill price p; v alone where the contract does not pay for refill.
    """
    avoidable = np.asarray(admission.avoidable_cost, float)
    earned = admission.refill_probability * admission.refill_price * (1 - avoidable)
    return avoidable + earned * contract.pays_for_refill


def hospital_loss(admission: AvertedAdmission, contract: Contract) -> np.ndarray:
    """Return what a hospital loses by one averted admission before any gain-share.

    Marginal rate less `neutral_rate`, share of the full tariff; negative is a gain.
    """
    return contract.marginal_rate - neutral_rate(admission, contract)


def consortium_gain(admission: AvertedAdmission, contract: Contract) -> np.ndarray:
    """Return what a consortium gains by averting one admission before any gain-share.

    Marginal rate less averting cost, share of the full tariff. Where the freed bed is used for a
    patient of the same consortium, that care is taken to be worth its price: it is neither a gain
    nor a loss here. `cash_gain` counts it as spent.
    """
    return contract.marginal_rate - np.asarray(admission.averting_cost, float)


def cash_gain(admission: AvertedAdmission, contract: Contract) -> np.ndarray:
    """Return the cash that a consortium saves when it also pays for the care in the freed bed.

    `consortium_gain` less the expected price of the planned care, share of the full tariff.
    """
    planned_care = np.asarray(admission.refill_probability * admission.refill_price, float)
    return consortium_gain(admission, contract) - planned_care * contract.pays_for_refill


def gain_share(
    admission: AvertedAdmission, contract: Contract, hospital_power: Quantity = 0.5
) -> GainShare:
    """Return the bargaining range over one averted admission, and its Nash solution.

    Parameters
    ----------
    hospital_power : ndarray, shape (draw,), or float
        Share of the joint gain that goes to the hospital, 0-1; one half is Nash's own solution.

    References
    ----------
    Nash (1950), The bargaining problem, Econometrica 18, 155-162. The payment x maximises
    (x - floor)^power (ceiling - x)^(1 - power), so x = floor + power (ceiling - floor).
    """
    floor = np.asarray(hospital_loss(admission, contract), float)
    ceiling = consortium_gain(admission, contract)
    joint_gain = ceiling - floor
    agreed = np.where(joint_gain >= 0, floor + np.asarray(hospital_power) * joint_gain, np.nan)
    return GainShare(floor, ceiling, agreed)
