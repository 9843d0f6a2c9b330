"""The Dutch sums add up, and show no cell of the published file."""

import pytest

from analysis.evidence import vektis
from analysis.evidence.errors import EvidenceError

pytestmark = pytest.mark.unit

SCOPES = vektis.scopes()
BY_SCOPE = pytest.mark.parametrize("scope", SCOPES)


@BY_SCOPE
def test_municipalities_and_classes_tell_the_same_people_and_money(scope):
    places, classes = vektis.municipalities(scope), vektis.classes(scope)
    cost = classes["insured_years"] * classes["mean_cost_euros"]
    for ages in vektis.AGES:
        of_places, of_classes = places["ages"] == ages, classes["ages"] == ages
        for column in ("persons", "insured_years"):
            assert places.loc[of_places, column].sum() == pytest.approx(
                classes.loc[of_classes, column].sum(), rel=1e-5
            )
        # At the national means of the classes the country costs what it did.
        for column in ("cost_euros", "expected_euros"):
            total = places.loc[of_places, column].sum()
            assert total == pytest.approx(cost[of_classes].sum(), rel=1e-5)


def test_the_whole_country_is_there():
    classes = vektis.classes()
    years = classes["insured_years"].sum()
    assert years == pytest.approx(16_687_763, rel=1e-5)
    mean = (classes["insured_years"] * classes["mean_cost_euros"]).sum() / years
    assert mean == pytest.approx(2_361, abs=1)
    places = vektis.municipalities()
    assert places["municipality"].nunique() == 388
    by_size = places.groupby("municipality")["insured_years"].sum()
    assert by_size.is_monotonic_decreasing


def test_a_narrower_scope_costs_less():
    mean = {scope: vektis.classes(scope)["mean_cost_euros"].to_numpy() for scope in SCOPES}
    for narrow, wide in [
        ("without_mental_health", "all_care"),
        ("hospital_and_drugs", "without_mental_health"),
        ("hospital", "hospital_and_drugs"),
    ]:
        assert (mean[narrow] <= mean[wide]).all()


@BY_SCOPE
def test_the_sums_of_scatter_are_those_of_squares(scope):
    places = vektis.municipalities(scope)
    columns = ["scatter", "scatter_of_chance", "scatter_of_differences", "chance_euros_squared"]
    assert (places[columns] > 0).all().all()
    # A band's own mean takes part of the chance, so less than all of it is left.
    assert places["scatter_of_chance"].between(0.3, 0.9).all()


def test_local_effects_that_both_sexes_share_are_small():
    added = vektis.local_effects()
    assert added.loc["under_65", "squared_k_added_high"] < 0.05 * added.loc["under_65", "squared_k"]
    assert added.loc["over_64", "squared_k_added"] < 0.1 * added.loc["over_64", "squared_k"]


def test_simulated_countries_are_found_where_nothing_local_is_at_work():
    rows = vektis.recovery()
    local = rows["truth"] == "local_effects"
    assert (rows.loc[~local, "held"] >= 0.75 * rows.loc[~local, "replications"]).all()
    assert rows.loc[~local, "held"].sum() >= 0.88 * rows.loc[~local, "replications"].sum()
    k = rows["quantity"].str.startswith("k_")
    bias = rows["mean_found"] / rows["true_value"]
    assert bias[k & ~local].between(0.97, 1.03).all()
    assert bias[k & local].between(1.03, 1.2).all()


def test_an_unknown_scope_is_named():
    with pytest.raises(EvidenceError, match="no scope of care 'dental'; there are all_care"):
        vektis.municipalities("dental")
