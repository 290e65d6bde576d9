"""The closed world: which fields of which kinds the verifier judges, which do no harm, and which nobody has proven."""

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.objects import (
    UnjudgedDifference,
    classified_forms,
    differing_fields,
    unjudged_differences,
)
from compiler.transition.classification.registry import classified_kind

__all__ = [
    "Inert",
    "KindTable",
    "Modeled",
    "Unjudged",
    "UnjudgedDifference",
    "classified_forms",
    "classified_kind",
    "differing_fields",
    "unjudged_differences",
]
