"""What nobody has proven: whether NetworkPolicies let in a proxy of which no manifest says where it runs.

Traefik and the gateways of Istio stand in any namespace (that of k3s in kube-system). What let them in before shows
whom a policy has to let in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.traffic.readers import reader_of_entry
from compiler.transition.classification.kinds.networking.network_policy import admits_all_of
from compiler.transition.facts.pods import Template
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.router import RoutingResult
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import START, Cut

PROPERTY = "available"
Admitted = list[Any] | None
"""Whom policies let in, as they write it; None: everybody."""
AnsweringPods = tuple[ServiceFacts, int | str, Template]


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """A class that comes to be answered by pods which let in others than the pods that answered it."""
    item, router = served.guarantee, served.judged.router
    if not router.policies.names or not item.protected or not _is_unplaced(served):
        return
    before = list(_admitted_by(served, item.before, START))
    for point in served.points:
        narrower = [each for each in _admitted_by(served, point.serving, point.cut) if not covers_one(each, before)]
        if narrower and point.serving.answer is not None:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"NetworkPolicies keep some clients from the pods that answer {item.request}. Not judged: whether they "
                "let in the proxy, of which no manifest says where it runs",
                (point.serving.answer.route, *point.serving.workloads),
                "let in the namespace of the proxy in the same policy as before",
                "warning",
                point.cut,
                item.request,
            )
            return


def _is_unplaced(served: ServedClass) -> bool:
    reader = reader_of_entry(served.guarantee.request)
    return reader is not None and not reader.source_namespace(served.guarantee.request.entry)


def _admitted_by(served: ServedClass, serving: RoutingResult, cut: Cut) -> Iterator[Admitted]:
    policies = served.judged.router.policies
    return (policies.admitted(*pods, cut) for pods in answering_pods(served, serving))


def answering_pods(served: ServedClass, serving: RoutingResult) -> Iterator[AnsweringPods]:
    """The templates of the pods that may answer, each with its Service and the port that is asked.

    Between two commits that are judged as one, a workload may have gone before this one.
    """
    templates = served.judged.router.index.templates
    for item in serving.positive:
        if item.facts is not None and item.ref.port in item.facts.ports:
            for template in (each for key in item.workloads for each in templates.get(key, ())):
                yield item.facts, item.ref.port, template


def covers_one(admitted: Admitted, before: list[Admitted]) -> bool:
    """Whether everybody is let in whom some pods let in before."""
    return admitted is None or any(
        each is not None and all(admits_all_of(admitted, peer) for peer in each) for each in before
    )
