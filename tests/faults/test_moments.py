"""Killed, out of disk or read-only at any moment: nothing is half, and the next run is right."""

import json
import subprocess
import sys

import pytest

from analysis.settings import ROOT

LEAST_MOMENTS = {"publish": 20, "execute": 10, "store": 5, "cells": 2, "report": 4}


@pytest.mark.spread
@pytest.mark.integration
@pytest.mark.parametrize("name", LEAST_MOMENTS)
def test_at_every_moment(name, tmp_path):
    command = [sys.executable, "-m", "tests.faults.scenarios", name, str(tmp_path / "place")]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout.splitlines()[-1])
    assert told.keys() == {"kill", "full", "read_only"}
    for how, (moments, problems) in told.items():
        assert not problems, (how, problems, run.stderr)
        assert moments >= LEAST_MOMENTS[name], how
    assert "Traceback" not in run.stderr
