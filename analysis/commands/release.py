"""`python -m analysis release`: keep the numbers of this version as those of a release."""

from analysis.commands.book_only import need_the_book
from analysis.commands.one_line_errors import failing_in_one_line

RELEASE_HELP = "\n\n".join(
    [
        "Keep the numbers of this version, so that later ones can say what they moved.",
        "For maintainers, on the day of a release: it writes into data/releases. The date is that "
        "of CITATION.cff. A version that is kept already is refused, and so are numbers that no "
        "longer stand because something behind them changed.",
    ]
)


def release() -> None:
    """Keep a release; `RELEASE_HELP` is what the user reads."""
    with failing_in_one_line():
        need_the_book("release")
        from analysis.publish.project import Project
        from analysis.publish.release import keep_release

        released = keep_release(Project())
    print(
        f"data/releases: {len(released.numbers)} numbers of version {released.version}, released "
        f"on {released.released}. Commit them with the tag."
    )
