"""What nobody has proven: whether the pods that send requests have an address that NetworkPolicies come to ask for.

Where a policy names the sender by its namespace or labels, that is known. Which addresses pods get, the network of the
cluster decides. Source: Kubernetes, docs/concepts/services-networking/network-policies.md ("ipBlock": pods' addresses
are ephemeral and unpredictable).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.transition.facts.pods import Template
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.network_policies import NetworkPolicies
from compiler.transition.search.router import RoutingResult, request_source
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import START, Cut

PROPERTY = "available"
AnsweringPods = tuple[ServiceFacts, int | str, Template]


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """A class that pods took from a sender known by name, and that some pods come to take by its address alone."""
    item, policies = served.guarantee, served.judged.router.policies
    if not policies.names or not item.protected:
        return
    if all(_are_shut(served, policies.by_name, pods, START) for pods in _answering_pods(served, item.before)):
        return
    for point in served.points:
        route = point.serving.answer
        pods = _answering_pods(served, point.serving)
        if route is not None and any(_are_open_by_address(served, each, point.cut) for each in pods):
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"NetworkPolicies let in whoever sends {item.request} by address, no longer by labels. Not judged: "
                "whether the pods that send it have such addresses",
                (route.route, *point.serving.workloads),
                "let in the sender's namespace, as before",
                "warning",
                point.cut,
                item.request,
            )
            return


def _answering_pods(served: ServedClass, serving: RoutingResult) -> Iterator[AnsweringPods]:
    index = served.judged.router.index
    for item in serving.positive:
        if item.facts is not None and item.ref.port in item.facts.ports:
            for template in (each for key in item.workloads for each in index.templates[key]):
                yield item.facts, item.ref.port, template


def _are_open_by_address(served: ServedClass, pods: AnsweringPods, cut: Cut) -> bool:
    policies = served.judged.router.policies
    return _are_shut(served, policies.by_name, pods, cut) and not _are_shut(served, policies, pods, cut)


def _are_shut(served: ServedClass, policies: NetworkPolicies, pods: AnsweringPods, cut: Cut) -> bool:
    return policies.closed(*pods, request_source(served.guarantee.request), cut)
