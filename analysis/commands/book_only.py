"""Commands that compute the book, where there is no book: in an installed wheel."""

from analysis import settings
from analysis.errors import InputError


def need_the_book(command: str) -> None:
    """Stop a command that reads or makes the book, outside a checkout.

    Called before the command imports anything: what the book needs may not be installed.

    Raises
    ------
    InputError
        In an installed wheel.
    """
    if settings.INSTALLED:
        raise InputError(
            f"`{command}` works on the book, which only a copy of the repository holds: run it "
            "there. Here the commands on your own data work; --help lists them."
        )
