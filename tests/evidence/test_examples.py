"""The examples in the docstrings print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import analysis.evidence

MODULES = [module.name for module in pkgutil.iter_modules(analysis.evidence.__path__)]


@pytest.mark.unit
@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name):
    module = importlib.import_module(f"analysis.evidence.{name}")
    assert doctest.testmod(module).failed == 0
