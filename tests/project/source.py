"""Reading the project's own source: which files there are, and what a function consists of."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = re.compile(
    r"\.git$|\.venv$|_build$|\.hypothesis$|\.ipynb_checkpoints$|.*(_cache|__)$|.*\.egg-info$"
)
TEXT = {".py", ".md", ".toml", ".yml", ".yaml", ".json", ".csv", ".css", ".js", ".cff", ".lock", ""}


@cache
def text_files() -> tuple[Path, ...]:
    """Every text file that belongs to the project, built and fetched ones left out."""
    found = []
    for folder, inner, names in ROOT.walk():
        # Pruned in place, so that the walk never enters the environment.
        inner[:] = [name for name in inner if not LEFT_OUT.match(name)]
        found += [folder / name for name in names if Path(name).suffix in TEXT]
    return tuple(sorted(found))


def name_of(path: Path) -> str:
    """Path as a test shows it."""
    return path.relative_to(ROOT).as_posix()


@cache
def modules() -> tuple[Path, ...]:
    """Every module of the package."""
    return tuple(sorted((ROOT / "analysis").rglob("*.py")))


@cache
def scripts() -> tuple[Path, ...]:
    """Every file of Python in the project, the tests included."""
    return (*(path for path in text_files() if path.suffix == ".py"), ROOT / ".ci" / "lock")


@cache
def tree(path: Path) -> ast.Module:
    """Parsed source of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@dataclass(frozen=True)
class Function:
    """One function or method, with where it stands.

    Attributes
    ----------
    path : pathlib.Path
        Its file.
    name : str
        Name with its class.
    node : ast.FunctionDef or ast.AsyncFunctionDef
        Its definition.
    public : bool
        Whether neither the function nor its class begins with an underscore.
    """

    path: Path
    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    public: bool

    def __str__(self) -> str:
        """Show as file:line name."""
        return f"{name_of(self.path)}:{self.node.lineno} {self.name}"

    @property
    def decorators(self) -> str:
        """Source of the decorators."""
        return " ".join(ast.unparse(decorator) for decorator in self.node.decorator_list)

    @property
    def arguments(self) -> list[str]:
        """Names of the arguments, `self` and `cls` left out."""
        given = self.node.args
        named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        starred = [found for found in (given.vararg, given.kwarg) if found]
        return [found.arg for found in (*named, *starred) if found.arg not in {"self", "cls"}]

    @property
    def docstring_lines(self) -> int:
        """Lines of the docstring, blank ones left out."""
        text = ast.get_docstring(self.node) or ""
        return len([line for line in text.splitlines() if line.strip()])

    @property
    def code_lines(self) -> int:
        """Lines of the body that hold code: docstring, comments and blank lines do not count."""
        body = self.node.body[1:] if ast.get_docstring(self.node) else self.node.body
        if not body:
            return 0
        first, last = body[0].lineno, self.node.end_lineno or body[0].lineno
        return len({line for line in _lines_with_code(self.path) if first <= line <= last})


@cache
def _lines_with_code(path: Path) -> frozenset[int]:
    silent = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    reader = io.StringIO(path.read_text(encoding="utf-8")).readline
    return frozenset(
        line
        for token in tokenize.generate_tokens(reader)
        if token.type not in silent
        for line in range(token.start[0], token.end[0] + 1)
    )


def functions(path: Path) -> Iterator[Function]:
    """Functions and methods at the top of a module and of its classes."""
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(path, node.name, node, not node.name.startswith("_"))
        elif isinstance(node, ast.ClassDef):
            for child in node.body:
                if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                    private = node.name.startswith("_") or child.name.startswith("_")
                    yield Function(path, f"{node.name}.{child.name}", child, not private)


def section(docstring: str, title: str) -> str | None:
    """Body of one NumPy-style section, or None where there is none."""
    pattern = rf"^{title}\n-{{{len(title)}}}\n(.*?)(?=^\S[^\n]*\n-{{3,}}$|\Z)"
    found = re.search(pattern, docstring, flags=re.MULTILINE | re.DOTALL)
    return found.group(1) if found else None


def entries(body: str) -> dict[str, str]:
    """What a section says of each entry, by its head ("name : type"); stars dropped."""
    parts = re.split(r"^(?=\S)", body, flags=re.MULTILINE)
    heads = [part.partition("\n") for part in parts if part.strip()]
    return {head.strip().lstrip("*"): said.strip() for head, _, said in heads}


def documented(body: str) -> set[str]:
    """Names that a Parameters section describes."""
    heads = [head.split(" : ")[0] for head in entries(body)]
    return {name.strip().lstrip("*") for head in heads for name in head.split(",")}


def docstring_lines(text: str) -> frozenset[int]:
    """Lines of a module that its docstrings and bare strings take up."""
    strings = [
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    return frozenset(
        line for node in strings for line in range(node.lineno, (node.end_lineno or 0) + 1)
    )


def module_code_lines(path: Path) -> int:
    """Lines of a module that hold code: docstrings, comments and blank lines do not count."""
    return len(_lines_with_code(path) - docstring_lines(path.read_text(encoding="utf-8")))
