"""Evidence: data sets, published figures and claims, each with its source and licence."""

from analysis.evidence import england, mssp
from analysis.evidence.assumptions import Assumption, assumption, assumptions
from analysis.evidence.catalogue import (
    descriptor,
    digest,
    packages,
    path,
    reads,
    resources,
    table,
)
from analysis.evidence.claims import claims, stated_claims
from analysis.evidence.errors import EvidenceError
from analysis.evidence.facts import Fact, fact, facts, savings_threshold_schedule
from analysis.evidence.large_claims import large_claims
from analysis.evidence.rand_hie import person_years

__all__ = [
    "Assumption",
    "EvidenceError",
    "Fact",
    "assumption",
    "assumptions",
    "claims",
    "descriptor",
    "digest",
    "england",
    "fact",
    "facts",
    "large_claims",
    "mssp",
    "packages",
    "path",
    "person_years",
    "reads",
    "resources",
    "savings_threshold_schedule",
    "stated_claims",
    "table",
]
