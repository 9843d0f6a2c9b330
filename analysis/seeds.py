"""One project seed; every fit and simulation derives its own from it and from its name."""

import hashlib

from analysis.settings import PROJECT_SEED


def seed_for(name: str, project_seed: int = PROJECT_SEED) -> int:
    """Return the seed of a named fit or simulation.

    Parameters
    ----------
    name : str
        Name of the fit or simulation; two names give unrelated seeds.
    project_seed : int
        Root of all seeds.

    Returns
    -------
    int
        Between 0 and 2**32 - 1; the same on every machine.
    """
    digest = hashlib.sha256(f"{project_seed}:{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big")
