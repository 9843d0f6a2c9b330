"""From named assumptions to the models' inputs: which assumption each quantity is."""

from collections.abc import Mapping
from types import MappingProxyType

from analysis.chapters.hospital_cooperation.advice import AdviceCall
from analysis.chapters.hospital_cooperation.bargaining import (
    AvertedAdmission,
    Quantity,
    neutral_rate,
)
from analysis.chapters.hospital_cooperation.readmissions import Readmissions

ADMISSION_INPUTS = {
    "avoidable_cost": "hospital_avoidable_cost_share",
    "refill_probability": "freed_bed_refill_probability",
    "refill_price": "freed_bed_refill_price_ratio",
    "averting_cost": "averting_cost_share",
}
"""Assumption behind each field of `AvertedAdmission`."""

READMISSION_INPUTS = {
    "rate": "emergency_readmission_rate",
    "price_gbp": "emergency_admission_tariff_gbp",
}
"""Assumption behind two fields of `Readmissions`; the third is the `neutral_rate`."""

ADVICE_INPUTS = {
    "diversion_rate": "advice_diversion_rate",
    "gp_minutes": "advice_gp_minutes",
    "gp_follow_up_minutes": "advice_gp_follow_up_minutes",
    "gp_cost_per_minute_gbp": "gp_pay_per_minute_gbp",
    "specialist_minutes": "advice_specialist_minutes",
    "specialist_cost_per_minute_gbp": "specialist_pay_per_minute_gbp",
    "running_cost_gbp": "advice_running_cost_gbp",
    "referral_price_gbp": "outpatient_referral_price_gbp",
    "avoidable_cost": "outpatient_avoidable_cost_share",
    "refill_probability": "outpatient_slot_refill_probability",
    "diverted_care_gbp": "diverted_patient_care_gbp",
}
"""Assumption behind each field of `AdviceCall`; time is worth what the doctor is paid for it."""

ADVICE_FULL_COST_INPUTS = {
    **ADVICE_INPUTS,
    "gp_cost_per_minute_gbp": "gp_cost_per_minute_gbp",
    "specialist_cost_per_minute_gbp": "specialist_cost_per_minute_gbp",
}
"""The same with time at its full cost, overheads included, as a planner would count it."""

COOPERATION_INPUTS = (
    *ADMISSION_INPUTS.values(),
    *READMISSION_INPUTS.values(),
    *ADVICE_INPUTS.values(),
    *ADVICE_FULL_COST_INPUTS.values(),
    "hospital_avoidable_cost_share_long_run",
    "hospital_bargaining_power",
    "averted_admission_share",
    "moving_cost_share",
    "main_hospital_admission_share",
    "cooperation_scheme_cost_gbp",
    "hospital_emergency_admissions",
    "preventable_readmission_share",
    "readmission_reduction_in_trials",
    "discharge_support_cost_gbp",
)
"""Every assumption that the chapter draws."""


def averted_admission(values: Mapping[str, Quantity]) -> AvertedAdmission:
    """Return an averted admission from values or draws, by name, of `ADMISSION_INPUTS`."""
    return AvertedAdmission(**{field: values[name] for field, name in ADMISSION_INPUTS.items()})


def readmissions(values: Mapping[str, Quantity]) -> Readmissions:
    """Return readmissions from values or draws, by name.

    Of `READMISSION_INPUTS` and `ADMISSION_INPUTS`.
    """
    rate_and_price = {field: values[name] for field, name in READMISSION_INPUTS.items()}
    return Readmissions(**rate_and_price, released_value=neutral_rate(averted_admission(values)))


def advice_call(
    values: Mapping[str, Quantity], inputs: Mapping[str, str] = MappingProxyType(ADVICE_INPUTS)
) -> AdviceCall:
    """Return a call for advice from values or draws, by name, of assumptions.

    Parameters
    ----------
    inputs : mapping of str to str
        Assumption behind each field: `ADVICE_INPUTS` or `ADVICE_FULL_COST_INPUTS`.
    """
    return AdviceCall(**{field: values[name] for field, name in inputs.items()})
