"""Files given to the commands on a reader's own cells, and settings that no pool can have."""

from tests.bad_inputs.cases import Case, parquet, text
from tests.bad_inputs.elsewhere import SAID, cells_file

CELLS = "old.parquet"


def given(name, make, says, command="size", options=("--json",), file=CELLS):
    """The file that `make` writes beside others is the command's first argument."""

    def made(folder):
        make(folder)
        return file

    return Case(f"{command}: {name}", made, says, command=command, options=options)


def sound(folder):
    cells_file()(folder)


def empty(folder):
    (folder / CELLS).touch()


OWN = [
    given("no file", lambda folder: None, "old.parquet: no such file"),
    given("an empty file", empty, "old.parquet: is no Parquet file"),
    given("people and not cells", parquet(CELLS), "holds no cells; make it with"),
    given("a CSV file", text("age,sex,cost\n"), "people.csv: give cells", file="people.csv"),
    given("a later format", cells_file(SAID | {"format": 3}), "is of format 3, and this version"),
    given(
        "counts that do not add up",
        cells_file(n_positive=[50.0, 30.0]),
        "columns n_positive and n: its",
    ),
    given(
        "squares that are too small",
        cells_file(sum_limited_squared=[1.0, 18e4]),
        "column sum_limited_squared: 1 does not go with the other sums",
    ),
    given("a negative tolerance", sound, "tolerance", options=("--tolerance=-2", "--json")),
    given("a probability of 200%", sound, "probability", options=("--probability", "200")),
    given("a largest cost below the mean", sound, "maximum|largest", options=("--maximum", "0")),
    given("people and not cells", parquet(CELLS), "holds no cells; make it with", "fit", ()),
    given("a file of another kind", text("", "a.nc"), "a.nc: give cells", "fit", (), "a.nc"),
    given(
        "attachment points in words",
        sound,
        "attachment",
        "stop-loss",
        ("--attachment", "five"),
    ),
    given(
        "a report over the cells",
        sound,
        "old.parquet",
        "report",
        ("--out", CELLS),
    ),
    given(
        "a report to no folder",
        sound,
        "nowhere",
        "report",
        ("--out", "nowhere/report.html"),
    ),
    given(
        "people and not cells",
        parquet(CELLS),
        "holds no cells; make it with",
        "report",
        ("--out", "report.html"),
    ),
]
