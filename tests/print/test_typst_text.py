"""Text of others in documents: printed as it stands, never read as a program."""

import io

import pypdf
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from analysis.print.pdf import pdf_bytes
from analysis.print.typst_text import templates, typst_string, typst_text

HOSTILE = (
    r'#panic("no") *bold* _it_ `code` $x^2$ <label> @ref // not a comment /* nor this */ = head '
    r'\ ] [ } { ; ( ) #include "/etc/passwd" \u{41} \" -- ~ - + / https://example.org'
)
OPENING = '#import "base.typ": *\n#show: quiet-document.with(title: "Any text")\n'


def printed_text(document: str) -> str:
    """Return the text of a document without its spaces, which readers of PDF guess."""
    reader = pypdf.PdfReader(io.BytesIO(pdf_bytes(document, templates())))
    return "".join("".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.unit
def test_hostile_text_is_printed_and_not_run():
    text = printed_text(f"{OPENING}{typst_text(HOSTILE)}(after)*bold*.len()")
    assert text == "".join(HOSTILE.split()) + "(after)bold.len()"


@pytest.mark.unit
def test_hostile_text_may_be_a_title():
    titled = OPENING.replace('"Any text"', typst_string(HOSTILE))
    reader = pypdf.PdfReader(io.BytesIO(pdf_bytes(titled + "text", templates())))
    assert reader.metadata["/Title"] == HOSTILE


@pytest.mark.unit
@given(st.text(max_size=60))
def test_any_text_is_one_literal(text):
    literal = typst_string(text)
    inside = literal[1:-1].replace("\\\\", "").replace('\\"', "").replace("\\n", "")
    assert literal[0] == literal[-1] == '"'
    assert '"' not in inside
    assert "\\" not in inside
    assert not any(ord(sign) < 32 or 0xD800 <= ord(sign) <= 0xDFFF for sign in literal)


@pytest.mark.unit
@hypothesis_settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=40))
def test_any_text_compiles(texts):
    assert pdf_bytes(OPENING + "\n\n".join(map(typst_text, texts)), templates())[:4] == b"%PDF"


@pytest.mark.unit
def test_a_sign_of_no_known_font_is_replaced_and_not_lost():
    assert typst_string("a\u202eb \u4e2d \U0001f9ff é") == '"ab \ufffd \ufffd é"'
    assert typst_string("e\u0301") == '"é"'  # one sign, where the font has one
