"""Claims, members and cover as people by year: sums, exposures, ages, an account that adds up."""

import ibis
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.own.claims.account import NO_COVER, NO_DATE, NO_MEMBER, NO_PERSON, OTHER_YEAR
from analysis.own.claims.dates import as_date
from analysis.own.claims.layouts import NEEDS, all_layouts, read_map, recognise
from analysis.own.claims.opening import Asked, open_tables
from analysis.own.claims.person_years import person_years
from analysis.own.claims.years import Years

pytestmark = pytest.mark.integration

CLAIMS = """claim,line,person,date,paid
1,1,a,2023-03-01,100.10
2,1,a,2024-01-31,50
2,2,a,2024-02-01,25.55
3,1,b,2024-05-05,900
3,1,b,2024-05-05,-900
4,1,b,2024-06-01,40
5,1,d,2024-12-31,7
"""
MEMBERS = """person,birth_date,sex,death_date
a,1970-01-01,f,
b,1970-01-02,m,2024-07-01
c,1940-06-15,f,
d,2024-07-02,f,
"""


def people_of(folder, *, years=(), first_month=1, named=(), lists=("members", "death"), **files):
    """Write tables as CSV files and turn them into people; what has no other name is claims."""
    paths = {name: folder / f"{name}.csv" for name in files}
    for name, path in paths.items():
        path.write_text(files[name])
    others = (*lists, "cover", "conditions")
    cover, conditions = (
        str(paths[name]) if name in paths else None for name in ("cover", "conditions")
    )
    tables = open_tables(
        [str(path) for name, path in paths.items() if name not in others],
        [str(paths[name]) for name in lists if name in paths],
        cover,
        conditions,
        Asked(read_map(named)),
    )
    people, account = person_years(tables, Years(tuple(years), first_month))
    return people.execute().set_index(["person", "year"]), account


def refused(message, folder, **given):
    with pytest.raises(InputError, match=message):
        people_of(folder, **given)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    conditions = "a,2023-05-01,asthma\na,2023-06-01,heart failure\nc,2024-01-01,x\n"
    return people_of(
        tmp_path_factory.mktemp("claims"),
        claims=CLAIMS,
        members=MEMBERS,
        conditions=f"person,date,condition\n{conditions}",
    )


