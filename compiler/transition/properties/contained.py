"""contained: when the new version never becomes ready, the old one keeps its traffic and its pods.

Source: the transition model; Kubernetes, pkg/controller/deployment/rolling.go `reconcileOldReplicaSets`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from compiler.transition.properties.available.backends import losses
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass

PROPERTY = "contained"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """At each point the first of the losses that last for ever if the new pods never get ready."""
    for traffic in served.points:
        lasting = (_lasting_loss(breach) for breach in losses(traffic))
        yield from itertools.islice((breach for breach in lasting if breach is not None), 1)


def _lasting_loss(breach: PropertyBreach) -> PropertyBreach | None:
    waiting = [key for key, state in breach.pod_states.items() if state.unready and not state.ready]
    if not waiting:
        return None
    names = ", ".join(str(key) for key in waiting)
    text = f"if {names} never becomes ready, {breach.request} stays lost: the old version is gone"
    return PropertyBreach(
        "old-version-given-up",
        PROPERTY,
        text,
        breach.objects,
        breach.help,
        cut=breach.cut,
        request=breach.request,
        pod_states=breach.pod_states,
    )
