"""The closed world: which fields of which kinds the verifier judges, which do no harm, and which nobody has proven."""

from compiler.transition.classification.fields import Inert, KindTable, Modelled, Unproven
from compiler.transition.classification.objects import UnprovenDifference, unproven_differences
from compiler.transition.classification.registry import classified_kind

__all__ = [
    "Inert",
    "KindTable",
    "Modelled",
    "Unproven",
    "UnprovenDifference",
    "classified_kind",
    "unproven_differences",
]
