"""What is released does not depend on how many threads added it up."""

import numpy as np
import pandas as pd
import pytest

from analysis.population.cell_files import cells_parquet, manifest
from analysis.population.disclosure.cost_rounding import round_costs
from analysis.population.disclosure.release import release_source
from analysis.population.disclosure.rounding import round_sums
from analysis.tables.people_tables import open_people


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Costs in pence, in row groups that DuckDB gives to several threads."""
    generator, n = np.random.default_rng(5), 600_000
    cost = np.round(generator.lognormal(5.0, 1.5, n), 2) * (generator.random(n) < 0.8)
    file = tmp_path_factory.mktemp("people") / "people.parquet"
    table = pd.DataFrame({"group": generator.choice(list("abcdefgh"), n), "cost": cost})
    table.to_parquet(file, row_group_size=50_000)
    return file


def released(people, threads):
    source = open_people(str(people), "cost", ["group"])
    source.table.get_backend().raw_sql(f"SET threads = {threads}")
    release = release_source(source, ["group"], "cost")
    return cells_parquet(release.cells, manifest(source, "cost", release))


@pytest.mark.integration
def test_the_file_of_cells_is_the_same_with_one_thread_and_with_four(people):
    once = released(people, 1)
    assert {released(people, threads) for threads in (1, 4, 4, 4)} == {once}


@pytest.mark.unit
@pytest.mark.parametrize("total", [4_000.55, 40_000.5, 4_000_000.55, 4e9 + 50])
def test_a_sum_half_way_between_two_multiples_is_rounded_one_way(total):
    """A thousand people of about 4, 40, … each, their sum moved by the last bits."""
    moved = np.array([total * (1 - 1e-13), total, total * (1 + 1e-13)])
    people = 1000.0 if total < 1e6 else 1e6
    squares = 3 * moved**2 / people
    table = pd.DataFrame({"rows": people, "n": people, "n_positive": people, "sum_limited": moved})
    table = table.assign(sum_cost=moved, sum_limited_squared=squares, sum_cost_squared=squares)
    assert len(round_sums(table).drop_duplicates()) == 1
    assert round_sums(table)["sum_cost"].to_numpy() == pytest.approx(moved, rel=0.1 / people)


@pytest.mark.unit
def test_a_mean_half_way_between_two_steps_is_rounded_one_way():
    edges = np.array([0.0, 1.0, np.e, np.e**2])
    middle = np.array([-0.5, 0.5, 1.5, 2.5]) + 0.5 / 25
    moved = [
        pd.DataFrame({"cost_above": edges, "rows": 25, "n": 25.0, "mean_log": middle * (1 + bits)})
        for bits in (-1e-14, 0.0, 1e-14)
    ]
    rounded = [round_costs(costs.assign(variance_log=0.1), 1) for costs in moved]
    assert len(pd.concat(rounded).drop_duplicates()) == 4
