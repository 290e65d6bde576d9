"""The transition verifier: proves that a commit loses no request on its way into the cluster, or shows how it does."""

from compiler.model.verdict import Finding, PodCounts, TraceState, Verdict
from compiler.transition.sync.options import GracefulDeclaration, InertDeclaration, SyncOptions
from compiler.transition.verdict.course import StepVerdicts
from compiler.transition.verify import (
    OtherObjects,
    verify,
    verify_beside,
    verify_course,
    verify_forward,
    verify_newest,
    verify_reverse,
    verify_steps,
)

__all__ = [
    "Finding",
    "GracefulDeclaration",
    "InertDeclaration",
    "OtherObjects",
    "PodCounts",
    "StepVerdicts",
    "SyncOptions",
    "TraceState",
    "Verdict",
    "verify",
    "verify_beside",
    "verify_course",
    "verify_forward",
    "verify_newest",
    "verify_reverse",
    "verify_steps",
]
