"""capacity: ready pods behind a class, weighted, never fewer than FROM and TO both intend, less what updates may take.

Source: the transition model; Kubernetes, deployment_util.go `ResolveFenceposts`; Argo CD issue 1603 and
controller/sync.go `normalizeTargetResources` for replicas that an HPA owns.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import relevant_loads, required_capacity
from compiler.transition.search.served_class import ServedClass
from compiler.transition.search.traffic_state import TrafficState
from compiler.transition.sync.replicas import Load

PROPERTY = "capacity"
SLACK = 1e-9


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """Where fewer pods than required may answer the class; none at all is the business of `available`."""
    judged, item = served.judged, served.guarantee
    needs = [
        (load, required_capacity(judged.reference, item, load, judged.between))
        for load in (relevant_loads(judged.change, item) if item.protected else ())
    ]
    for traffic in served.points:
        for load, required in needs:
            yield from _capacity_dips(traffic, load, required)


def _capacity_dips(traffic: TrafficState, load: Load, required: float) -> Iterator[PropertyBreach]:
    for item in traffic.serving.backends:
        if item.share <= 0 or item.unmanaged or item.fault is not None or item.ref in traffic.guarantee.dead:
            continue
        fewest, pod_states = traffic.worst(item, load)
        if 0 < fewest < required * item.share - SLACK:
            need = required * item.share
            grown = " once an HPA has grown the pods that serve now" if load == "grown" else ""
            keys = (*traffic.route, item.ref.service, *pod_states)
            yield PropertyBreach(
                "capacity-dip",
                PROPERTY,
                f"{traffic.request} may have {fewest} ready {'pod' if fewest == 1 else 'pods'}"
                f" behind {item.ref.service.name},"
                f" {round(need, 1):g} are due{grown}",
                keys,
                "let the pods grow in an earlier wave or commit than the traffic, and shrink in a later one",
                cut=traffic.cut,
                request=traffic.request,
                pod_states=pod_states,
                load=load,
            )
