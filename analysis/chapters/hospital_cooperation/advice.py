"""The fee at which GP, specialist, hospital and payer all prefer a call for advice to a referral.

Everything is counted against referring straight away, per call, in pounds. A call costs the GP and
the specialist time. With the diversion rate as its chance, the patient is then not referred: the
GP gives further time, the hospital loses the referral's price (less what it saves, and less what
another patient brings in the freed slot), and the payer keeps that price but pays for the
patient's other care.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from analysis.chapters.hospital_cooperation.bargaining import Quantity
from analysis.errors import InputError


@dataclass(frozen=True)
class AdviceCall:
    """One call or written request for advice.

    Attributes
    ----------
    diversion_rate : ndarray, shape (draw,), or float
        Share of calls after which a patient is not referred who would have been, 0-1.
    gp_minutes : ndarray or float
        Minutes per call.
    gp_follow_up_minutes : ndarray or float
        Further minutes per diverted patient.
    gp_cost_per_minute_gbp : ndarray or float
        Pounds per minute.
    specialist_minutes : ndarray or float
        Minutes per call.
    specialist_cost_per_minute_gbp : ndarray or float
        Pounds per minute.
    running_cost_gbp : ndarray or float
        Hospital's other cost per call, pounds.
    referral_price_gbp : ndarray or float
        What the payer pays for one referral, pounds.
    avoidable_cost : ndarray or float
        What the hospital stops spending when it does not come, share of that price, 0-1.
    refill_probability : ndarray or float
        Chance that another patient, paid for, takes the slot, 0-1.
    diverted_care_gbp : ndarray or float
        What the payer spends instead on a diverted patient, pounds.
    """

    diversion_rate: Quantity
    gp_minutes: Quantity
    gp_follow_up_minutes: Quantity
    gp_cost_per_minute_gbp: Quantity
    specialist_minutes: Quantity
    specialist_cost_per_minute_gbp: Quantity
    running_cost_gbp: Quantity
    referral_price_gbp: Quantity
    avoidable_cost: Quantity
    refill_probability: Quantity
    diverted_care_gbp: Quantity

    def __post_init__(self) -> None:
        shares = {"diversion_rate", "avoidable_cost", "refill_probability"}
        for field in fields(self):
            values = np.asarray(getattr(self, field.name), float)
            limit = 1.0 if field.name in shares else np.inf
            if not ((values >= 0) & (values <= limit)).all():
                allowed = "between 0 and 1" if field.name in shares else "at least 0"
                raise InputError(
                    f"{field.name} must be {allowed}; found {values.min():g} to {values.max():g}."
                )


@dataclass(frozen=True)
class AdviceZone:
    """Least that each side needs and most that the payer may pay, pounds per call.

    Attributes
    ----------
    gp, specialist, hospital : ndarray, shape (draw,)
        Least fee at which each is no worse off; the hospital's leaves out the specialist's time.
    payer : ndarray, shape (draw,)
        Most that the payer may pay in all.
    """

    gp: np.ndarray
    specialist: np.ndarray
    hospital: np.ndarray
    payer: np.ndarray

    @property
    def hospital_side(self) -> np.ndarray:
        """Least fee that covers hospital and specialist together."""
        return self.hospital + self.specialist

    @property
    def floor(self) -> np.ndarray:
        """Least total fee that suits GP, specialist and hospital."""
        return self.gp + self.hospital_side

    @property
    def surplus(self) -> np.ndarray:
        """Joint gain of all four; no fee suits all where it is negative."""
        return self.payer - self.floor


def advice_zone(
    call: AdviceCall, *, paid_by_activity: bool = True, payer_wants_cash: bool = False
) -> AdviceZone:
    """Return the range of fees that suit GP, specialist, hospital and payer.

    Parameters
    ----------
    paid_by_activity : bool
        Whether the hospital is paid for each referral; if not, by a block contract, it loses no
        income by a diverted one, refills no slot for money, and the payer saves nothing.
    payer_wants_cash : bool
        Whether the payer counts what it pays for the patient in the freed slot as spent. If not,
        that care is taken to be worth its price.
    """
    gp_minutes = call.gp_minutes + call.diversion_rate * call.gp_follow_up_minutes
    diverted_price = call.diversion_rate * call.referral_price_gbp * float(paid_by_activity)
    if paid_by_activity:
        hospital_loses = diverted_price * (1 - call.avoidable_cost) * (1 - call.refill_probability)
    else:
        hospital_loses = -call.diversion_rate * call.referral_price_gbp * call.avoidable_cost
    payer_saves = diverted_price * (1 - call.refill_probability * float(payer_wants_cash))
    specialist_time = call.specialist_minutes * call.specialist_cost_per_minute_gbp
    payer_keeps = payer_saves - call.diversion_rate * call.diverted_care_gbp
    return AdviceZone(
        gp=np.asarray(gp_minutes * call.gp_cost_per_minute_gbp, float),
        specialist=np.asarray(specialist_time, float),
        hospital=np.asarray(call.running_cost_gbp + hospital_loses, float),
        payer=np.asarray(payer_keeps, float),
    )


def diversion_needed(call: AdviceCall) -> np.ndarray:
    """Return the diversion rate from which some fee suits all four, under payment by activity.

    Share of calls, 0-1: time and running cost of every call, over the joint gain by each diverted
    patient; infinite where no rate is enough. The call's own `diversion_rate` does not matter.
    """
    cost_of_every_call = (
        np.asarray(call.gp_minutes * call.gp_cost_per_minute_gbp, float)
        + call.specialist_minutes * call.specialist_cost_per_minute_gbp
        + call.running_cost_gbp
    )
    released = call.avoidable_cost + call.refill_probability * (1 - call.avoidable_cost)
    gain_by_diversion = (
        np.asarray(call.referral_price_gbp * released, float)
        - call.diverted_care_gbp
        - call.gp_follow_up_minutes * call.gp_cost_per_minute_gbp
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(gain_by_diversion > 0, cost_of_every_call / gain_by_diversion, np.inf)
    return np.where(rate > 1, np.inf, rate)


def acceptable_fees(zone: AdviceZone, fees_gbp: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return in which draws each total fee suits all four, divided as suits them.

    Shape (fee, draw): whether the fee, in pounds per call, lies between floor and ceiling.
    """
    fees = np.asarray(fees_gbp, float)[:, None]
    return (zone.floor <= fees) & (fees <= zone.payer)
