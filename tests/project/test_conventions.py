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
    exported,
    functions,
    modules,
    name_of,
    scripts,
    section,
    text_files,
    tree,
)

pytestmark = pytest.mark.unit

MODULE_LINES = 300
FUNCTION_LINES = 40
BY_MODULE = pytest.mark.parametrize("path", modules(), ids=name_of)
BY_SCRIPT = pytest.mark.parametrize("path", scripts(), ids=name_of)


PICKLE_EXCEPTIONS = {
    # RAND's table is published as a pickle inside a pinned package. Only a maintainer who derives
    # the frozen table again opens it; nothing a user or the cache holds is read this way.
    "data/rand_hie/derive.py",
}


def is_exported(function: Function) -> bool:
    """Say whether the room lists the function, or the class it belongs to, as public."""
    return function.name.split(".")[0] in exported(function.path.parent)


def faults(function: Function) -> list[str]:
    """List what a signature and docstring lack; names a room exports must be complete."""
    text = ast.get_docstring(function.node)
    if not text:
        return ["no docstring"]
    found = []
    if function.node.returns is None:
        found.append("no return type")
    described = section(text, "Parameters")
    parameters = documented(described or "")
    lacks = [name for name in function.arguments if name not in parameters]
    if lacks and (described is not None or is_exported(function)):
        found.append(f"Parameters lacks {', '.join(lacks)}")
    if extra := parameters - set(function.arguments):
        found.append(f"Parameters has {', '.join(sorted(extra))}, which the signature lacks")
    returns = ast.unparse(function.node.returns) if function.node.returns else "None"
    silent = returns in {"None", "Never", "NoReturn"} or "property" in function.decorators
    # A method without arguments may say in its summary what it returns.
    silent = silent or ("." in function.name and not function.arguments)
    if is_exported(function) and not silent and not re.search(r"^(Returns|Yields)\n-", text, re.M):
        found.append("no Returns")
    return found


@BY_MODULE
def test_public_functions_are_typed_and_documented(path: Path):
    wanting = [f"{found}: {'; '.join(faults(found))}" for found in functions(path) if found.public]
    assert not [line for line in wanting if not line.endswith(": ")]


@BY_MODULE
def test_modules_are_short(path: Path):
    assert len(path.read_text().splitlines()) <= MODULE_LINES


@BY_MODULE
def test_functions_are_short(path: Path):
    long = [f"{found}: {found.code_lines} lines" for found in functions(path)]
    assert not [line for line in long if int(line.split()[-2]) > FUNCTION_LINES]


@BY_MODULE
def test_the_interval_is_not_retyped(path: Path):
    """Quantiles of the published interval come from `settings.INTERVAL`."""
    retyped = [
        f"line {call.lineno}: {ast.unparse(call)}"
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call)
        and re.search(r"quantile|percentile|hdi|eti", ast.unparse(call.func))
        for part in [*call.args, *(keyword.value for keyword in call.keywords)]
        for literal in ast.walk(part)
        if isinstance(literal, ast.Constant) and literal.value in {0.05, 0.95, 5, 95}
    ]
    retyped += [
        f"line {word.value.lineno}: {word.arg}={ast.unparse(word.value)}"
        for word in ast.walk(tree(path))
        if isinstance(word, ast.keyword)
        and word.arg in {"hdi_prob", "ci_prob", "prob", "interval"}
        and isinstance(word.value, ast.Constant)
        and isinstance(word.value.value, float)
    ]
    assert not retyped


def unsafe_uses(node: ast.AST) -> list[str]:
    """Name what in one node loads a pickle or evaluates a string."""
    modules_to_avoid = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names if alias.name.split(".")[0] in modules_to_avoid]
        case ast.ImportFrom(module=str(module)):
            return [module] if module.split(".")[0] in modules_to_avoid else []
        case ast.Call(func=called):
            name = ast.unparse(called)
            unsafe = name in {"eval", "exec", "yaml.load"} or name.endswith("_pickle")
            return [f"{name} in line {node.lineno}"] if unsafe else []
        case ast.keyword(arg="allow_pickle", value=value):
            off = isinstance(value, ast.Constant) and value.value is False
            return [] if off else [f"allow_pickle in line {value.lineno}"]
    return []


@BY_SCRIPT
def test_nothing_loads_a_pickle_or_evaluates_a_string(path: Path):
    if name_of(path) in PICKLE_EXCEPTIONS:
        return
    assert not [use for node in ast.walk(tree(path)) for use in unsafe_uses(node)]


@pytest.mark.parametrize("path", text_files(), ids=name_of)
def test_no_file_names_a_machine_or_a_registry(path: Path):
    folders = "|".join(["home", "root", "Users", "work", "opt", "mnt"])
    registries = [
        ".".join(parts)
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("deb", "debian", "org"),
            ("anaconda", "org"),
        )
    ]
    text = path.read_text(encoding="utf-8")
    found = re.findall(rf"(?<![\w./:*-])/(?:{folders})/\w+", text)
    found += [host for host in registries if host in text]
    assert not found


def test_the_interval_is_ninety_percent():
    """Read from the source: the pages say 90 %, so the constant may not move alone."""
    source = (ROOT / "analysis" / "settings.py").read_text()
    assert re.search(r"^INTERVAL = 0\.90$", source, flags=re.MULTILINE)


def test_results_flow_one_way():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
