"""Command release: what it says when it has kept a version, and when it may not."""

import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.errors import InputError
from analysis.report.releases import Release

pytestmark = pytest.mark.unit

PLACE = "analysis.publish.release.keep_release"


def test_it_says_what_was_kept(monkeypatch):
    monkeypatch.setattr(PLACE, lambda project: Release("1.2.3", "2027-01-05", {}))
    result = CliRunner().invoke(app, ["release"])
    assert result.exit_code == 0
    assert "0 numbers of version 1.2.3, released on 2027-01-05" in result.stdout


def test_a_refusal_is_one_line(monkeypatch):
    def refuse(project):
        raise InputError("version 1.2.3 is released already")

    monkeypatch.setattr(PLACE, refuse)
    result = CliRunner().invoke(app, ["release"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: version 1.2.3 is released already\n"
