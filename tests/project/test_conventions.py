"""The conventions of CONTRIBUTING.md, read off the source."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.source import (
    ROOT,
    Function,
    documented,
    entries,
    functions,
    module_code_lines,
    modules,
    name_of,
    scripts,
    section,
    text_files,
    tree,
)

pytestmark = pytest.mark.unit

MODULE_LINES = 250
"""Of code: docstrings, comments and blank lines do not count."""

FUNCTION_LINES = 40

OUTGROWN_SHARE = 0.5
"""Of the public functions, those whose docstring may be longer than their body."""


PICKLE_EXCEPTIONS = {
    # RAND's table is published as a pickle inside a pinned package. Only a maintainer who derives
    # the frozen table again opens it; nothing a user or the cache holds is read this way.
    "data/rand_hie/derive.py",
}


SAYS_MORE = re.compile(r"shape|\bdims?\b|default|\{|\bof\b|,|optional")
"""A type that is itself a description: a shape, units, allowed values, what a container holds."""


def bare_entries(docstring: str) -> list[str]:
    """List the entries of the sections that only repeat a name and its type."""
    return [
        head
        for title in ("Parameters", "Attributes")
        for head, said in entries(section(docstring, title) or "").items()
        if not said and not SAYS_MORE.search(head)
    ]


def faults(function: Function) -> list[str]:
    """List what a signature and a docstring lack, or say that the type says already."""
    text = ast.get_docstring(function.node)
    if not text:
        return ["no docstring"]
    wanting = [] if function.node.returns else ["no return type"]
    parameters = documented(section(text, "Parameters") or "")
    if extra := parameters - set(function.arguments):
        wanting.append(f"Parameters has {', '.join(sorted(extra))}, which the signature lacks")
    wanting += [f"`{head}` repeats the type: say more, or nothing" for head in bare_entries(text)]
    return wanting


def test_public_functions_are_typed_and_documented():
    found = [
        f"{function}: {'; '.join(wanting)}"
        for path in modules()
        for function in functions(path)
        if function.public and (wanting := faults(function))
    ]
    assert not found, "\n".join(found)


def test_docstrings_do_not_outgrow_what_they_explain():
    """Few may be longer than the body of their function: those that give an equation's source."""
    public = [f for path in modules() for f in functions(path) if f.public and f.code_lines]
    longer = [f for f in public if f.docstring_lines > f.code_lines]
    assert len(longer) < OUTGROWN_SHARE * len(public), "\n".join(map(str, longer))


def test_a_package_hands_nothing_on():
    """An `__init__` that imports makes every reader of one module wait for all."""
    handing = [
        name_of(path)
        for path in modules()
        if path.name == "__init__.py" and [type(n) for n in tree(path).body] != [ast.Expr]
    ]
    assert not handing


def test_modules_are_short():
    lines = {name_of(path): module_code_lines(path) for path in modules()}
    assert not {name: count for name, count in lines.items() if count > MODULE_LINES}


def test_functions_are_short():
    lines = {str(found): found.code_lines for path in modules() for found in functions(path)}
    assert not {name: count for name, count in lines.items() if count > FUNCTION_LINES}


def retyped_interval(node: ast.AST) -> str:
    """Show a call or keyword that types an end of the interval instead of reading the constant."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            if not re.search("quantile|percentile|hdi|eti", name):
                return ""
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            literals = [part for argument in given for part in ast.walk(argument)]
            ends = [part for part in literals if isinstance(part, ast.Constant)]
            return ast.unparse(node) if {part.value for part in ends} & {0.05, 0.95, 5, 95} else ""
        case ast.keyword(arg="hdi_prob" | "ci_prob" | "interval", value=ast.Constant(float(value))):
            return f"{node.arg}={value}"
    return ""


def test_the_interval_is_not_retyped():
    """Quantiles of the published interval come from `settings.INTERVAL`."""
    found = [
        f"{name_of(path)}: {retyped}"
        for path in modules()
        for node in ast.walk(tree(path))
        if (retyped := retyped_interval(node))
    ]
    assert not found, "\n".join(found)


def unsafe_uses(node: ast.AST) -> list[str]:
    """Name what in one node loads a pickle or evaluates a string."""
    modules_to_avoid = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names if alias.name.split(".")[0] in modules_to_avoid]
        case ast.ImportFrom(module=str(module)):
            return [module] if module.split(".")[0] in modules_to_avoid else []
        case ast.Call(func=ast.Name(id="eval" | "exec" as name)):
            return [f"{name} in line {node.lineno}"]
        case ast.Attribute(attr=name) if name.endswith("_pickle"):
            return [f"{name} in line {node.lineno}"]
        case ast.keyword(arg="allow_pickle", value=value):
            off = isinstance(value, ast.Constant) and value.value is False
            return [] if off else [f"allow_pickle in line {value.lineno}"]
    return []


def test_nothing_loads_a_pickle_or_evaluates_a_string():
    found = [
        f"{name_of(path)}: {use}"
        for path in scripts()
        if name_of(path) not in PICKLE_EXCEPTIONS
        for node in ast.walk(tree(path))
        for use in unsafe_uses(node)
    ]
    assert not found, "\n".join(found)


def test_no_file_names_a_machine_or_a_registry():
    folders = "|".join(["home", "root", "Users", "work", "opt", "mnt"])
    registries = ["pypi", "pythonhosted", "npmjs", "deb.debian", "anaconda"]
    path_of_a_machine = re.compile(rf"(?<![\w./:*-])/(?:{folders})/\w+")
    host = re.compile(rf"\b(?:{'|'.join(registries)})\.org\b")
    found = []
    for path in text_files():
        text = path.read_text(encoding="utf-8")
        named = [*path_of_a_machine.findall(text), *host.findall(text)]
        found += [f"{name_of(path)}: {name}" for name in named]
    assert not found, "\n".join(found)


def test_the_interval_is_ninety_percent():
    """Read from the source: the pages say 90 %, so the constant may not move alone."""
    source = (ROOT / "analysis" / "settings.py").read_text()
    assert re.search(r"^INTERVAL = 0\.90$", source, flags=re.MULTILINE)


def test_results_flow_one_way():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
