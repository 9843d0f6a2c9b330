"""Report: recorded numbers, figures, tables and stamps; what a chapter calls to publish.

Nothing that a chapter imports from here loads Sphinx: the parts that run inside the book's
build (`book_figure`, `sphinx_numbers`, `sphinx_math`) are imported by Sphinx alone.
"""