class TestClaimsAndMembers:
    def test_lines_are_summed_and_reversals_netted(self, made):
        cost = made[0]["cost"]
        assert cost["a", 2023] == 100.10
        assert cost["a", 2024] == 75.55
        assert cost["b", 2024] == 40

    def test_people_without_a_claim_cost_nothing_and_are_there(self, made):
        people = made[0]
        assert people.loc[("c", 2023), "cost"] == people.loc[("c", 2024), "cost"] == 0
        assert list(people.columns[:4]) == ["age", "sex", "exposure", "cost"]

    def test_the_dead_and_the_newborn_are_kept_for_their_part_of_the_year(self, made):
        share = made[0]["exposure"]
        assert share["b", 2024] == 183 / 366, "from 1 January to 1 July, both included"
        assert share["d", 2024] == 183 / 366, "from 2 July"
        assert ("d", 2023) not in share.index
        assert share["a", 2023] == 1
        assert made[0].loc[("d", 2024), "cost"] == 7, "a cost of half a year is not doubled"

    def test_age_is_that_on_the_first_day_of_the_year(self, made):
        age = made[0]["age"]
        assert (age["a", 2024], age["b", 2024], age["c", 2024], age["d", 2024]) == (54, 53, 83, 0)
        assert age["a", 2023] == 53

    def test_last_years_cost_and_conditions_are_of_the_year_before(self, made):
        people = made[0]
        assert people.loc[("a", 2024), "prior_cost"] == 100.10
        assert people.loc[("c", 2024), "prior_cost"] == 0, "was there and had no claim"
        assert people["prior_cost"].isna()[("d", 2024)], "was not there, so nobody knows"
        assert people["prior_cost"].isna()[("a", 2023)], "of 2022 no claim tells"
        flags = ["prior_conditions", "prior_asthma", "prior_heart_failure", "prior_x"]
        assert people.loc[("a", 2024), flags].tolist() == [2, 1, 1, 0]
        assert people.loc[("c", 2024), flags].tolist() == [0, 0, 0, 0], "those of the year itself"

    def test_the_account_adds_up(self, made):
        account = made[1]
        assert (account.lines, account.lines_back, account.money_back) == (7, 1, -900)
        assert account.left_out == {}
        assert account.money == 222.65
        assert sum(row.cost for row in account.years) == pytest.approx(222.65)
        later = account.years[1]
        assert (later.people, later.died, later.without_cost, later.part_year) == (4, 1, 1, 2)
        assert later.member_years == pytest.approx(3)
        assert (later.first, later.last) == ("2024-01-31", "2024-12-31")

    def test_one_year_still_knows_the_cost_of_the_year_before(self, tmp_path):
        people, account = people_of(tmp_path, claims=CLAIMS, members=MEMBERS, years=[2024])
        assert people.index.get_level_values("year").unique().tolist() == [2024]
        assert people.loc[("a", 2024), "prior_cost"] == 100.10
        assert account.left_out == {OTHER_YEAR: (1, 100.10)}

    def test_what_cannot_be_anybodys_cost_is_left_out_with_the_reason(self, tmp_path):
        odd = CLAIMS + "6,1,,2024-01-01,1\n7,1,a,,2\n8,1,z,2024-01-01,4\n"
        odd += "9,1,d,2023-01-01,8\n10,1,a,2024-01-01,\n"
        people, account = people_of(tmp_path, claims=odd, members=MEMBERS)
        assert account.left_out == {
            NO_PERSON: (1, 1), NO_DATE: (1, 2), NO_MEMBER: (1, 4), NO_COVER: (1, 8)
        }  # fmt: skip
        assert (account.lines, account.empty, account.money) == (12, 1, 237.65)
        assert people["cost"].sum() == pytest.approx(222.65)


class TestRefusals:
    def test_claims_without_a_list_of_members(self, tmp_path):
        refused("list of all members with --members", tmp_path, claims=CLAIMS)

    def test_a_delivery_that_was_read_twice(self, tmp_path):
        again = CLAIMS + CLAIMS.partition("\n")[2]
        refused("7 claim lines are there more than once", tmp_path, claims=again, members=MEMBERS)

    def test_two_tables_with_different_keys(self, tmp_path):
        other = MEMBERS.replace("\na,", "\nA1,").replace("\nb,", "\nB1,")
        refused("6 of 7 lines are of people who are not among the members.*like 'A1'", tmp_path,
                claims=CLAIMS, members=other)  # fmt: skip

    def test_much_that_is_taken_back_without_having_been_paid(self, tmp_path):
        back = CLAIMS + "9,1,c,2024-01-01,-30\n"
        refused(
            "1 people cost less than 0 in a year, by 30.00", tmp_path, claims=back, members=MEMBERS
        )

    def test_a_year_that_is_hardly_there(self, tmp_path):
        stray = CLAIMS + "9,1,c,2022-12-31,1\n"
        refused("2022: 1 lines, 0.33 per member-year", tmp_path, claims=stray, members=MEMBERS)

    def test_an_age_without_the_year_it_is_of(self, tmp_path):
        ages = "person,age,sex\na,54,f\nb,53,m\nd,0,f\n"
        refused("fits one year only", tmp_path, claims=CLAIMS, members=ages)

    def test_a_date_of_birth_that_is_missing(self, tmp_path):
        """Not 0: whose age is not known is no infant."""
        unknown = MEMBERS.replace("c,1940-06-15", "c,")
        refused("2 people and years have no date of birth and no age", tmp_path, claims=CLAIMS,
                members=unknown, years=[2024])  # fmt: skip
        rows = "person,year,birth_date,sex,cost\na,2024,1950-03-01,f,3\nb,2024,,m,4\n"
        refused("1 people and years have no date of birth and no age", tmp_path, people=rows)

    def test_codes_for_ages(self, tmp_path):
        rows = "person,year,age,sex,cost\na,2024,-1,f,3\nb,2024,40,m,4\n"
        refused("1 people and years have an age that nobody has", tmp_path, people=rows)

    def test_lines_that_change_between_two_readings(self, tmp_path, monkeypatch):
        """Money that comes out must be that of the first reading, whatever happens between."""
        from analysis.own.claims import person_years as module

        sums = module.sums_by_person
        monkeypatch.setattr(
            module, "sums_by_person", lambda lines: sums(lines.filter(lines["amount"] != 70_000))
        )
        refused("lines do not add up: 7 came in", tmp_path, claims=CLAIMS, members=MEMBERS)


