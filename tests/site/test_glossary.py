"""Terms are found where they are used, once a page, and nowhere else."""

import pytest
from docutils import nodes

from analysis import settings
from analysis.errors import InputError
from analysis.site.glossary import Finder, Term, first_uses, read_terms
from analysis.site.sphinx.glossary import is_running

pytestmark = pytest.mark.unit

TERMS = [
    Term(("Integrated delivery system", "IDS"), "One owner."),
    Term(("GP", "General practitioner"), "A family doctor."),
    Term(("GP consortium", "GP consortia"), "Groups of practices."),
    Term(("Stop-loss",), "Cover."),
    Term(("Withhold (sum)",), "Kept back."),
    Term(("Elasticity",), "Percent by percent."),
]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("An IDS, and two IDSs.", ["IDS", "IDSs"]),
        ("Its ids, bids and idsx are none; nor is IDS2.", []),
        ("GPs formed GP consortia.", ["GPs", "GP consortia"]),
        ("Stop-loss cover; with stop-loss, non-stop-loss", ["Stop-loss", "stop-loss"]),
        ("They withhold a withhold (sum).", []),
        ("Two elasticities of one elasticity", ["elasticities", "elasticity"]),
        ("general\npractitioners", ["general\npractitioners"]),
    ],
)
def test_whole_words_the_longest_first(text, wanted):
    assert [text[start:end] for start, end, _ in Finder(TERMS).find(text)] == wanted


def test_a_term_is_marked_once_a_page_under_whichever_name():
    first = first_uses(["A GP.", "General practitioners, an IDS and a GP"], Finder(TERMS))
    assert [[term.names[0] for *_, term in uses] for uses in first] == [
        ["GP"],
        ["Integrated delivery system"],
    ]


def test_no_terms_are_found_without_a_glossary():
    assert list(Finder([]).find("GP")) == []


@pytest.mark.parametrize(
    ("block", "wrong"),
    [
        ("GP\n  A doctor.\n\nGP\n  Again.", "'gp' twice"),
        ("GP\n\nIDS\n  One owner.", "'GP' has a definition of 0"),
        (f"GP\n  {'long ' * 70}", "characters"),
    ],
)
def test_a_wrong_glossary_is_refused(tmp_path, block, wrong):
    page = tmp_path / "glossary.md"
    page.write_text(f"# Glossary\n\n```{{glossary}}\n{block}\n```\n")
    with pytest.raises(InputError, match=wrong):
        read_terms(page)


def test_a_page_without_the_directive_is_refused(tmp_path):
    page = tmp_path / "glossary.md"
    page.write_text("# Glossary\n")
    with pytest.raises(InputError, match="no {glossary}"):
        read_terms(page)


def test_headings_links_code_and_captions_are_left_alone():
    text = nodes.Text("GP")
    paragraph = nodes.paragraph("", "", nodes.strong("", "", text))
    assert is_running(text)
    for kind in (nodes.title, nodes.reference, nodes.literal, nodes.caption, nodes.term):
        inside = nodes.Text("GP")
        kind("", "", inside)
        assert not is_running(inside), kind
    assert is_running(paragraph.next_node(nodes.Text))


def test_the_book_has_the_terms_that_readers_of_either_country_need():
    names = {name for term in read_terms(settings.ROOT / "book/glossary.md") for name in term.names}
    for name in [
        "IPA",
        "IDS",
        "ACO",
        "MSSP",
        "PCN",
        "ICB",
        "CCG",
        "PBRA",
        "GP",
        "QOF",
        "AQC",
        "Coinsurance",
        "Stop-loss",
        "Credibility",
        "Grade",
        "Tariff",
    ]:
        assert name in names
    assert {
        "Sub-ICB location",
        "GP consortium",
        "Attachment point",
        "Completion factor",
        "Credible interval",
        "Flip point",
        "Predictive ratio",
        "Gain-share",
    } <= names
