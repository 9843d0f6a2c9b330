"""The documents to print: they open, are tagged, and carry the numbers of numbers.json."""

import io
import json
import re
from collections import Counter
from html import unescape
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject

from analysis import settings
from analysis.print.briefings import read_briefing
from analysis.print.briefings_markup import number_shown
from analysis.publish.products.documents import (
    BOOK,
    BRIEFINGS,
    UNPRINTED,
    briefing_files,
    whole_book,
)
from analysis.publish.products.finished import Finished
from analysis.publish.project import Project
from analysis.report.numbers import Record, read_records
from tests.site.conftest import missing

pytestmark = pytest.mark.integration

ONE_PAGE = [f"s{number:02d}" for number in range(1, 11)]
PAGES = {**dict.fromkeys(ONE_PAGE, 1), "overview": 4}
ROLE = re.compile(r"\{number\}`([\w.:]+)`")
MOST_BYTES = 25_000_000
FOOT = re.compile(r"TenSuggestions,Tested,version[\d.]+\d+/\d+$")


def squeezed(text):
    """Return text without spaces, which readers of PDF guess, and with one kind of apostrophe."""
    return "".join(text.split()).replace("’", "'").replace("\xad", "").replace("ﬁ", "fi")


def printed(pages):
    """Return the text of pages, without what stands at their feet."""
    return "".join(FOOT.sub("", squeezed(page.extract_text())) for page in pages)


@pytest.fixture(scope="module")
def records(site):
    numbers = json.loads((site / "numbers.json").read_text(encoding="utf-8"))["numbers"]
    return {number["id"]: Record.from_json(json.dumps(number)) for number in numbers}


@pytest.fixture(scope="module")
def documents(site):
    """Return every document by its name, opened."""
    files = {name: site / BRIEFINGS / f"{name}.pdf" for name in PAGES} | {"book": site / BOOK}
    if not all(file.is_file() for file in files.values()):
        missing("the documents are not built: run `make book`")
    return {name: pypdf.PdfReader(io.BytesIO(file.read_bytes())) for name, file in files.items()}


@pytest.mark.parametrize("name", [*PAGES, "book"])
def test_a_document_is_tagged_and_has_a_title_and_a_language(documents, name):
    root = documents[name].trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert documents[name].metadata["/Title"]
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()  # PDF/UA, by its writer


@pytest.mark.parametrize(("name", "pages"), PAGES.items())
def test_a_briefing_has_its_pages_and_no_more(documents, name, pages):
    assert len(documents[name].pages) == pages
    assert {tuple(map(round, page.mediabox[2:])) for page in documents[name].pages} == {(595, 842)}


@pytest.mark.parametrize("name", ONE_PAGE)
def test_a_briefing_prints_the_numbers_of_the_site(documents, records, name):
    file = settings.ROOT / "book" / BRIEFINGS / f"{name}.md"
    briefing, text = read_briefing(file), printed(documents[name].pages)
    roles = ROLE.findall(file.read_text(encoding="utf-8").partition("## The answer")[2])
    assert roles
    for role in roles:
        assert squeezed(number_shown(role, records)) in text, role
    for id in [briefing.headline, *briefing.numbers]:
        record = records[id]
        assert squeezed(record.value_text) in text, id
        assert squeezed(record.interval_text) in text, id
        assert record.grade in text, id
    assert squeezed(records[briefing.headline].anchor) in text  # its permanent address


def test_the_overview_prints_the_first_number_of_each_briefing(documents, records):
    text = printed(documents["overview"].pages)
    for name in ONE_PAGE:
        briefing = read_briefing(settings.ROOT / "book" / BRIEFINGS / f"{name}.md")
        record = records[briefing.headline]
        assert squeezed(briefing.title) in text
        assert squeezed(record.value_text) in text
        assert squeezed(record.interval_text) in text


def elements(tree):
    """Yield every element of the structure of a document."""
    waiting = [tree]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, ArrayObject):
            waiting.extend(element)
        elif isinstance(element, DictionaryObject) and "/S" in element:
            yield element
            waiting.extend([element["/K"]] if "/K" in element else [])


def chapters_of_the_book(pages):
    """Return the pages of the chapters: others of their folder only send the reader on."""
    return [
        page
        for name, page in pages.items()
        if name.startswith("notebooks/")
        and (settings.ROOT / name).with_suffix(".md").is_file()
        and Path(name).stem not in UNPRINTED
    ]


def test_the_book_has_every_chapter_figure_and_formula_with_its_words(pages, documents):
    kinds, described = Counter(), Counter()
    for element in elements(documents["book"].trailer["/Root"]["/StructTreeRoot"]["/K"]):
        kinds[element["/S"]] += 1
        described[element["/S"]] += "/Alt" in element
    chapters = chapters_of_the_book(pages)
    html = "".join(page.text for page in chapters)
    assert kinds["/Figure"] == described["/Figure"] >= html.count('class="recorded-figure')
    assert kinds["/Formula"] == described["/Formula"] >= html.count("<math ")
    assert kinds["/Table"] >= html.count('class="recorded-table"')
    assert kinds["/H2"] >= len(chapters)


def outline(reader):
    """Return the pages that headings of the outline stand on, by heading."""
    pages, waiting = {}, list(reader.outline)
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, list):
            waiting.extend(entry)
        else:
            pages.setdefault(str(entry.title), reader.get_destination_page_number(entry))
    return pages


def test_the_book_has_all_numbers_at_its_end(documents, records):
    book = documents["book"]
    text = printed(book.pages[outline(book)["All numbers"] :])
    lacks = [
        name
        for name, record in records.items()
        if squeezed(f"{record.label}{name}{record.text}{record.grade}") not in text
    ]
    assert not lacks


def test_a_chapter_of_the_book_prints_the_numbers_of_its_page(pages, documents):
    book = documents["book"]
    begins = outline(book)
    chapter, following = (
        pages[f"notebooks/{name}.html"].text for name in ("consequences", "minimum-size")
    )
    first, last = (
        begins[unescape(re.search(r"<h1>(.*?)<", page)[1])] for page in (chapter, following)
    )
    text = printed(book.pages[first:last])
    links = re.findall(r'<a class="number[^>]*>(.*?)</a>', chapter)
    # On paper an interval stands in brackets without its name, as it does for the eye.
    hidden = re.compile(r'<span class="visually-hidden">.*?</span>|<[^>]+>')
    numbers = [unescape(hidden.sub("", link)) for link in links]
    assert len(numbers) > 10
    assert not [number for number in numbers if squeezed(number) not in text]


def test_the_book_can_be_sent_by_mail(site):
    assert (site / BOOK).stat().st_size < MOST_BYTES


def test_no_document_names_a_place_of_this_machine(site, documents):
    for name, reader in documents.items():
        metadata = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
        text = f"{metadata} {dict(reader.metadata)} {reader.pages[0].extract_text()}"
        for place in (str(settings.ROOT), "/tmp/", "file:"):
            assert place not in text, name
            assert place.encode() not in (reader.stream.getvalue()), name


def test_the_same_results_give_the_same_bytes(site):
    project = Project()
    records = read_records(*project.records_folders())
    for name, content in briefing_files(project, records).items():
        assert content == (site / BRIEFINGS / name).read_bytes(), name
    assert whole_book(Finished(project, site, records)) == (site / BOOK).read_bytes()
