"""`python -m analysis briefings`: the one-page briefings, from the chapters as last executed."""

from analysis.commands.book_only import need_the_book
from analysis.commands.one_line_errors import failing_in_one_line

BRIEFINGS_HELP = "\n\n".join(
    [
        "Make the briefings again: one page of A4 for each suggestion and an overview of four.",
        "Their words stand in book/briefings/; their numbers and figures come from the chapters as "
        "they were last executed, so run `book` first. They are written into "
        "_build/html/briefings, where `book` puts them too.",
        "Example: python -m analysis briefings",
    ]
)


def briefings() -> None:
    """Make the briefings; `BRIEFINGS_HELP` is what the user reads."""
    with failing_in_one_line():
        need_the_book("briefings")
        from analysis.publish.book import only_build
        from analysis.publish.products.documents import write_briefings
        from analysis.publish.project import Project

        project = Project()
        with only_build(project.build):
            written = write_briefings(project)
    for file in written:
        print(file.relative_to(project.build).as_posix())
    print(f"{len(written)} files in {project.site.parent.name}/{project.site.name}/briefings")
