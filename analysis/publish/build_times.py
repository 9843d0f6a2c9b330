"""How long the last build took, and what of it was made anew: its stamp on itself."""

import json
from dataclasses import asdict, dataclass

BUILD_TIMES = "build-times.json"
"""File of the build folder that holds them."""


@dataclass(frozen=True)
class BuildTimes:
    """What a build made, and the seconds that each of its steps took on the clock."""

    fits_made: int
    notebooks_executed: int
    fits_seconds: float
    notebooks_seconds: float
    site_seconds: float

    @property
    def seconds(self) -> float:
        """Of the whole build."""
        return self.fits_seconds + self.notebooks_seconds + self.site_seconds

    def to_json(self) -> str:
        """Return the stamp as JSON text."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "BuildTimes":
        """Read a stamp back from `to_json`."""
        return cls(**json.loads(text))

    def __str__(self) -> str:
        """Say it in one line."""
        return (
            f"{self.seconds:.0f} s: {self.fits_made} fits made in {self.fits_seconds:.0f} s, "
            f"{self.notebooks_executed} notebooks executed in {self.notebooks_seconds:.0f} s, "
            f"site in {self.site_seconds:.0f} s"
        )
