"""contained: when the new version never becomes ready, the old one keeps its traffic and its pods.

Source: the transition model; Kubernetes, pkg/controller/deployment/rolling.go `reconcileOldReplicaSets`.
"""

from __future__ import annotations

from collections.abc import Iterable

from compiler.transition.search.traffic_state import PropertyBreach, TrafficState

PROPERTY = "contained"


def breaches(scene: TrafficState, lost: Iterable[PropertyBreach]) -> Iterable[PropertyBreach]:
    """The losses that last for ever if the new pods never get ready."""
    for breach in lost:
        waiting = [key for key, state in breach.witness.items() if state.unready and not state.ready]
        if waiting:
            names = ", ".join(str(key) for key in waiting)
            yield PropertyBreach(
                "old-version-given-up",
                PROPERTY,
                f"if {names} never becomes ready, {scene.owed.request} stays lost: the old version has gone",
                breach.objects,
                breach.help,
                witness=breach.witness,
            )
            return
