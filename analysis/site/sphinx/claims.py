"""The Sphinx side of the claims ledger: the page of claims, and the ten answers.

A page that shows a verdict depends on every number and on the tables of claims, so that it is
written again when a number moves.
"""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis import settings
from analysis.errors import InputError
from analysis.report.claims.ledger import Ledger, LedgerRow, read_ledger
from analysis.report.claims.rule import Verdict
from analysis.report.claims.wording import claim_text, judgement_text, main_page, note_text
from analysis.report.numbers import read_records
from analysis.site.claims_page import (
    disagreements_html,
    ledger_html,
    verdict_html,
    verdict_legend_html,
)
from analysis.site.claims_picture import picture_svg
from analysis.site.sphinx.staged import NUMBERS_PAGE, numbers_folder
from analysis.site.staged_files import NUMBERS_INDEX

CLAIMS_PAGE = "claims"
"""The page of the ledger."""

PACKAGES = ("claims", "published")
"""Data packages that the ledger reads."""

_logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _judged(folder: Path, index: str) -> Ledger:
    # The index stands for the numbers: when it changes, they are judged anew.
    return read_ledger(read_records(folder))


def ledger_of(env: BuildEnvironment) -> Ledger:
    """Return the ledger of the numbers that are being published.

    The page being read is noted to depend on the numbers and the claims.
    """
    folder = numbers_folder(env)
    index = folder / NUMBERS_INDEX
    env.note_dependency(str(index))
    for package in PACKAGES:
        for file in sorted((settings.DATA / package).glob("*.csv")):
            env.note_dependency(str(file))
    return _judged(folder, index.read_text(encoding="utf-8"))


def _address(env: BuildEnvironment, page: str) -> str:
    builder: Any = env.app.builder
    return str(builder.get_relative_uri(env.docname, page))


class VerdictRole(SphinxRole):
    """The role `verdict`: the verdict on one claim, linked to its row of the ledger."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the verdict, or a warning when there is no such claim."""
        try:
            row = ledger_of(self.env).row(self.text.strip())
        except InputError as problem:
            _logger.warning(str(problem), location=self.get_location(), type="claim")
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        return [
            nodes.reference(
                "",
                row.verdict.value,
                refuri=f"{_address(self.env, CLAIMS_PAGE)}#{row.id}",
                internal=True,
                classes=["claim-verdict"],
                reftitle=row.claim,
            )
        ], []


class AnswerCountRole(SphinxRole):
    """The role `answer-count`: how many suggestions have a verdict, counted by central claims."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the count, or a warning when there is no such verdict."""
        if self.text not in list(Verdict):
            message = f"there is no verdict {self.text!r}: use one of {', '.join(Verdict)}."
            _logger.warning(message, location=self.get_location(), type="claim")
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        ledger = ledger_of(self.env)
        central = [ledger.row(str(answer["claim"])) for answer in ledger.answers]
        return [nodes.Text(str(sum(row.verdict == self.text for row in central)))], []


class LedgerDirective(SphinxDirective):
    """Base of the directives that show one part of the ledger as HTML."""

    def html(self, ledger: Ledger) -> str:
        """Return the part of the ledger that the directive shows."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Return the part as one node."""
        return [nodes.raw("", self.html(ledger_of(self.env)), format="html")]


class ClaimsLedger(LedgerDirective):
    """The directive `claims-ledger`: the table of all claims."""

    def html(self, ledger: Ledger) -> str:
        """Return the table and its form."""
        return ledger_html(ledger, _address(self.env, NUMBERS_PAGE))


class VerdictLegend(LedgerDirective):
    """The directive `verdict-legend`: what the verdicts mean, and how many claims have each."""

    def html(self, ledger: Ledger) -> str:
        """Return the list of definitions."""
        return verdict_legend_html(ledger)


class Disagreements(LedgerDirective):
    """The directive `claim-disagreements`: where the texts differ, side by side."""

    def html(self, ledger: Ledger) -> str:
        """Return the list of figures."""
        return disagreements_html(ledger)


class OfSuggestion(SphinxDirective):
    """Base of the directives that show how one suggestion's central claim stands.

    Their argument is the number of the suggestion.
    """

    required_arguments: ClassVar[int] = 1

    def shown(self, row: LedgerRow, answer: Mapping[str, Any]) -> nodes.Node:
        """Return what the directive shows of the claim."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Return it, or a warning when there is no such suggestion."""
        ledger = ledger_of(self.env)
        try:
            answer = ledger.answer(directives.nonnegative_int(self.arguments[0]))
            row = ledger.row(str(answer["claim"]))
        except (InputError, ValueError) as problem:
            _logger.warning(str(problem), location=self.get_location(), type="claim")
            return []
        return [self.shown(row, answer)]

    def verdict(self, row: LedgerRow) -> nodes.raw:
        """Return the verdict with the words of the claim, its probability, grade and note."""
        link = f"{_address(self.env, CLAIMS_PAGE)}#{row.id}"
        claim = f"{claim_text(row)} ({main_page(row)})"
        note = note_text(row, ledger_of(self.env).cutoffs)
        words = f"{claim}. It {judgement_text(row)}. {note}".strip()
        return nodes.raw(
            "",
            f'<p class="answer-verdict">{verdict_html(row.verdict, link)} '
            f"<span>{escape(words)}</span></p>",
            format="html",
        )


class VerdictLine(OfSuggestion):
    """The directive `verdict-line`: the verdict on one suggestion's central claim."""

    def shown(self, row: LedgerRow, answer: Mapping[str, Any]) -> nodes.Node:
        """Return the line."""
        return self.verdict(row)


class Answer(OfSuggestion):
    """The directive `answer`: one suggestion's verdict, picture and number, with a sentence.

    Its content is the sentence.
    """

    has_content: ClassVar[bool] = True

    def shown(self, row: LedgerRow, answer: Mapping[str, Any]) -> nodes.Node:
        """Return the verdict, the sentence, and the picture with the number."""
        text = nodes.container(classes=["answer-text"])
        text += [self.verdict(row), *self.parse_content_to_nodes()]
        block = nodes.container(classes=["answer"])
        block += [text, nodes.raw("", self._figure(row, picture_svg(row, answer)), format="html")]
        return block

    def _figure(self, row: LedgerRow, picture: str) -> str:
        main = row.tests[0]
        card = f"{_address(self.env, NUMBERS_PAGE)}#{main.record.id}"
        return (
            f'<figure class="answer-figure">{picture}<figcaption>{escape(main.label)}: '
            f'<a class="number" href="{card}">{escape(main.record.text)}</a> '
            f'<span class="grade grade-{main.record.grade}">{main.record.grade}</span>'
            "</figcaption></figure>"
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the role and the directives with Sphinx."""
    app.add_role("verdict", VerdictRole())
    app.add_role("answer-count", AnswerCountRole())
    app.add_directive("claims-ledger", ClaimsLedger)
    app.add_directive("verdict-legend", VerdictLegend)
    app.add_directive("claim-disagreements", Disagreements)
    app.add_directive("answer", Answer)
    app.add_directive("verdict-line", VerdictLine)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
