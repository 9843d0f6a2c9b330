"""Published figures, their purposes, assumptions and claims."""

import dataclasses
import runpy

import pandas as pd
import pytest

from analysis import settings
from analysis.evidence.assumptions import assumption, assumptions
from analysis.evidence.catalogue import table
from analysis.evidence.claims import claims
from analysis.evidence.errors import EvidenceError
from analysis.evidence.facts import fact, facts, savings_threshold_schedule

PUBLISHED = settings.DATA / "published"


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(PUBLISHED / "derive.py"))


@pytest.mark.unit
def test_a_calibration_figure_may_enter_a_model():
    found = fact("F-RCA-2013-14")
    assert (found.value, found.unit, found.role) == (25.0, "GBP per head", "calibration")
    assert found.low is None
    assert type(found.value) is float
    assert found.citation.startswith("NHS England")


@pytest.mark.unit
def test_a_validation_figure_may_not_enter_a_model():
    with pytest.raises(EvidenceError, match=r"A-JONES is validation.*not be used for model"):
        fact("A-JONES")
    assert fact("A-JONES", purpose="validation").value == 100_000


@pytest.mark.unit
def test_a_calibration_figure_may_not_validate():
    with pytest.raises(EvidenceError, match=r"is calibration.*not be used for validation"):
        fact("F-RCA-2013-14", purpose="validation")


@pytest.mark.unit
def test_context_may_only_be_quoted():
    assert fact("G-AGE12", purpose="quotation").role == "context"
    with pytest.raises(EvidenceError, match="is context"):
        fact("G-AGE12")


@pytest.mark.unit
def test_a_figure_without_a_number_may_not_enter_a_model():
    with pytest.raises(
        EvidenceError, match="C-REACH-1 may not enter a model: its status is 'read'"
    ):
        fact("C-REACH-1")


@pytest.mark.unit
def test_an_unknown_figure_lists_near_matches():
    with pytest.raises(EvidenceError, match=r"no fact 'F-RCA-2013'.*F-RCA-2013-14"):
        fact("F-RCA-2013")


@pytest.mark.unit
def test_an_unknown_purpose_is_refused():
    with pytest.raises(EvidenceError, match="no purpose 'models'"):
        fact("A-JONES", purpose="models")


@pytest.mark.unit
def test_a_fact_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        fact("F-RCA-2013-14").value = 1.0


@pytest.mark.unit
def test_only_read_computed_or_derived_figures_are_usable():
    rows = facts(usable_only=True)
    assert rows["status"].str.match("read|computed|derived").all()
    barred = facts().query("not usable_in_model")
    assert len(barred) == 10
    for words in ("weak source", "abstract only", "not verified", "not seen in a source"):
        assert not rows["status"].str.contains(words).any()


@pytest.mark.unit
def test_a_secondary_source_is_usable_with_a_caution():
    found = fact("G-MAT-Inp-2")
    assert found.value == 91
    assert "secondary source" in found.caution


@pytest.mark.unit
def test_calibration_and_validation_share_no_figure_and_every_figure_has_a_role():
    by_role = {role: set(facts(role=role)["id"]) for role in ("calibration", "validation")}
    assert not by_role["calibration"] & by_role["validation"]
    assert (
        len(facts())
        == 256
        == sum(len(facts(role=r)) for r in table("published", "facts")["role"].cat.categories)
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("result", "ingredients"),
    [
        ("B-PBRA-cv", ["B-PBRA-1-val", "B-ASA-cv-agesex"]),
        ("A-DELIA-k", ["A-DELIA-5k-rew", "A-DELIA-5k-pen", "A-DELIA-50k"]),
        ("A-CRUMP-9000-k", ["A-CRUMP-9000-mean", "A-CRUMP-9000-sd"]),
        ("A-MSR-k", ["A-MSR-5000", "A-MSR-50000"]),
    ],
)
def test_a_figure_stands_on_the_same_side_as_what_it_was_computed_from(result, ingredients):
    roles = facts().set_index("id")["role"]
    assert {roles[result]} == {roles[name] for name in ingredients}


@pytest.mark.unit
def test_every_role_prefix_is_used():
    roles = table("published", "roles")
    ids = facts()["id"]
    unused = [prefix for prefix in roles["prefix"] if not ids.str.startswith(prefix).any()]
    assert not unused


@pytest.mark.unit
def test_facts_can_be_chosen_by_topic_and_role():
    rows = facts(topic="claims lag", role="calibration", usable_only=True)
    assert set(rows["topic"]) == {"claims lag"}
    assert "G-MAT-Inp-1" in set(rows["id"])
    with pytest.raises(EvidenceError, match=r"no topic 'claim lag'.*claims lag"):
        facts(topic="claim lag")