def test_few_who_are_below_nothing_cost_nothing_and_are_accounted_for(tmp_path):
    back = CLAIMS + "9,1,c,2024-01-01,-1.5\n"
    people, account = people_of(tmp_path, claims=back, members=MEMBERS)
    assert people.loc[("c", 2024), "cost"] == 0
    assert (account.years[1].below, account.years[1].raised) == (1, 1.5)
    assert sum(row.cost for row in account.years) == pytest.approx(account.money + 1.5)


class TestCover:
    def exposures(self, folder, cover, claims="person,date,paid\na,2024-06-01,5\n", **more):
        members = "person,birth_date,sex,death_date\na,1970-01-01,f,\nb,1980-01-01,f,2024-01-31\n"
        return people_of(folder, claims=claims, members=members, cover=cover, **more)[0]["exposure"]

    def test_spans_that_overlap_count_once(self, tmp_path):
        cover = (
            "person,start,end\na,2023-01-01,2024-01-10\na,2024-01-05,2024-01-20\n"
            "a,2024-01-06,2024-01-07\na,2024-12-31,9999-12-31\nb,2024-01-01,\n"
        )
        share = self.exposures(tmp_path, cover)
        assert share["a", 2024] == 21 / 366
        assert share["b", 2024] == 31 / 366, "an open span ends with death"

    @pytest.mark.parametrize(
        "cover",
        [
            "person,month\na,2024-01\na,2024-02\na,2024-02\na,2024-03\n",
            "person,year,months\na,2024,1\na,2024,2\n",
        ],
    )
    def test_months_are_twelfths(self, tmp_path, cover):
        assert self.exposures(tmp_path, cover).to_dict() == {("a", 2024): 0.25}

    def test_more_than_twelve_months_are_refused(self, tmp_path):
        with pytest.raises(InputError, match=r"cover.csv: somebody has 13 months"):
            self.exposures(tmp_path, "person,year,months\na,2024,13\n")

    def test_a_span_that_ends_before_it_begins_is_refused(self, tmp_path):
        with pytest.raises(InputError, match=r"ends on 2024-01-01, before it begins on 2024-02-01"):
            self.exposures(tmp_path, "person,start,end\na,2024-02-01,2024-01-01\n")

    def test_a_year_may_begin_in_april(self, tmp_path):
        claims = "person,date,paid\na,2024-03-31,5\na,2024-04-01,6\na,2025-03-31,2\n"
        cover = "person,start,end\na,2023-04-01,2024-09-30\n"
        people, _ = people_of(
            tmp_path, claims=claims, cover=cover, first_month=4,
            members="person,date_of_birth,sex\na,1980-04-01,f\n",
        )  # fmt: skip
        assert people["cost"].to_dict() == {("a", 2023): 5, ("a", 2024): 8}
        assert people["exposure"].to_dict() == {("a", 2023): 1, ("a", 2024): 183 / 365}
        assert people["age"].to_dict() == {("a", 2023): 43, ("a", 2024): 44}


