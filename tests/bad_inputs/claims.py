"""Claims and members, for people by year."""

from tests.bad_inputs.cases import Case

MADE = ("--members", "members.csv", "--out", "people.parquet", "--json")
CLAIMS = (
    "claim,line,person,date,paid\n1,1,a,2024-01-31,50\n2,1,a,2024-03-01,100.10\n"
    "3,1,b,2024-05-05,900\n3,2,b,2024-05-05,-900\n"
)
MEMBERS = "person,birth_date,sex,death_date\na,1970-01-01,f,\nb,1971-01-01,m,2024-07-01\n"


def claims(name, text=CLAIMS, members=MEMBERS, options=MADE, **outcome):
    def make(folder):
        (folder / "claims.csv").write_text(text)
        (folder / "members.csv").write_text(members)
        return "claims.csv"

    return Case(name, make, command="people", options=options, **outcome)


def nets(said, folder):
    assert (said["lines"], said["lines_back"], said["money_back"]) == (4, 1, -900)
    assert (said["people_and_years"], said["cost"]) == (2, 150.1)
    assert (folder / "people.parquet").is_file()


CLAIMS_AND_MEMBERS = [
    claims(
        "claims without a list of members",
        options=("--out", "people.parquet"),
        says="claims.csv: has claims, in which people without one are missing; give the list",
    ),
    claims(
        "a line that takes another back",
        answer=nets,
        told="it is netted: somebody whose only claim was taken back costs 0, and is there",
    ),
    claims(
        "a delivery that is there twice",
        text=CLAIMS + CLAIMS.partition("\n")[2],
        says="4 claim lines are there more than once .*Give every line once",
    ),
    claims(
        "members with other keys than the claims",
        members=MEMBERS.replace("\na", "\nA1").replace("\nb", "\nB1"),
        says="4 of 4 lines are of people who are not among the members",
    ),
    claims(
        "lines that take back what is not there",
        text=CLAIMS.replace("3,1,b,2024-05-05,900\n", ""),
        says="1 people cost less than 0 in a year, by 900.00 together",
    ),
    claims(
        "a day that may be a month",
        text=CLAIMS.replace("2024-01-31", "05/06/2024").replace("2024-03-01", "06/05/2024"),
        says="column date: no day is after the 12th, so day and month cannot be told apart",
    ),
    claims(
        "a column that nobody can know",
        text=CLAIMS.replace("paid", "Betrag"),
        says="no column is known to be amount.*--map amount=COLUMN; it has claim, line, person",
    ),
    claims(
        "an age and two years of claims",
        text=CLAIMS.replace("2024-03-01", "2023-03-01"),
        members="person,age,sex\na,54,f\nb,53,m\n",
        says="has an age and no date of birth, which fits one year only",
    ),
]
