"""What no code here may do: run text as code or as a command, or trust what it unpacks.

Pickles and evaluated strings are looked for in `test_conventions.py`.
"""

import ast

import pytest

from tests.project.source import name_of, scripts, tree

pytestmark = pytest.mark.unit

SAFE_YAML = {"SafeLoader", "CSafeLoader"}
STARTS_A_PROGRAM = {"run", "Popen", "call", "check_call", "check_output"}


def called(node):
    """Name of what is called, with the module before it."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def keyword(node, name):
    return next((each.value for each in node.keywords if each.arg == name), None)


def faults(node):
    """Name what in one call trusts text too much."""
    name = called(node)
    if name in {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}:
        return [f"{name} runs a shell"]
    if name in {"yaml.load", "yaml.unsafe_load", "yaml.full_load", "yaml.load_all"}:
        loader = keyword(node, "Loader")
        safe = loader is not None and ast.unparse(loader).split(".")[-1] in SAFE_YAML
        return [] if safe else [f"{name} makes objects of what it reads"]
    if name in {"__import__", "builtins.eval", "builtins.exec", "builtins.compile"}:
        return [f"{name} runs text"]
    if name.endswith((".extractall", "unpack_archive")) and keyword(node, "filter") is None:
        return [f"{name} may write anywhere"]
    if name.split(".")[0] == "subprocess" and name.split(".")[-1] in STARTS_A_PROGRAM:
        return program_faults(node, name)
    return []


def program_faults(node, name):
    shell = keyword(node, "shell")
    if shell is not None and not (isinstance(shell, ast.Constant) and shell.value is False):
        return [f"{name} with shell"]
    command = node.args[0] if node.args else keyword(node, "args")
    text = isinstance(command, ast.JoinedStr) or (
        isinstance(command, ast.Constant) and isinstance(command.value, str)
    )
    return [f"{name} with one string"] if text else []


def test_no_text_is_run_and_nothing_unpacked_is_trusted():
    found = [
        f"{name_of(path)}:{node.lineno}: {fault}"
        for path in scripts()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for fault in faults(node)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("os.system('ls')", "shell"),
        ("subprocess.run(['ls'], shell=True)", "shell"),
        ("subprocess.run(command, shell=wanted)", "shell"),
        ("subprocess.run('ls')", "one string"),
        ("subprocess.Popen(f'ls {folder}')", "one string"),
        ("yaml.load(text)", "objects"),
        ("yaml.load(text, Loader=yaml.Loader)", "objects"),
        ("tar.extractall(folder)", "anywhere"),
        ("builtins.exec(text)", "text"),
        ("subprocess.run(['ls', folder])", ""),
        ("yaml.load(text, Loader=yaml.SafeLoader)", ""),
        ("yaml.safe_load(text)", ""),
        ("re.compile(text)", ""),
    ],
)
def test_the_check_sees_what_it_is_for(source, says):
    (fault,) = faults(ast.parse(source).body[0].value) or [""]
    assert says in fault
    assert bool(says) == bool(fault)