class TestPeopleByYear:
    def test_a_panel_keeps_its_years_apart(self, tmp_path):
        rows = "".join(f"{p},{y},{30 + y - 2022},f,{10 * p + y - 2022}\n"
                       for p in range(3) for y in (2022, 2023, 2024))  # fmt: skip
        people, account = people_of(tmp_path, panel="person,year,age,sex,cost\n" + rows)
        assert [row.people for row in account.years] == [3, 3, 3]
        assert people.loc[("2", 2024), ["age", "cost", "prior_cost"]].tolist() == [32, 22, 21]

    def test_ages_of_members_are_those_that_their_list_has(self, tmp_path):
        ages = "person,age,sex\na,54,f\nb,53,m\nc,84,f\nd,0,f\n"
        people, _ = people_of(tmp_path, claims=CLAIMS, members=ages, years=[2024])
        assert people["age"].to_dict() == {
            ("a", 2024): 54, ("b", 2024): 53, ("c", 2024): 84, ("d", 2024): 0,
        }  # fmt: skip

    def test_months_become_exposure_and_costs_stay_as_they_are(self, tmp_path):
        rows = "member_id,age,sex,member_months,date_of_death,paid\n"
        rows += "1,80,f,1,2024-01-20,15000\n2,40,m,12,,0\n"
        refused("give one --year 2024", tmp_path, people=rows)
        people, account = people_of(tmp_path, people=rows, years=[2024])
        assert people.loc[("1", 2024), ["exposure", "cost"]].tolist() == [1 / 12, 15000]
        assert account.years[0].member_years == pytest.approx(13 / 12)

    def test_claims_that_look_like_people_are_refused(self, tmp_path):
        rows = "person,year,age,sex,paid\na,2024,3,f,1\na,2024,3,f,2\n"
        refused("more than one row in a year, so it is a table of claims", tmp_path, people=rows)


class TestLayouts:
    @pytest.mark.parametrize(
        "entry", all_layouts(), ids=lambda e: f"{e.name} {e.kind} {min(e.columns)}"
    )
    def test_every_table_is_recognised_by_its_own_names(self, entry):
        names = [theirs[0].replace("{yy}", "15").upper() for theirs in entry.columns.values()]
        found = recognise(names, [entry.kind], {})
        assert NEEDS[entry.kind]
        assert found.kind == entry.kind
        assert {found.columns[role] for role in entry.columns if role in found.columns} <= set(
            names
        )
        assert entry.source.startswith("https://") or entry.name == "plain"

    def test_medicare_feeds_have_reversals_above_zero(self, tmp_path):
        """The worked example of the information packet: 200 - 200 + 210 + 50 are 260."""
        header = "CUR_CLM_UNIQ_ID,BENE_MBI_ID,CLM_FROM_DT,CLM_PMT_AMT,CLM_ADJSMT_TYPE_CD\n"
        rows = (
            "1,m,2025-07-01,200,0\n2,m,2025-07-01,0,2\n3,m,2025-07-01,200,1\n4,m,2025-07-01,210,2\n"
        )
        lines = "CUR_CLM_UNIQ_ID,CLM_LINE_NUM,BENE_MBI_ID,CLM_LINE_FROM_DT,"
        lines += "CLM_LINE_CVRD_PD_AMT,CLM_ADJSMT_TYPE_CD\n"
        people, account = people_of(
            tmp_path,
            parta=header + rows + "7,m,2025-08-20,50,0\n",
            partb=lines + "0008,1,m,2025-08-20,00000000012.50,0\n0008,2,m,2025-08-20,12.50,0\n",
            members="BENE_MBI_ID,BENE_DOB,BENE_SEX_CD,BENE_DEATH_DT\nm,1944-09-17,1,\nm,1944-09-17,1,\n",
        )
        assert people.loc[("m", 2025), ["age", "sex", "cost"]].tolist() == [80, "male", 285]
        assert (account.lines_back, account.money_back) == (1, -200)

    def test_omop_costs_take_person_and_day_from_the_event(self, tmp_path):
        people, account = people_of(
            tmp_path,
            cost="cost_event_id,cost_domain_id,total_paid\n11,Visit,30\n12,Visit,5\n11,Drug,9\n",
            visits="visit_occurrence_id,person_id,visit_start_date\n"
            "11,1,2020-02-02\n12,2,2020-03-03\n",
            members="person_id,gender_concept_id,year_of_birth\n1,8532,1950\n2,8507,1960\n",
            death="person_id,death_date\n2,2020-12-30\n",
            cover="person_id,observation_period_start_date,observation_period_end_date\n"
            "1,2019-01-01,2020-12-31\n2,2020-01-01,2020-12-31\n",
        )
        assert people["cost"].to_dict() == {("1", 2020): 30, ("2", 2020): 5}
        assert people.loc[("1", 2020), ["age", "sex"]].tolist() == [69, "female"]
        assert people.loc[("2", 2020), "exposure"] == 365 / 366
        assert account.left_out == {NO_PERSON: (1, 9)}, "no table of drugs was given"

    def test_a_survey_file_tells_the_year_by_its_names(self, tmp_path):
        rows = "DUPERSID,AGE15X,SEX,TOTEXP15,PERWT15F\n10,80,2,1479,2941.79\n11,3,1,0,100\n"
        people, _ = people_of(tmp_path, meps=rows)
        assert people.loc[("10", 2015), ["age", "sex", "cost"]].tolist() == [80, "female", 1479]
        assert people["weight"].tolist() == [2941.79, 100], "what a row stands for is kept"

    def test_other_names_are_mapped(self, tmp_path):
        claims = CLAIMS.replace("person,date,paid", "Key,Day,Net")
        members = MEMBERS.replace("person,birth_date", "Id,Born")
        named = ["claims.person=Key", "date=day", "amount=Net", "members.person=Id", "birth=Born"]
        people, _ = people_of(tmp_path, claims=claims, members=members, named=named)
        assert people["cost"].sum() == pytest.approx(222.65)
        refused("no column is known to be person.*--map person=COLUMN; it has claim, line, Key",
                tmp_path, claims=claims, members=members)  # fmt: skip
        refused("--map sex=Sexe: no table has a column Sexe", tmp_path, claims=claims,
                members=members, named=[*named, "sex=Sexe"])  # fmt: skip

    @pytest.mark.parametrize("argument", ["person", "who=x", "people.sex=", "bills.person=x"])
    def test_a_map_that_says_nothing_is_refused(self, argument):
        with pytest.raises(InputError, match="give OURS=THEIRS"):
            read_map([argument])


