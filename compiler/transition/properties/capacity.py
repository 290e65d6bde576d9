"""capacity: ready pods behind a class, weighted, never fewer than both sides intend, less what updates may take.

Source: the transition model; Kubernetes, deployment_util.go `ResolveFenceposts`; Argo CD issue 1603 and
controller/sync.go `normalizeTargetResources` for replicas that an HPA owns.
"""

from __future__ import annotations

from collections.abc import Iterable

from compiler.transition.controllers.hpa import Load
from compiler.transition.search.traffic_state import PropertyBreach, TrafficState

PROPERTY = "capacity"
SLACK = 1e-9


def breaches(scene: TrafficState, load: Load, required: float) -> Iterable[PropertyBreach]:
    """Where fewer pods than `required` may answer the class; none at all is the business of `available`."""
    if not scene.owed.protected:
        return
    for item in scene.serving.behind:
        if item.share <= 0 or item.outside or item.fault is not None or item.backend in scene.owed.dead:
            continue
        fewest, witness = scene.worst(item, load)
        if 0 < fewest < required * item.share - SLACK:
            need = required * item.share
            grown = " once an HPA has grown the pods that serve now" if load == "grown" else ""
            keys = (*scene.route, item.backend.service, *witness)
            yield PropertyBreach(
                "capacity-dip",
                PROPERTY,
                f"{scene.owed.request} may have {fewest} ready {'pod' if fewest == 1 else 'pods'}"
                f" behind {item.backend.service.name},"
                f" {round(need, 1):g} are due{grown}",
                keys,
                "let the pods grow in an earlier wave or commit than the traffic, and shrink in a later one",
                witness=witness,
                load=load,
            )
