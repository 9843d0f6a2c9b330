"""`make audit`: no answer is not a good answer."""

import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest

from tests.project.source import ROOT

pytestmark = pytest.mark.unit

SOUND = {"name": "idna", "version": "3.10", "vulns": []}
BAD = {"name": "old", "version": "1.0", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["1.1"]}]}
SILENT = {"name": "new", "skip_reason": "not found"}


@pytest.fixture(scope="module")
def audit():
    loader = SourceFileLoader("ci_audit", str(ROOT / ".ci" / "audit"))
    module = module_from_spec(spec_from_loader("ci_audit", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("packages", "code", "says"),
    [
        ([SOUND], 0, "1 of 1 packages were audited.\nNo vulnerability is known."),
        ([SOUND, BAD], 1, "old 1.0: CVE-2026-1, mended in 1.1"),
        ([SOUND, SILENT], 2, "1 of 2 packages were audited.\nNo answer about new"),
        ([BAD, SILENT], 1, "No answer about new"),
        ([SILENT] * 9, 2, "new, new, new, new, new and 4 more: is the network reachable"),
        ([], 2, "0 of 0"),
    ],
)
def test_the_exit_code_says_whether_packages_are_sound_bad_or_unknown(audit, packages, code, says):
    found = audit.verdict({"dependencies": packages})
    assert found[0] == code
    assert says in found[1]


def test_a_run_without_a_report_could_not_be_made(audit):
    assert audit.verdict(None, "no network") == (2, "could not be audited: no network")


def test_every_pin_that_is_audited_has_hashes(audit):
    for name in audit.LOCKS:
        text = (ROOT / name).read_text()
        pins = re.split(r"^(?=[A-Za-z0-9_.-]+==)", text, flags=re.MULTILINE)[1:]
        assert pins
        assert all("--hash=sha256:" in pin for pin in pins), name
