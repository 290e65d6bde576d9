"""The transition verifier: proves that a commit loses no request on its way into the cluster, or shows how it does."""

from compiler.transition.course import Step
from compiler.transition.model import Finding, Pods, SyncOptions, TraceState, Verdict
from compiler.transition.verify import (
    verify,
    verify_course,
    verify_forward,
    verify_newest,
    verify_reverse,
    verify_steps,
)

__all__ = [
    "Finding",
    "Pods",
    "Step",
    "SyncOptions",
    "TraceState",
    "Verdict",
    "verify",
    "verify_course",
    "verify_forward",
    "verify_newest",
    "verify_reverse",
    "verify_steps",
]
