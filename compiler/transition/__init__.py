"""The transition verifier: proves that a commit loses no request on its way into the cluster, or shows how it does."""

from compiler.transition.model import Finding, Pods, SyncOptions, TraceState, Verdict
from compiler.transition.verify import verify

__all__ = ["Finding", "Pods", "SyncOptions", "TraceState", "Verdict", "verify"]
