"""The tables of claims agree with each other, and hold no verdict."""

import pytest

from analysis.evidence.catalogue import resources, table
from analysis.evidence.claims import claims, stated_claims
from analysis.evidence.facts import fact
from analysis.report.claims.rule import Verdict

pytestmark = pytest.mark.unit


def named(name):
    return list(table("claims", name)["claim"])


def test_what_is_judged_is_every_gathered_claim_and_the_central_statements():
    stated = stated_claims()
    assert list(stated["id"])[: len(claims())] == list(claims()["id"])
    assert stated["id"].is_unique
    assert stated["source_title"].notna().all()
    assert len(stated) == len(claims()) + len(table("claims", "statements"))


@pytest.mark.parametrize("name", ["tests", "beside", "untested", "disagreements", "answers"])
def test_tables_name_claims_that_exist(name):
    assert set(named(name)) <= set(stated_claims()["id"])


def test_every_claim_is_tested_or_has_a_reason_not_both():
    repeats = table("claims", "repeats").set_index("claim")["repeats"].to_dict()
    tested, untested = set(named("tests")), set(named("untested"))
    for claim in stated_claims()["id"]:
        assert (repeats.get(claim, claim) in tested) != (claim in untested), claim
    assert not set(repeats) & tested, "a repeated claim is tested where it first stands"


def test_a_repeated_claim_gives_the_figures_of_the_first():
    stated = stated_claims().set_index("id")
    for row in table("claims", "repeats").itertuples():
        here, there = (stated.loc[id, ["value", "low", "high"]] for id in (row.claim, row.repeats))
        assert here.equals(there), row.claim


def test_no_verdict_is_typed_in_the_data():
    for name in resources("claims"):
        frame = table("claims", name)
        assert "verdict" not in frame.columns
        cells = {str(cell).strip().lower() for cell in frame.to_numpy().ravel()}
        assert not cells & {verdict.value for verdict in Verdict}, name


def test_facts_beside_exist_and_what_enters_a_verdict_is_a_number():
    beside = table("claims", "beside")
    assert all(fact(name, purpose="quotation") for name in beside.query("kind == 'fact'")["name"])
    tested = table("claims", "tests")
    entered = set(zip(tested["claim"], tested["number"], strict=True))
    assert not entered & set(zip(beside["claim"], beside["name"], strict=True))


def test_each_relation_has_the_bounds_it_needs():
    stated = stated_claims().set_index("id")
    needs = {"at least": ["low"], "at most": ["high"], "between": ["low", "high"]}
    for row in table("claims", "tests").itertuples():
        own = stated.loc[row.claim, ["value", "low", "high"]].notna()
        if row.scale == row.scale:  # not missing
            assert own.any(), f"{row.claim} has no figure to scale"
            assert row.low != row.low
            assert row.high != row.high
        else:
            assert all(getattr(row, b) == getattr(row, b) for b in needs.get(row.relation, []))
        assert (row.relation == "about") == (row.tolerance == row.tolerance)
        assert row.reason.endswith("."), row.reason


def test_each_tested_claim_has_one_main_test_with_its_reason():
    tested = table("claims", "tests")
    main = tested[tested["main"].notna()]
    assert list(main["claim"]) == list(dict.fromkeys(tested["claim"]))
    assert main["main"].str.endswith(".").all()
