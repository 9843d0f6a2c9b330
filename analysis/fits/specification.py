"""What it takes to make a published fit: a name, a model, its inputs, and how it is sampled."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.inference.builders import Builder
from analysis.inference.fitting import Fit, Sampler, fit


@dataclass(frozen=True)
class PublishedFit[Data, Priors]:
    """A fit of the book.

    Attributes
    ----------
    name : str
        Of the fit: its seed and its place in the store come from it.
    inputs : callable
        Returns data and priors. It may read other published fits, those in `needs`.
    seconds : float
        What it took of one processor, about: work is given out longest first. The first fit of a
        model has its compilation in it.
    model : str
        Fits with the same word here have models of one shape, compiled once for all of them.
    needs : tuple of str
        Names of the published fits that `inputs` reads.
    """

    name: str
    builder: Builder
    inputs: Callable[[], tuple[Data, Priors]]
    seconds: float
    model: str
    sampler: Sampler = Sampler()
    needs: tuple[str, ...] = ()

    def fit(self) -> Fit:
        """Return the fit, from the store if it is there."""
        data, priors = self.inputs()
        return fit(self.name, self.builder, data, priors, self.sampler)
