"""capacity: ready pods behind a class, weighted, never fewer than FROM and TO both intend, less what updates may take.

Source: the transition model; Kubernetes, deployment_util.go `ResolveFenceposts`; Argo CD issue 1603 and
controller/sync.go `normalizeTargetResources` for replicas that an HPA owns.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import carried_share, required_capacity
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
        for load in (served.loads if item.protected else ())
    ]
    for traffic in served.points:
        for load, required in needs:
            yield from _capacity_dips(traffic, load, required)


def _capacity_dips(traffic: TrafficState, load: Load, required: float) -> Iterator[PropertyBreach]:
    more = _fallen_back_share(traffic, load)
    for item in traffic.serving.backends:
        share = carried_share(traffic.serving, item, more)
        if share <= 0 or item.unmanaged or item.fault is not None or item.ref in traffic.guarantee.dead:
            continue
        # an empty fallback gets no request: what may be too few is the least that answers
        fallback = item in traffic.serving.fallbacks
        fewest, pod_states = traffic.fewest_answering(item, load) if fallback else traffic.worst(item, load)
        if 0 < fewest < required * share - SLACK:
            need = required * share
            grown = " if an HPA has scaled up the pods that serve now" if load == "grown" else ""
            keys = (*traffic.route, item.ref.service, *pod_states)
            yield PropertyBreach(
                "capacity-dip",
                PROPERTY,
                f"{traffic.request} may have only {fewest} ready {'pod' if fewest == 1 else 'pods'}"
                f" behind {item.ref.service.name}"
                f" and needs {round(need, 1):g}{grown}",
                keys,
                "add pods in an earlier wave or commit than the requests, and remove pods in a later one",
                cut=traffic.cut,
                request=traffic.request,
                pod_states=pod_states,
                load=load,
            )


def _fallen_back_share(traffic: TrafficState, load: Load) -> float:
    """The share of backends without an endpoint, which the others must carry."""
    empty = (i for i in traffic.serving.fallbacks if i.fault or not (i.unmanaged or traffic.worst(i, load)[0]))
    return sum(item.share for item in empty)
