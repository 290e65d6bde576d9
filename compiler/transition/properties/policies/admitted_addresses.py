"""What nobody has proven: whether the pods that send requests have what NetworkPolicies come to ask for.

Where a policy names the sender's namespace, that is known. Which addresses pods get, the network of the cluster
decides; labels of the sender, and of its namespace, stand in another folder. Source: Kubernetes,
docs/concepts/services-networking/network-policies.md ("ipBlock": pods' addresses are ephemeral and unpredictable).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.transition.properties.policies.unplaced_proxies import Admitted, AnsweringPods, answering_pods, covers_one
from compiler.transition.routing.network_policy import PolicyPeer, peer_admits
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.router import request_source
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import START, Cut

PROPERTY = "available"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """A class that pods come to take by a peer which may be its sender or not, and which none of them named before."""
    item = served.guarantee
    if not served.judged.router.policies.names or not item.protected:
        return
    started = [pods for pods in answering_pods(served, item.before) if _runs_before(served, pods)]
    before = [_possible_peers(served, pods, START) for pods in started]
    for point in served.points:
        route = point.serving.answer
        pods = answering_pods(served, point.serving)
        if route is not None and any(_may_be_shut(served, each, point.cut, before) for each in pods):
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"NetworkPolicies come to let in whoever sends {item.request} by addresses or labels. Not judged: "
                "whether the pods that send it have these",
                (route.route, *point.serving.workloads, *served.judged.router.moving_policies(point.serving.workloads)),
                "let in the sender's namespace, or the same peers as before",
                "warning",
                point.cut,
                item.request,
            )
            return


def _runs_before(served: ServedClass, pods: AnsweringPods) -> bool:
    return any(pods[2] is workload.template for workload in served.change.live.workloads.values())


def _may_be_shut(served: ServedClass, pods: AnsweringPods, cut: Cut, before: list[Admitted]) -> bool:
    policies, source = served.judged.router.policies, request_source(served.guarantee.request)
    if not policies.by_name.closed(*pods, source, cut) or policies.closed(*pods, source, cut):
        return False
    return not covers_one(_possible_peers(served, pods, cut), before)


def _possible_peers(served: ServedClass, pods: AnsweringPods, cut: Cut) -> Admitted:
    """Whom policies let in to the pods, of those who may be the sender; None: everybody."""
    source, own = request_source(served.guarantee.request), PolicyPeer(pods[0].key.namespace)
    admitted = served.judged.router.policies.admitted(*pods, cut)
    if admitted is None or source is None:
        return admitted
    return [peer for peer in admitted if peer_admits(peer, own, source)]
