"""A fit is keyed by the code of its model, read as text; whoever names a model depends on it."""

import subprocess
import sys

import pytest

from analysis import settings
from analysis.fits.published import PUBLISHED_FITS
from analysis.inference.builders import Builder
from analysis.inference.digests import key_parts, sources
from analysis.models.generalised_gamma.model import generalised_gamma_model
from analysis.report.provenance import code_digest_upstream, code_digests
from analysis.source_code import code_of, named_modules

pytestmark = pytest.mark.unit

MODEL = '''"""A model."""

import numpy as np

from toyhouse.models.helper import width  # the spread


def model(data, priors):
    """Return it."""
    # why
    return np.sum(data) * width(priors)


class Part:
    """Only words."""

    size: int = 1
    """Of the part."""
'''

HELPER = '''def width(priors):
    """Return the width."""
    return 2.0
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of a model and a helper that may be rewritten; it is never imported."""
    folder = tmp_path / "toyhouse" / "models"
    folder.mkdir(parents=True)
    for place in (folder.parent, folder):
        (place / "__init__.py").write_text("")
    (folder / "model.py").write_text(MODEL)
    (folder / "helper.py").write_text(HELPER)
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def key():
    return key_parts(Builder("toyhouse.models.model", "model"), data=1)["model source"]


class TestKey:
    @pytest.mark.parametrize(
        ("file", "old", "new"),
        [
            ("model.py", "Return it.", "Return the model, said better."),
            ("model.py", "# why", "# because"),
            ("model.py", "Of the part.", "In people."),
            ("model.py", "    # why\n", "\n\n"),
            ("helper.py", '    """Return the width."""\n', ""),
        ],
    )
    def test_words_do_not_change_it(self, package, file, old, new):
        before = key()
        text = (package / file).read_text()
        assert old in text
        (package / file).write_text(text.replace(old, new))
        assert key() == before

    @pytest.mark.parametrize(
        ("file", "old", "new"),
        [
            ("model.py", "np.sum", "np.mean"),
            ("model.py", "size: int = 1", "size: int = 2"),
            ("helper.py", "2.0", "3.0"),
        ],
    )
    def test_code_does_also_in_a_module_that_the_model_builds_on(self, package, file, old, new):
        before = key()
        (package / file).write_text((package / file).read_text().replace(old, new))
        assert key() != before

    def test_nothing_is_imported(self, package):
        key()
        assert not [name for name in sys.modules if name.startswith("toyhouse")]

    def test_a_builder_has_the_sources_of_its_function(self):
        by_name = Builder("analysis.models.generalised_gamma.model", "generalised_gamma_model")
        assert sources(by_name) == sources(generalised_gamma_model)

    def test_other_rooms_are_followed_where_asked_for(self):
        alone, more = (sources(code_digests, rooms=rooms) for rooms in ((), ("analysis.settings",)))
        assert alone.keys() <= more.keys()
        assert all(name.startswith("analysis.report.") for name in alone)


def test_code_without_words_is_python_still():
    compile(code_of(MODEL), "model", "exec")
    assert '"""' not in code_of(MODEL)
    assert code_of("def f(:") == "def f(:"


def test_a_string_that_names_a_module_is_read_as_a_name():
    names = named_modules('import a.b\nfrom c import d\nX = "e.f"\nY = "two words. And dots"\n')
    assert names == {"a.b", "c", "c.d", "e.f"}


def test_whoever_names_a_model_in_a_builder_depends_on_it():
    """No import statement of this room names it: `fits` reads what is in the store without PyMC."""
    import analysis.fits.positive_costs  # noqa: F401

    assert "analysis.models.generalised_gamma.model" in code_digests()
    assert code_digest_upstream("analysis.fits.positive_costs") != code_digest_upstream(
        "analysis.models.generalised_gamma.model"
    )


@pytest.mark.parametrize("published", PUBLISHED_FITS.values(), ids=PUBLISHED_FITS)
def test_the_model_of_every_published_fit_exists(published):
    code = sources(published.builder)[published.builder.module]
    assert f"def {published.builder.function}(" in code


HEAVY = ("pymc", "pytensor", "nutpie", "arviz")

LIGHT_MODULES = [
    "analysis.fits.published",
    "analysis.inference.fitting",
    "analysis.inference.diagnostics",
    "analysis.inference.importance",
    "analysis.chapters.risk_adjustment.cost_forms",
    "analysis.chapters.forecast.cohort_forecast",
    "analysis.fits.english_group_spread",
    "analysis.fits.england_generator",
    "analysis.own.people.measures",
    "analysis.own.programme.fitting",
    "analysis.publish.book",
    "analysis.publish.book_fits",
    "analysis.cli",
]
"""What reads fits, and what a reader's commands begin with."""


def test_what_reads_fits_does_not_import_what_samples_them():
    """Seconds of every command and of every notebook whose fits are in the store."""
    ask = (
        "import importlib, sys\n"
        f"for name in {LIGHT_MODULES!r}:\n"
        "    importlib.import_module(name)\n"
        f"    heavy = [each for each in {HEAVY!r} if each in sys.modules]\n"
        "    assert not heavy, (name, heavy)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=settings.ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
