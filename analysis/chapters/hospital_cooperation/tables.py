"""Tables of the chapter, as its page prints them, and the data of its figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.chapters.hospital_cooperation.advice import AdviceZone, advice_zone
from analysis.chapters.hospital_cooperation.bargaining import (
    FULL_TARIFF,
    AvertedAdmission,
    Contract,
    Quantity,
    consortium_gain,
    gain_share,
    hospital_loss,
)
from analysis.chapters.hospital_cooperation.inputs import (
    ADMISSION_INPUTS,
    ADVICE_INPUTS,
    READMISSION_INPUTS,
    advice_call,
    averted_admission,
    readmissions,
)
from analysis.chapters.hospital_cooperation.leverage import (
    Alternative,
    payment_if_credible,
    payment_under_commitment,
)
from analysis.chapters.hospital_cooperation.readmissions import (
    Readmissions,
    break_even_above_threshold,
    break_even_effort,
)
from analysis.chapters.hospital_cooperation.sensitivity import one_at_a_time, rank_correlations
from analysis.intervals import median_and_interval
from analysis.report.draws_text import interval_text, probability_text
from analysis.report.formatting import signed_text, unit_named
from analysis.report.stated_ranges import range_text

LABELS = {
    "hospital_avoidable_cost_share": "avoidable cost of an admission",
    "freed_bed_refill_probability": "refill of freed beds",
    "freed_bed_refill_price_ratio": "price of the refill",
    "emergency_admission_tariff_gbp": "tariff of an admission",
    "preventable_readmission_share": "preventable share of readmissions",
    "emergency_readmission_rate": "rate of readmission",
    "outpatient_slot_refill_probability": "refill of clinic slots",
    "outpatient_avoidable_cost_share": "avoidable cost of a referral",
    "outpatient_referral_price_gbp": "price of a referral",
    "advice_diversion_rate": "calls that replace a referral",
    "advice_gp_minutes": "GP's minutes for a call",
    "advice_gp_follow_up_minutes": "GP's minutes afterwards",
    "gp_pay_per_minute_gbp": "GP's pay",
    "advice_specialist_minutes": "specialist's minutes",
    "specialist_pay_per_minute_gbp": "specialist's pay",
    "advice_running_cost_gbp": "running cost of advice",
    "diverted_patient_care_gbp": "other care of diverted patients",
}
"""Short names of the assumptions that the sensitivity of answers is shown for."""

PREVENTABLE = "preventable_readmission_share"
ADMISSION_NAMES = [name for name in ADMISSION_INPUTS.values() if name in LABELS]
READMISSION_NAMES = [*ADMISSION_NAMES, *READMISSION_INPUTS.values(), PREVENTABLE]
ADVICE_NAMES = list(ADVICE_INPUTS.values())

SPREAD = ["value", "low", "high"]


def pounds(amount: float) -> str:
    """Return whole pounds, as `£1,234` or `−£12`."""
    return signed_text(float(amount), unit_named("GBP"), 1.0)


def contract_effects(
    admission: AvertedAdmission, contracts: Iterable[Contract], tariff: np.ndarray
) -> pd.DataFrame:
    """Return what an averted admission brings each side, in pounds, by contract.

    Returns
    -------
    DataFrame
        ``contract``, ``side`` ("hospital" or "consortium"), ``value``, ``low``, ``high``.
    """
    rows = []
    for contract in contracts:
        gains = {
            "hospital": -hospital_loss(admission, contract),
            "consortium": consortium_gain(admission, contract),
        }
        rows += [
            (contract.name, side, *median_and_interval(tariff * gain))
            for side, gain in gains.items()
        ]
    return pd.DataFrame(rows, columns=["contract", "side", *SPREAD])


def enough_by_payment(floor: np.ndarray) -> pd.DataFrame:
    """Return how probably each payment, per cent of the tariff, is enough for the hospital."""
    payment = np.arange(0, 101.0)
    return pd.DataFrame(
        {
            "payment_percent": payment,
            "enough_percent": [100 * np.mean(100 * floor <= value) for value in payment],
        }
    )


def gain_share_table(
    admission: AvertedAdmission, contracts: Iterable[Contract], power: np.ndarray
) -> pd.DataFrame:
    """Return the bargaining range over one averted admission, by contract."""
    rows = []
    for contract in contracts:
        bargain = gain_share(admission, contract, power)
        unpaid = (bargain.floor <= 0) & (bargain.ceiling >= 0)
        rows.append(
            {
                "Paid for the last admission": contract.name,
                "Hospital needs at least, % of tariff": _share_text(bargain.floor),
                "Consortium pays at most, % of tariff": _share_text(bargain.ceiling),
                "Hospital gains unpaid": probability_text(bargain.floor <= 0),
                "Both gain unpaid": probability_text(unpaid),
                "Some payment suits both": probability_text(bargain.joint_gain >= 0),
            }
        )
    return pd.DataFrame(rows)


def _share_text(draws: np.ndarray) -> str:
    return interval_text(draws, "probability", decimals=0)


def leverage_table(
    admission: AvertedAdmission,
    alternative: Alternative,
    power: np.ndarray,
    shares: Iterable[float],
) -> pd.DataFrame:
    """Return the payment that the two would agree on, by the share of planned care that moves.

    Draws in which they do not agree (not a number) are left out.
    """
    rows = []
    for share in shares:
        option = replace(alternative, movable_share=share)
        bound = _agreed(payment_under_commitment(admission, FULL_TARIFF, option, power))
        free = _agreed(payment_if_credible(admission, FULL_TARIFF, option, power))
        monopoly = " (local monopoly)" if share == 0 else ""
        rows.append(
            {
                "Planned care that could move": f"{share:.0%}{monopoly}",
                "Payment if bound to leave, % of tariff": _share_text(bound),
                "Hospital helps unpaid": probability_text(bound == 0),
                "Payment if it leaves only where that pays, % of tariff": _share_text(free),
            }
        )
    return pd.DataFrame(rows)


def _agreed(payment: np.ndarray) -> np.ndarray:
    return np.maximum(payment[~np.isnan(payment)], 0)


def worth_by_rule(
    back: Readmissions, prevented: np.ndarray, withheld: float, discharges: int
) -> dict[str, np.ndarray]:
    """Return what an effort that prevents a share of readmissions is worth, by payment rule.

    Parameters
    ----------
    prevented, withheld : float or ndarray
        Share of readmissions prevented; share of their payment withheld, or of their rate that
        stays unpaid.

    Returns
    -------
    dict of str to ndarray, shape (draw,)
        Pounds a discharge at which the hospital breaks even.
    """
    last_year = np.asarray(back.rate)
    below = (1 - withheld) * last_year
    return {
        "all paid": break_even_effort(back, prevented, 1.0),
        f"{withheld:.0%} withheld\nfrom each": break_even_effort(back, prevented, 1 - withheld),
        "none paid above\nlast year's rate": break_even_above_threshold(
            back, prevented, last_year, discharges
        ),
        f"none paid above\n{1 - withheld:.0%} of it": break_even_above_threshold(
            back, prevented, below, discharges
        ),
        "none paid": break_even_effort(back, prevented, 0.0),
    }


def rules_table(efforts: Mapping[str, Mapping[str, np.ndarray]]) -> pd.DataFrame:
    """Return ``rule``, ``effort``, ``value``, ``low``, ``high``; pounds a discharge.

    Parameters
    ----------
    efforts : mapping of str to mapping
        By effort, its worth by rule.
    """
    rules = next(iter(efforts.values()))
    return pd.DataFrame(
        [
            (rule, effort, *median_and_interval(worth[rule]))
            for rule in rules
            for effort, worth in efforts.items()
        ],
        columns=["rule", "effort", *SPREAD],
    )


def most_probable(choices: np.ndarray, acceptable_fees: np.ndarray, places: np.ndarray) -> float:
    """Return the choice that suits most often in some draws.

    Parameters
    ----------
    choices : ndarray, shape (choice,)
    acceptable_fees : ndarray of bool, shape (draw, choice)
    places : ndarray of int
        Of the draws that count.
    """
    return float(choices[acceptable_fees[places].mean(axis=0).argmax()])


def fee_sides(advice: AdviceZone) -> pd.DataFrame:
    """Return what each side needs or would pay for a call, in pounds: ``side`` and spread."""
    sides = {
        "GP, at least": advice.gp,
        "specialist and\nhospital, at least": advice.hospital_side,
        "all three, at least": advice.floor,
        "payer, at most": advice.payer,
    }
    return pd.DataFrame(
        [(side, *median_and_interval(draws)) for side, draws in sides.items()],
        columns=["side", *SPREAD],
    )


def advice_cases_table(zones: Mapping[str, AdviceZone], reasons: Mapping[str, str]) -> pd.DataFrame:
    """Return when a fee for a call suits all four; `reasons` why it does not, by case."""
    return pd.DataFrame(
        [
            {
                "Case": case,
                "Needed, £": interval_text(zone.floor, decimals=0),
                "Payer's limit, £": interval_text(zone.payer, decimals=0),
                "Some fee suits all": probability_text(zone.surplus >= 0),
                "Why not": reasons.get(case, "–"),
            }
            for case, zone in zones.items()
        ]
    )


def ranks_table(
    draws: Mapping[str, np.ndarray], answers: Mapping[str, tuple[Sequence[str], np.ndarray]]
) -> pd.DataFrame:
    """Return rank correlations of answers with their assumptions, the strongest first.

    Parameters
    ----------
    answers : mapping of str to (names, output)
        Of each answer, the assumptions that it rests on and its draws.
    """
    ranks = pd.DataFrame(
        {
            answer: rank_correlations(draws, inputs, output)
            for answer, (inputs, output) in answers.items()
        }
    )
    strongest = ranks.abs().max(axis=1).sort_values(ascending=False).index
    return ranks.loc[strongest].rename(index=LABELS).rename_axis("Assumption")


def swings_table(typical: Mapping[str, float]) -> pd.DataFrame:
    """Return each answer with one assumption at the ends of its range; `typical` holds the rest."""
    swings = pd.concat(
        {
            "Gain-share floor, % of the tariff": one_at_a_time(
                _floor_percent, ADMISSION_NAMES, typical
            ),
            "Readmission break-even, £ a discharge": one_at_a_time(
                _unpaid_worth, READMISSION_NAMES, typical
            ).head(4),
            "Room for a fee, £ a call": one_at_a_time(_fee_room, ADVICE_NAMES).head(6),
        },
        names=["Answer"],
    ).reset_index()
    ends = zip(swings["low"], swings["high"], strict=True)
    return pd.DataFrame(
        {
            "Answer": swings["Answer"],
            "Assumption": swings["assumption"].map(LABELS),
            "Its range": [range_text(low, high) for low, high in ends],
            "Answer at the low end": swings["at_low"],
            "at its value": swings["at_value"],
            "at the high end": swings["at_high"],
        }
    )


def _floor_percent(values: Mapping[str, Quantity]) -> Quantity:
    return 100 * hospital_loss(averted_admission(values), FULL_TARIFF)


def _unpaid_worth(values: Mapping[str, Quantity]) -> Quantity:
    return break_even_effort(readmissions(values), values[PREVENTABLE], 0.0)


def _fee_room(values: Mapping[str, Quantity]) -> Quantity:
    return advice_zone(advice_call(values)).surplus
