"""A reader's own bills: months as people write them, cumulation, recoveries, the one-year view."""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.real_or_virtual_budgets.chain_ladder import chain_ladder
from analysis.chapters.real_or_virtual_budgets.estimates import known_cells
from analysis.errors import InputError
from analysis.own.bills.claims_development import development_error
from analysis.own.bills.cumulation import payments_of, refuse_misread
from analysis.own.bills.months import months_of
from analysis.own.bills.notes import notes_on, recovery_problem
from analysis.own.bills.reserve import estimate_reserve
from analysis.own.bills.triangle import UserTriangle, read_triangle

pytestmark = pytest.mark.unit

MONTHS, LAGS = 12, 7
NAMES = tuple(f"2024-{month:02d}" for month in range(1, 13))
KNOWN = known_cells(MONTHS, LAGS, MONTHS - 1)
WITH_RECOVERIES = np.array([6000, 2500, 800, -320, 200, 100, 50.0])


def months(*values):
    return months_of(pd.Series(values, index=range(2, len(values) + 2), name="month"))


@pytest.mark.parametrize(
    "written",
    [
        *("2024-04", "2024/4", "2024-04-01", "2024-04-01 00:00:00", "2024-04-30T23:59:59.5Z"),
        *("202404", "202404.0", "20240430", "2024M04", "2024-M4", "04/2024", " 2024-04 "),
        *("Apr 2024", "April-2024", "2024 apr", "1 Apr 2024", "01APR2024", "April 30, 2024"),
        *("30/04/2024", "04/30/2024", "30.4.2024", "04/04/2024"),
    ],
)
def test_a_month_is_read_in_whatever_form_is_certain(written):
    assert str(months(written)[2]) == "2024-04"


def test_one_day_beyond_twelve_tells_the_order_of_the_whole_column():
    assert [str(each) for each in months("01/02/2024", "31/01/2024")] == ["2024-02", "2024-01"]
    assert [str(each) for each in months("01/02/2024", "01/31/2024")] == ["2024-01", "2024-01"]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (["01/01/2024", "01/02/2024"], "row 3, value '01/02/2024': it can be read in two ways"),
        (["31/01/2024", "01/31/2024"], "'31/01/2024' has the day first and '01/31/2024' the month"),
        (["31/31/2024"], "value '31/31/2024': write months as 2024-04"),
        (["2024-01", "2022-Q1"], "row 3, value '2022-Q1': it is a quarter; give payments by month"),
        (["Q3 2022"], "it is a quarter"),
        *(
            ([odd], f"column month, row 2, value '{odd}': write months as 2024-04")
            for odd in (
                *("2024-13", "2024-02-31", "2024", "2024.0", "2024.1", "20241", "45292", "Apr-24"),
                *("01/02/24", "Mai 2024", "", "202413"),
            )
        ),
    ],
)
def test_what_is_no_certain_month_is_refused_with_its_row(written, says):
    with pytest.raises(InputError) as refused:
        months(*written)
    assert says in str(refused.value)


def noisy(pattern, seed=1):
    generator = np.random.default_rng(seed)
    months = generator.uniform(0.9, 1.1, (MONTHS, 1))
    return pattern * months * generator.uniform(0.9, 1.1, (MONTHS, len(pattern)))


@pytest.mark.parametrize(
    "pattern", [[60, 25, 8, 4, 2, 1, 0.5], [60, 25, 8, -3.2, 2, 1, 0.5], [0, 9, 30, 40, 5, 2, 1]]
)
def test_cumulated_amounts_and_payments_are_told_apart(pattern):
    paid = noisy(np.array(pattern)) * KNOWN
    summed = paid.cumsum(axis=1) * KNOWN
    refuse_misread(paid, KNOWN, NAMES, cumulative=False)
    refuse_misread(summed, KNOWN, NAMES, cumulative=True)
    with pytest.raises(InputError, match="look cumulative; add --cumulative"):
        refuse_misread(summed, KNOWN, NAMES, cumulative=False)
    with pytest.raises(InputError, match="not cumulative; leave --cumulative out"):
        refuse_misread(paid, KNOWN, NAMES, cumulative=True)


