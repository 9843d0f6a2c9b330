"""Names and sizes of today's organisations agree with the packages without names."""

import pytest

from analysis.evidence import catalogue, england, mssp

pytestmark = pytest.mark.unit

ROUNDED_TO = 100
YEAR = "2022/23"
ACO_YEAR = 2024


@pytest.fixture(scope="module")
def named():
    """Return the organisations by level."""
    table = catalogue.table("organisations", "organisations")
    return dict(list(table.groupby("level")))


@pytest.mark.parametrize("level", ["sub_icb_location", "integrated_care_board"])
def test_locations_and_boards_have_the_size_they_have_without_a_name(named, level):
    sizes = england.organisations(level).set_index("code")["people"]
    here = named[level].set_index("code")["people"]
    assert set(here.index) == set(sizes.index)
    assert (here - sizes.reindex(here.index)).abs().max() <= ROUNDED_TO / 2


def test_networks_are_as_many_and_as_large_together(named):
    bins = england.size_bins("primary_care_network", YEAR)
    here = named["primary_care_network"]["people"]
    assert len(here) == bins["n_organisations"].sum()
    assert abs(here.sum() - bins["people_sum"].sum()) <= len(here) * ROUNDED_TO / 2


def test_american_organisations_are_as_many_and_as_large_together(named):
    groups = mssp.cross_section()
    last = groups[groups["performance_year"] == ACO_YEAR]
    here = named["accountable_care_organisation"]
    assert len(here) == last["n_acos"].sum()
    assert abs(here["people"].sum() - last["assigned_beneficiaries_sum"].sum()) <= len(here) * 50
    known = here["start_year"].dropna()
    assert known.between(2012, ACO_YEAR).all() and len(known) > 0.9 * len(here)


def test_sizes_are_rounded_and_names_are_words(named):
    for table in named.values():
        assert (table["people"] % ROUNDED_TO == 0).all() and (table["people"] > 0).all()
        assert table["name"].str.fullmatch(r"\S(.*\S)?").all()
        assert not table["name"].str.contains("  |\N{REPLACEMENT CHARACTER}").any()
