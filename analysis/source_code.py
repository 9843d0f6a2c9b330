"""Python files as code: what they do, without docstrings and comments, and which modules they name.

Nothing here imports the modules it reads, so that what depends on a model can be told without
loading the model.
"""

import ast
import re
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_DOTTED_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")


@cache
def code_of(text: str) -> str:
    """Return the code of a Python file: its statements, without docstrings, comments and layout.

    Two files with equal code do the same, unless they read their own ``__doc__``. Text that is not
    Python is returned as it is.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text
    for node in ast.walk(tree):
        for branch in ("body", "orelse", "finalbody"):
            statements = getattr(node, branch, None)
            if isinstance(statements, list):
                setattr(node, branch, [each for each in statements if not _is_text(each)])
        if getattr(node, "body", None) == [] and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]  # type: ignore[attr-defined]
    return ast.unparse(tree)


def _is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a bare string: a docstring, of a module, function, class or name."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


@cache
def named_modules(text: str) -> frozenset[str]:
    """Return every dotted name that a Python file may import, lazily or not.

    Of ``from a import b`` both ``a`` and ``a.b``; and every string that reads like a dotted name,
    because a module may be imported by its name. Whoever asks keeps those that exist.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and _DOTTED_NAME.fullmatch(node.value)
        ):
            names.add(node.value)
    return frozenset(names)


def module_file(folder: Path, module: str) -> Path | None:
    """Return the file that defines a module, or None when there is none.

    Parameters
    ----------
    folder : Path
        Folder that holds the module's top-level package.
    module : str
        Dotted name.
    """
    place = folder.joinpath(*module.split("."))
    return next((f for f in (place.with_suffix(".py"), place / "__init__.py") if f.is_file()), None)


def importable_file(module: str) -> Path | None:
    """Return the Python file that an import of a module would read, or None when there is none."""
    loaded = getattr(sys.modules.get(module), "__file__", None)
    if loaded is not None:
        return Path(loaded) if loaded.endswith(".py") else None
    # By path, not by the import system, which would import the packages above the module.
    folder = _folder_of_package(module.partition(".")[0])
    return module_file(folder, module) if folder is not None else None


def _folder_of_package(package: str) -> Path | None:
    loaded = sys.modules.get(package)
    places = list(getattr(loaded, "__path__", ()))
    if loaded is None:
        spec = find_spec(package)
        places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(places[0]).parent if places else None
