"""The ledger: every claim with its tests, what is shown beside, and its verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.errors import InputError
from analysis.evidence.facts import Fact, fact
from analysis.report.claims.ranges import (
    Row,
    claimed_range,
    cutoffs,
    probability_of,
    record_of,
    rows,
)
from analysis.report.claims.rule import Cutoffs, Evidence, Judgement, Range, Verdict, judge
from analysis.report.numbers import Record


@dataclass(frozen=True)
class Comparison:
    """One number that tests a claim, and how it came out.

    Attributes
    ----------
    relation, label, condition, reason : str
        What the claim says of it, what it is in a few words, under what it holds, and why it tests
        the claim.
    main : str
        Why it is the main test; empty in a reading.
    claimed : Range
        Where it should lie, in its unit.
    probability : float
        Share of its draws that lie there, between 0 and 1; of an exact number 0 or 1.
    """

    record: Record
    relation: str
    label: str
    condition: str
    reason: str
    main: str
    claimed: Range
    probability: float

    @property
    def evidence(self) -> Evidence:
        """What the rule needs of it."""
        return Evidence(self.probability, self.record.grade)


@dataclass(frozen=True)
class Beside:
    """A number or a published figure shown beside a claim: it does not enter the verdict.

    Attributes
    ----------
    reason : str
        What it adds.
    """

    figure: Record | Fact
    reason: str


@dataclass(frozen=True)
class LedgerRow:
    """One claim.

    Attributes
    ----------
    id, claim, source, page : str
        Its permanent name, its words, the text, and where in it.
    suggestion : int or None
        The suggestion it belongs to, 1 to 10.
    value, low, high : float or None
        Its figures, in `unit`.
    unit : str
        Their unit; empty where the claim has no figure.
    judgement : Judgement
        By the rule: the verdict, the probability that the claim holds, the weakest grade.
    tests : tuple of Comparison
        Main test first; none where nothing tests the claim.
    beside : tuple of Beside
        What helps to judge it.
    untested_kind, untested_reason : str
        Why nothing tests it; empty where something does.
    repeats : str
        The claim it repeats, or empty.
    topic : str
        The thing about which the texts disagree, or empty.
    """

    id: str
    claim: str
    source: str
    page: str
    suggestion: int | None
    value: float | None
    low: float | None
    high: float | None
    unit: str
    judgement: Judgement
    tests: tuple[Comparison, ...]
    beside: tuple[Beside, ...]
    untested_kind: str
    untested_reason: str
    repeats: str
    topic: str

    @property
    def verdict(self) -> Verdict:
        """The verdict alone."""
        return self.judgement.verdict


@dataclass(frozen=True)
class Ledger:
    """All claims, and which of them stands for each suggestion.

    Attributes
    ----------
    rows : tuple of LedgerRow
        In the order of the texts, the central statements last.
    answers : tuple of mapping
        Rows of the table `answers`, in the order of the suggestions.
    cutoffs : Cutoffs
        By which they were judged.
    """

    rows: tuple[LedgerRow, ...]
    answers: tuple[Row, ...]
    cutoffs: Cutoffs

    def row(self, id: str) -> LedgerRow:
        """Return the claim of this name, as `S013`.

        Raises
        ------
        InputError
            When there is no such claim.
        """
        for row in self.rows:
            if row.id == id:
                return row
        raise InputError(f"there is no claim {id!r}: see data/claims.")

    def answer(self, suggestion: int) -> Row:
        """Return title, central claim and picture of a suggestion (1 to 10), a row of `answers`.

        Raises
        ------
        InputError
            When there is no such suggestion.
        """
        for answer in self.answers:
            if answer["suggestion"] == suggestion:
                return answer
        raise InputError(f"there is no suggestion {suggestion}: they are numbered 1 to 10.")

    def central_for(self, id: str) -> int | None:
        """Return the suggestion (1 to 10) that a claim stands for on the front page, if any."""
        for answer in self.answers:
            if answer["claim"] == id:
                return int(str(answer["suggestion"]))
        return None

    def topics(self) -> dict[str, list[LedgerRow]]:
        """Return the claims that disagree, by what they disagree about."""
        by_topic: dict[str, list[LedgerRow]] = {}
        for row in self.rows:
            if row.topic:
                by_topic.setdefault(row.topic, []).append(row)
        return by_topic


def read_ledger(records: Mapping[str, Record]) -> Ledger:
    """Judge every claim by the recorded numbers.

    Parameters
    ----------
    records : mapping of str to Record
        Every number of the build, by id.

    Raises
    ------
    InputError
        When a claim has neither a test nor a reason for having none, or both; when not exactly one
        of its tests is the main one; when a number is not recorded, or in another unit than its
        test states, or without its draws.
    """
    tests, beside = _by_claim("tests"), _by_claim("beside")
    untested = {str(row["claim"]): row for row in rows("untested")}
    repeats = {str(row["claim"]): str(row["repeats"]) for row in rows("repeats")}
    topics = {str(row["claim"]): str(row["topic"]) for row in rows("disagreements")}
    at = cutoffs()
    judged = []
    for claim in rows("stated"):
        id = str(claim["id"])
        first = repeats.get(id, id)  # a repeated claim stands as the first one does
        results = _results(tests.get(first, []), claim, records)
        reason = untested.get(id)
        if bool(results) == bool(reason):
            raise InputError(f"claim {id} needs tests or a reason why it has none, not both.")
        judged.append(
            LedgerRow(
                **_stated(claim),
                judgement=_judgement(results, at),
                tests=results,
                beside=tuple(_beside(row, records) for row in beside.get(first, [])),
                untested_kind=str(reason["kind"]) if reason else "",
                untested_reason=str(reason["reason"]) if reason else "",
                repeats=repeats.get(id, ""),
                topic=topics.get(id, ""),
            )
        )
    return Ledger(tuple(judged), tuple(rows("answers")), at)


def _by_claim(name: str) -> dict[str, list[Row]]:
    by_claim: dict[str, list[Row]] = {}
    for row in rows(name):
        by_claim.setdefault(str(row["claim"]), []).append(row)
    return by_claim


def _stated(claim: Row) -> dict[str, Any]:
    number = claim["suggestion"]
    figures = {name: claim[name] for name in ("value", "low", "high")}
    return {
        "id": str(claim["id"]),
        "claim": str(claim["claim"]),
        "source": str(claim["source_title"]),
        "page": str(claim["page"]),
        "suggestion": None if number is None else int(str(number)),
        **{name: None if v is None else float(str(v)) for name, v in figures.items()},
        "unit": str(claim["unit"] or ""),
    }


def _results(tests: list[Row], claim: Row, records: Mapping[str, Record]) -> tuple[Comparison, ...]:
    """Return the tests of a claim, the main one first."""
    results = [_result(test, claim, records) for test in tests]
    main = [result for result in results if result.main]
    if tests and len(main) != 1:
        raise InputError(
            f"tests.csv: claim {claim['id']} has {len(main)} main tests; give exactly one of its "
            "rows a reason in the column main."
        )
    return (*main, *(result for result in results if not result.main))


def _judgement(results: tuple[Comparison, ...], at: Cutoffs) -> Judgement:
    tested = [result.evidence for result in results]
    return judge(tested[0] if tested else None, tested[1:], at)


def _result(test: Row, claim: Row, records: Mapping[str, Record]) -> Comparison:
    record = record_of(str(test["number"]), str(test["claim"]), records)
    if record.unit != test["unit"]:
        raise InputError(
            f"tests.csv: {record.id} is recorded in {record.unit}, but the test of "
            f"{test['claim']} reads it in {test['unit']}."
        )
    claimed = claimed_range(test, claim)
    words = {name: str(test[name]) for name in ("relation", "label", "condition", "reason")}
    return Comparison(
        record=record,
        claimed=claimed,
        probability=probability_of(record, claimed),
        main=str(test["main"] or ""),
        **words,
    )


def _beside(row: Row, records: Mapping[str, Record]) -> Beside:
    name, reason = str(row["name"]), str(row["reason"])
    if row["kind"] == "fact":
        return Beside(fact(name, purpose="quotation"), reason)
    return Beside(record_of(name, str(row["claim"]), records), reason)