def days(*written):
    table = ibis.memtable({"day": list(written)})
    return ibis.duckdb.connect().execute(table.select(day=as_date(table, "day")))["day"].tolist()


WRITTEN = [
    "20240131",
    "2024-01-31",
    "31/01/2024",
    "31.1.2024",
    "2024-01-31T10:00:00Z",
    "20240131.0",
]


def test_a_day_may_be_written_in_many_ways():
    assert set(days(*WRITTEN)) == {pd.Timestamp(2024, 1, 31)}
    assert days("01/31/2024") == [pd.Timestamp(2024, 1, 31)], "31 is no month"
    assert days("202402", "2024", "")[:2] == [pd.Timestamp(2024, 2, 1), pd.Timestamp(2024, 7, 1)]
    assert pd.isna(days(" ", "2024")[0])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (["31/02/2024"], "column day, value '31/02/2024': is no date"),
        (["2024-02-30"], "column day, value '2024-02-30': is no date"),
        (["05/06/2024"], "column day: no day is after the 12th"),
        (["31/01/2024", "01/31/2024"], "some begin with the day and some with the month"),
        (["soon"], "value 'soon': is no date"),
    ],
)
def test_a_day_that_is_none_or_may_be_two_is_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        days(*wrong)


def test_parts_of_a_folder_and_one_file_give_the_same(tmp_path):
    whole = pd.DataFrame(
        {
            "claim": [1, 2, 3], "line": 1, "person": ["a", "b", "a"], "paid": [1.5, 2.25, 4.0],
            "date": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01"]).date,
        }
    )  # fmt: skip
    (tmp_path / "parts").mkdir()
    for part in range(2):
        whole.iloc[part::2].to_parquet(tmp_path / "parts" / f"{part}.parquet")
    (tmp_path / "m.csv").write_text(MEMBERS)
    tables = open_tables(
        [str(tmp_path / "parts")], [str(tmp_path / "m.csv")], None, None, Asked({})
    )
    people, _ = person_years(tables, Years())
    assert people.execute().set_index("person")["cost"].to_dict() == {
        "a": 5.5, "b": 2.25, "c": 0, "d": 0
    }  # fmt: skip
