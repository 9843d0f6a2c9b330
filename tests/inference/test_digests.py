"""Digests: equal for equal content, different for any difference, refused for what has none."""

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.digests import digest, key_parts, sources
from analysis.models.generalised_gamma.data import GeneralisedGammaPriors
from analysis.models.generalised_gamma.model import generalised_gamma_model
from analysis.seeds import seed_for
from tests.inference import toy

pytestmark = pytest.mark.unit

scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
nested = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def exact(value):
    """Write a value so that two texts are equal only for equal content of equal type."""
    if isinstance(value, dict):
        return "mapping" + repr(sorted((key, exact(item)) for key, item in value.items()))
    if isinstance(value, list):
        return repr([exact(item) for item in value])
    return repr(value)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(nested, nested)
def test_digests_are_equal_exactly_when_the_content_is(one, other):
    assert (digest(one) == digest(other)) == (exact(one) == exact(other))


def test_values_that_read_the_same_when_joined_differ():
    values = [
        (1, 23), (12, 3), (123,), ((1, 2), 3), (1, (2, 3)), "123", 123, {"1": 23},
        {"a": {}, "b": 1}, {"a": {"b": 1}}, None, "None", True, 1, 1.0,
    ]  # fmt: skip
    for one, other in itertools.combinations(values, 2):
        assert digest(one) != digest(other), (one, other)


def test_arrays_differ_by_value_type_and_shape_but_not_by_layout():
    array = np.arange(6.0).reshape(2, 3)
    assert digest(array) == digest(np.asfortranarray(array))
    assert digest(array) == digest(np.arange(12.0).reshape(2, 6)[:, ::2] / 2)
    others = [array + 1e-15, array.astype("float32"), array.ravel(), array.T]
    assert len({digest(other) for other in [array, *others]}) == 5


def test_the_order_of_a_mapping_does_not_matter():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_a_dataclass_is_its_fields():
    assert digest(GeneralisedGammaPriors()) == digest(GeneralisedGammaPriors())
    assert digest(GeneralisedGammaPriors()) != digest(GeneralisedGammaPriors(shape=(0.1, 0.5)))


@dataclass(frozen=True)
class Holder:
    content: object


@pytest.mark.parametrize(
    "value", [len, open, {1, 2}, b"bytes", np.array(["a", None], dtype=object), object()]
)
def test_what_has_no_defined_content_is_refused(value):
    with pytest.raises(TypeError, match="cannot digest"):
        digest(Holder([value]))


def test_each_part_of_a_key_follows_only_its_own_content():
    settings = {"tune": 10}
    before = key_parts(toy.toy_model, data=toy.toy_data(), sampler=settings, seed=1)
    after = key_parts(toy.toy_model, data=toy.toy_data(0.1), sampler=settings, seed=2)
    assert [part for part in before if before[part] != after[part]] == ["data", "seed"]
    assert {"model source", "package versions"} <= before.keys()


def test_the_model_source_is_the_whole_module():
    """A helper of the model may change what the model does."""
    assert key_parts(toy.toy_model) == key_parts(toy.other_model)
    assert key_parts(toy.toy_model) != key_parts(seed_for)


def test_the_model_source_holds_the_modules_it_builds_on():
    """Moved into a module of its own, a model's helper must still change the key of a fit."""
    found = sources(generalised_gamma_model)
    assert {
        "analysis.models.generalised_gamma.model",
        "analysis.models.partial_pooling",
    } <= found.keys()
    assert all(name.startswith("analysis.models.") for name in found)


def test_seeds_are_fixed_by_name_and_project_seed():
    assert seed_for("fit", 1) == seed_for("fit", 1)
    seeds = {seed_for(name, project) for name in ("fit", "other") for project in (1, 2)}
    assert len(seeds) == 4
    assert all(0 <= seed < 2**32 for seed in seeds)
    # Golden: changes only with PROJECT_SEED or the derivation, and then every fit changes.
    assert seed_for("hurdle-age-sex") == 3065881149
