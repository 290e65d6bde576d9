"""What Deployments and Rollouts ask of their updates alike: room to move, and time to become available.

Source: Kubernetes, pkg/apis/apps/validation (`validateRollingUpdateDeployment`, `ValidateDeploymentSpec`); Argo
Rollouts, pkg/apis/rollouts/validation (`invalidMaxSurgeMaxUnavailable`, `ValidateRolloutSpec`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import integer_or_default

UpdateError = tuple[str, str]
ZEROS = frozenset({"0", "0%"})


def standstill_errors(limits: Mapping[str, Any]) -> Iterator[UpdateError]:
    """Why no update could begin: nothing may be added, and nothing taken away."""
    if all(str(limits.get(name, "25%")) in ZEROS for name in ("maxSurge", "maxUnavailable")):
        yield "maxSurge and maxUnavailable are both 0", "set maxSurge: 1"


def deadline_errors(spec: Mapping[str, Any]) -> Iterator[UpdateError]:
    """Why an update would be late before its first pod can count."""
    deadline = integer_or_default(spec.get("progressDeadlineSeconds"), 600)
    if deadline <= integer_or_default(spec.get("minReadySeconds"), 0):
        yield "progressDeadlineSeconds is not greater than minReadySeconds", "raise progressDeadlineSeconds"