@pytest.mark.unit
def test_threshold_schedule_equals_the_single_figures():
    schedule = savings_threshold_schedule()
    for row in schedule.itertuples():
        found = fact(f"A-MSR-{row.beneficiaries_low}", purpose="validation")
        assert found.value == row.minimum_savings_low_end_percent
        assert found.low == row.minimum_savings_high_end_percent
    assert schedule["beneficiaries_high"].isna().sum() == 1
    low_ends = schedule["minimum_savings_low_end_percent"]
    assert low_ends.is_monotonic_decreasing


@pytest.mark.unit
@pytest.mark.parametrize(
    ("size", "sd", "mean", "k"), [(9000, 18349, 244891, 7.11), (24000, 32512, 652762, 7.72)]
)
def test_crumps_variation_follows_from_the_printed_figures(size, sd, mean, k):
    """Crump et al. (1991), abstract: k = SD / mean x sqrt(list size)."""
    assert fact(f"A-CRUMP-{size}-sd").value == sd
    assert fact(f"A-CRUMP-{size}-k").value == pytest.approx(sd / mean * size**0.5, abs=0.005)
    assert fact(f"A-CRUMP-{size}-k").value == k


@pytest.mark.unit
def test_dixon_table_2():
    """Dixon et al. (2011) BMJ 343:d6608, table 2, validation sample and practice level."""
    assert fact("B-PBRA-1-val").value == 0.0366
    assert fact("B-PBRA-2-val").value == 0.1223
    assert fact("B-PBRA-1-prac", purpose="validation").value == 0.3444
    assert fact("B-PBRA-5-prac", purpose="validation").value == 0.7735


@pytest.mark.unit
def test_figures_with_a_repeated_id_are_refused(script, tmp_path):
    rows = facts().head(2).assign(id="A")
    rows.to_csv(tmp_path / "facts.csv", index=False)
    with pytest.raises(EvidenceError, match="repeats the id A"):
        script["read_figures"](tmp_path)


@pytest.mark.unit
def test_figures_with_an_unknown_status_are_refused(script, tmp_path):
    facts().head(2).assign(status="recalled").to_csv(tmp_path / "facts.csv", index=False)
    with pytest.raises(EvidenceError, match=r"status \['recalled'\]"):
        script["read_figures"](tmp_path)


@pytest.mark.unit
def test_a_figure_without_a_role_is_refused(script):
    with pytest.raises(EvidenceError, match=r"No prefix in roles\.csv fits the figure Z-1"):
        script["with_role"](pd.DataFrame({"id": ["Z-1"]}), table("published", "roles"))


@pytest.mark.unit
def test_the_longest_prefix_decides(script):
    roles = pd.DataFrame({"prefix": ["A", "A-1"], "role": ["context", "validation"]})
    found = script["with_role"](pd.DataFrame({"id": ["A-1-x", "A-2"]}), roles)
    assert found["role"].tolist() == ["validation", "context"]


@pytest.mark.unit
def test_assumptions_are_complete():
    rows = assumptions()
    assert rows["name"].is_unique
    assert rows.drop(columns="source_url").notna().all(axis=None)
    assert rows["value"].between(rows["low"], rows["high"]).all()
    assert pd.to_datetime(rows["effective_date"]).notna().all()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("maximum_annual_cost_multiple", 1000),
        ("stop_loss_attachment_gbp", 50_000),
        ("overspend_tolerance_low", 0.01),
        ("overspend_tolerance_high", 0.02),
        ("overspend_probability_limit", 0.05),
    ],
)
def test_assumption_by_name(name, value):
    found = assumption(name)
    assert found.value == value
    assert found.grade == "assumed"
    assert found.source_url == ""


@pytest.mark.unit
def test_an_unknown_assumption_lists_near_matches():
    with pytest.raises(EvidenceError, match=r"no assumption 'overspend_limit'.*overspend_"):
        assumption("overspend_limit")


@pytest.mark.unit
def test_an_assumption_outside_its_range_is_refused(script, tmp_path):
    assumptions().assign(value=-1.0).to_csv(tmp_path / "assumptions.csv", index=False)
    with pytest.raises(
        EvidenceError, match="maximum_annual_cost_multiple has the value -1 outside"
    ):
        script["read_assumptions"](tmp_path)


@pytest.mark.unit
def test_claims_by_suggestion():
    seventh = claims(7)
    assert set(seventh["suggestion"]) == {7}
    assert claims()["suggestion"].dropna().between(1, 10).all()
    assert claims()["source_title"].notna().all()
    with pytest.raises(EvidenceError, match="no suggestion 11"):
        claims(11)


@pytest.mark.unit
def test_where_the_texts_disagree_both_are_kept():
    budget = claims()[claims()["claim"].str.contains("NHS budget", case=False)]
    assert {60.0, 70.0} <= set(budget["value"].dropna())
