"""The encoding of a text is found in its bytes, and text that is not UTF-8 is decoded."""

import gzip

import pytest

from analysis.errors import InputError
from analysis.tables.encodings import UTF_8, UTF_16, WINDOWS, text_encoding
from analysis.tables.people_tables import open_people

pytestmark = pytest.mark.unit

TEXT = "place,cost\ncafé,1\n€ “x”,2.5\n"
LATER = "place,cost\n" + "plain,1\n" * 600_000
"""More than is looked at together."""

WRITTEN = {
    "utf-8": (TEXT.encode(), UTF_8),
    "a mark": (TEXT.encode("utf-8-sig"), UTF_8),
    "windows": (TEXT.encode("cp1252"), WINDOWS),
    "windows, ends of lines too": (TEXT.replace("\n", "\r\n").encode("cp1252"), WINDOWS),
    "utf-16": (TEXT.encode("utf-16"), UTF_16),
    "utf-16, big end first": (b"\xfe\xff" + TEXT.encode("utf-16-be"), UTF_16),
    "windows late": ((LATER + TEXT.partition("\n")[2]).encode("cp1252"), WINDOWS),
}


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
def test_text_is_read_in_the_encoding_that_it_has(kind, ending, tmp_path):
    content, encoding = WRITTEN[kind]
    file = tmp_path / f"people.{ending}"
    file.write_bytes(gzip.compress(content, 1) if ending.endswith("gz") else content)
    assert text_encoding(file) == encoding
    source = open_people(str(file), "cost")
    last = source.table.execute().tail(2)
    assert last["place"].tolist() == ["café", "€ “x”"]
    assert last["cost"].tolist() == [1.0, 2.5]
    assert source.read_as == (() if encoding == UTF_8 else (f"text in {encoding}",))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (TEXT.encode() + TEXT.encode("cp1252"), "throughout .line 5."),
        (b"place,cost\na,1\n\x81,2\n", "throughout .line 3."),
        (b"place,cost\n\xed\xa0\x80,2\n", "nor in Windows-1252"),
        (TEXT.encode("utf-16-le"), "is not a text file"),
        ((TEXT + "z\n").encode("cp1252"), "line 4: it has 1 fields and the first line 2"),
        ((TEXT + "z,1 and\n").encode("cp1252"), "column cost: '1 and' is not a number"),
    ],
)
def test_mixed_or_damaged_text_is_refused_by_its_line(content, says, tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    with pytest.raises(InputError, match=f"people.csv: .*{says}"):
        open_people(str(file), "cost")
