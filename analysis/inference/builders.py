"""A model function by its name, so that a fit can be keyed and read without loading PyMC."""

import inspect
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pymc as pm


@dataclass(frozen=True)
class Builder:
    """A model function that is imported when it builds.

    Attributes
    ----------
    module : str
        Dotted name, as a literal where the builder is made: by it the build knows that whoever
        names a model depends on it.
    function : str
        Takes data and priors and returns a PyMC model.
    """

    module: str
    function: str

    def __call__(self, data: object, priors: object) -> "pm.Model":
        """Return the model of these data and priors."""
        model: pm.Model = getattr(import_module(self.module), self.function)(data, priors)
        return model


def module_of(part: object) -> str | None:
    """Return the name of the module of a builder, function or class; None for what has none."""
    if isinstance(part, Builder):
        return part.module
    module = inspect.getmodule(part)
    return module.__name__ if module is not None else None
