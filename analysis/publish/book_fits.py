"""What the book's notebooks read from the store of fits: fits, and dear results of fits."""

from collections.abc import Callable

from analysis.fits.published import MODULES
from analysis.publish.fit_tasks import FitTask


def tasks() -> tuple[FitTask, ...]:
    """Return everything that is made before the notebooks start."""
    return (*_fits(), *_derived())


def _fits() -> tuple[FitTask, ...]:
    return tuple(
        FitTask(fit.name, fit.fit, module.__name__, fit.seconds, fit.model, fit.needs)
        for module in MODULES
        for fit in module.PUBLISHED
    )


def _alone(
    name: str, make: Callable[[], object], module: str, seconds: float, *needs: str
) -> FitTask:
    return FitTask(name, make, module, seconds, name, needs)


def _derived() -> tuple[FitTask, ...]:
    pools = "analysis.fits.england_generator"
    return (
        _alone("England's variation", _england_variation, pools, 20),
        _alone("England's sample", _england_sample, pools, 15),
    )


def _england_sample() -> object:
    from analysis.fits.england_generator import england_sample

    return england_sample()


def _england_variation() -> object:
    from analysis.fits.england_generator import generated_variation

    return generated_variation()
