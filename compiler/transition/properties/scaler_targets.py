"""capacity, as far as an HPA decides it: one whose workload goes scales nothing.

Source: Kubernetes, pkg/controller/podautoscaler/horizontal.go (`FailedGetScale`); Argo CD gitops-engine,
pkg/health/health_hpa.go (Degraded then).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.transition.facts.workload import SCALER_KINDS, read_scaler
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "capacity"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The HPAs that stay or come though the workload that they scale is deleted."""
    change = judged.change
    for group, kind in SCALER_KINDS:
        for key in change.target.of_kind(kind) if change.live.workloads else ():
            target = read_scaler(change.target.objects[key], key).target
            gone = target in change.live.workloads and target not in change.target.workloads
            if key.group == group and gone and change.ops[target][1].action == "prune":
                yield PropertyBreach(
                    "scaler-without-target",
                    PROPERTY,
                    f"{key} scales {target}, which is deleted: it is Degraded, and scales nothing",
                    (key, target),
                    "delete it too, or let it scale what takes the workload's place",
                    "warning",
                    change.moment(target),
                )
