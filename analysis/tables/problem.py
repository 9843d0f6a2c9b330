"""Something in a table of people that stands in the way, or that a reader should know."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something that stands in the way, or that a reader should know.

    Attributes
    ----------
    column : str
        Empty where it concerns the whole table.
    stops : bool
        Whether `cells` refuses the table because of it, or the answers would be wrong.
    """

    column: str
    problem: str
    fix: str
    stops: bool

    def __str__(self) -> str:
        """Return it in one sentence."""
        where = f"column {self.column}: " if self.column else ""
        return f"{where}{self.problem}: {self.fix}"