def test_two_lags_tell_nothing_of_cumulation():
    """The second payment of a month is often the larger."""
    refuse_misread(np.array([[30, 45.0]] * 4), known_cells(4, 2, 9), NAMES[:4], cumulative=False)


def test_a_cumulated_amount_that_is_not_named_has_not_grown():
    named = np.array([[[True, False, True]]])
    np.testing.assert_array_equal(payments_of(np.array([[[5.0, 0, 7]]]), named), [[[5, 0, 2]]])


def triangle(paid, **changed):
    fields = {"known": KNOWN, "services": ("all",), "months": NAMES, "unnamed": 0} | changed
    return UserTriangle(paid=(paid * fields["known"])[None], **fields)


def test_recoveries_are_answered_by_the_chain_ladder_alone():
    """At lag 3 more comes back than is paid: 320 of a month's 9,330."""
    paid = noisy(WITH_RECOVERIES, seed=4)
    reserve = estimate_reserve(triangle(paid))
    assert "At lag 3 more came back than was paid, 2.6%" in reserve.model_problem
    assert not any(name.startswith("model") for name in reserve.by_month.columns)
    truth = (paid * ~KNOWN).sum(axis=1)
    low, high = (reserve.by_month[f"chain_ladder{end}"] for end in ("_low", "_high"))
    # Of October the recovery is still to come, then 350 more: nearly nothing, perhaps less.
    assert low["2024-10"] < truth[9] < high["2024-10"]
    assert low["2024-10"] < 0
    assert reserve.total["chain_ladder_low"] < truth.sum() < reserve.total["chain_ladder_high"]
    assert reserve.notes[0].startswith("9 amounts are negative, the first in 2024-01; by lag: 3.")


def test_a_refund_here_and_there_leaves_the_model_its_answer():
    paid = noisy(np.array([60, 25, 8, 4, 2, 1, 0.5]))
    paid[2, 4] = -1.0
    assert not recovery_problem(triangle(paid))
    assert notes_on(triangle(paid)) == [
        "1 amount is negative, the first in 2024-03; by lag: 4. They count as money that came back."
    ]


def test_gaps_and_zeros_are_said():
    paid = noisy(np.array([60, 25, 8, 4, 2, 1, 0.5]))
    paid[5] = 0
    gap, silent = notes_on(triangle(paid, unnamed=3))
    assert gap.startswith("3 amounts are not in the file")
    assert silent.startswith("Nothing is paid of 2024-06: ")
    (whole,) = notes_on(triangle(noisy(np.ones(7)), known=np.ones((MONTHS, LAGS), bool)))
    assert "known to lag 6, the last in the file: nothing is to come" in whole


def test_what_a_long_file_does_not_name_is_counted(tmp_path):
    month, lag = np.nonzero(KNOWN)
    table = pd.DataFrame(
        {"month": [NAMES[at] for at in month], "lag": lag, "paid": WITH_RECOVERIES[lag]}
    )
    file = tmp_path / "payments.csv"
    table[table["lag"] != 4].to_csv(file, index=False)
    found = read_triangle(file)
    assert found.unnamed == int(KNOWN[:, 4].sum())
    assert (found.paid[:, :, 4] == 0).all()


