"""available, for clients that call a Service by itself: nobody knows who they are once policies let in some alone.

Source: Kubernetes, docs/concepts/services-networking/network-policies.md (the first policy that selects a pod isolates
it: from then on it takes what some policy allows).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.model.objects import nested_value
from compiler.transition.properties.policies.unplaced_proxies import answering_pods
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END, START

PROPERTY = "available"

ANY_NAMESPACE: dict[str, Any] = {"namespaceSelector": {}}


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """A Service that everybody could call, and whose pods come under the first policies."""
    item, policies = served.guarantee, served.judged.router.policies
    if not policies.names or not item.protected or item.request.service is None:
        return
    was_open = any(policies.admitted(*pods, START) is None for pods in answering_pods(served, item.before))
    peers = [policies.admitted(*pods, END) for pods in answering_pods(served, item.after)] if was_open else []
    limited = [each for each in peers if each is not None and not _names_addresses(each)]
    if limited and _has_clients_outside(served):
        yield _shut_to_addresses(served)
    elif any(each and not any(map(_is_every_pod, each)) for each in peers):
        workloads = sorted(key for each in item.after.positive for key in each.workloads)
        yield PropertyBreach(
            "namespaces-shut",
            PROPERTY,
            f"everybody could send {item.request}; from now on NetworkPolicies let in only whom they name",
            (item.request.service, *workloads, *served.judged.router.moving_policies(workloads)),
            "make sure that the rules name every client of the Service",
            "warning",
            END,
            item.request,
        )


def _has_clients_outside(served: ServedClass) -> bool:
    """Whether clients outside of the cluster reach the Service, by ports of nodes or a load balancer, before and after.

    Their packets have their own address, or that of a node (docs/concepts/services-networking/service.md,
    `externalTrafficPolicy`): a rule that names pods lets none of them in.
    """
    key, sides = served.guarantee.request.service, (served.change.live, served.change.target)
    forms = [side.objects.get(key, {}) for side in sides] if key is not None else []
    return bool(forms) and all(nested_value(each, "spec", "type") in ("LoadBalancer", "NodePort") for each in forms)


def _names_addresses(peers: list[Any]) -> bool:
    return any("ipBlock" in peer for peer in peers)


def _shut_to_addresses(served: ServedClass) -> PropertyBreach:
    item = served.guarantee
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"NetworkPolicies come to let in pods alone at {item.request}, which clients outside of the cluster reach by "
        "nodes or a load balancer. Not judged: whether these still do",
        tuple(sorted(key for each in item.after.positive for key in each.workloads)),
        "let in the addresses of these clients and of the nodes (ipBlock)",
        "warning",
        END,
        item.request,
    )


def _is_every_pod(peer: Any) -> bool:
    return {name: value for name, value in peer.items() if value or name != "podSelector"} == ANY_NAMESPACE