# Merz and Wüthrich (2008), table 1: cumulated payments.
PUBLISHED = np.array(
    [
        [2202584, 3210449, 3468122, 3545070, 3621627, 3644636, 3669012, 3674511, 3678633],
        [2350650, 3553023, 3783846, 3840067, 3865187, 3878744, 3898281, 3902425, 0],
        [2321885, 3424190, 3700876, 3798198, 3854755, 3878993, 3898825, 0, 0],
        [2171487, 3165274, 3395841, 3466453, 3515703, 3548422, 0, 0, 0],
        [2140328, 3157079, 3399262, 3500520, 3585812, 0, 0, 0, 0],
        [2290664, 3338197, 3550332, 3641036, 0, 0, 0, 0, 0],
        [2148216, 3219775, 3428335, 0, 0, 0, 0, 0, 0],
        [2143728, 3158581, 0, 0, 0, 0, 0, 0, 0],
        [2144738, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
)


# Taylor and Ashe (1983), cumulated payments, as in Mack (1993), table 1.
TAYLOR_ASHE = np.array(
    [
        [357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463],
        [352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085, 0],
        [290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315, 0, 0],
        [310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268, 0, 0, 0],
        [443160, 1136350, 2128333, 2897821, 3402672, 3873311, 0, 0, 0, 0],
        [396132, 1333217, 2180715, 2985752, 3691712, 0, 0, 0, 0, 0],
        [440832, 1288463, 2419861, 3483130, 0, 0, 0, 0, 0, 0],
        [359480, 1421128, 2864498, 0, 0, 0, 0, 0, 0, 0],
        [376686, 1363294, 0, 0, 0, 0, 0, 0, 0, 0],
        [344014, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
)


@pytest.mark.parametrize(
    ("cumulated", "one_year", "ultimate"),
    [(PUBLISHED, 81_080, 108_401), (TAYLOR_ASHE, 1_778_968, 2_447_095)],
    ids=["Merz and Wüthrich", "Taylor and Ashe"],
)
def test_the_one_year_view_is_the_published_one_and_becomes_macks(cumulated, one_year, ultimate):
    """Two triangles, each with its own published value after one period, and Mack's after all.

    81,080 is of the triangle in Merz and Wüthrich (2008), table 4 (81,081 in Boumezoued and others
    2011, arXiv 1107.0164, table 2). That of Taylor and Ashe has 1,778,968: England, Verrall and
    Wüthrich (2019), Insurance: Mathematics and Economics 85:74, table 2.
    """
    known = cumulated > 0
    paid = np.diff(cumulated, axis=1, prepend=0.0) * known
    ladder = chain_ladder(paid, known)
    lags = cumulated.shape[1]
    assert development_error(paid, known, ladder, 1) == pytest.approx(one_year, abs=1)
    assert development_error(paid, known, ladder, lags - 1) == pytest.approx(ultimate, abs=1)
    assert ladder.total_standard_error == pytest.approx(ultimate, abs=1)


def test_the_view_of_several_periods_is_that_of_simulated_ladders():
    """Mack's own process, two periods further, and a new chain ladder of what is then known."""
    known = PUBLISHED > 0
    paid = np.diff(PUBLISHED, axis=1, prepend=0.0) * known
    ladder = chain_ladder(paid, known)
    generator = np.random.default_rng(3)
    estimates = [_later_ultimate(PUBLISHED, ladder, 2, generator) for _ in range(1500)]
    assert np.std(estimates) == pytest.approx(development_error(paid, known, ladder, 2), rel=0.06)


def _later_ultimate(cumulated, ladder, periods, generator):
    """Sum of ultimates as estimated some periods later; today's factors uncertain as Mack says."""
    amounts, age = cumulated.astype(float), (cumulated > 0).sum(axis=1) - 1
    factors = ladder.factors.copy()
    for lag in range(len(factors)):
        rests_on = cumulated[age > lag, lag].sum()
        factors[lag] += ladder.sigma[lag] / np.sqrt(rests_on) * generator.standard_normal()
        moving = (age <= lag) & (lag < age + periods)
        expected = amounts[moving, lag] * factors[lag]
        noise = ladder.sigma[lag] * np.sqrt(amounts[moving, lag])
        amounts[moving, lag + 1] = expected + noise * generator.standard_normal(moving.sum())
    later = np.minimum(age + periods, len(factors))
    ultimate = amounts[np.arange(len(amounts)), later]
    for lag in range(len(factors)):
        known = later > lag
        ultimate[~known] *= amounts[known, lag + 1].sum() / amounts[known, lag].sum()
    return ultimate.sum()
