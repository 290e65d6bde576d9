"""available, for Services that keep requests on the node that they come to, while pods there are replaced.

Source: Kubernetes, pkg/proxy/topology.go `CategorizeEndpoints` (with the policy Local, endpoints of other nodes are not
used; from outside those that terminate are, while they are ready to answer); pkg/controller/daemon/update.go
`rollingUpdate` (without maxSurge, the pod of a node goes before the next comes); pkg/proxy/healthcheck (a load balancer
asks each node whether it has such pods, as often as it likes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import Key, mapping_or_empty
from compiler.transition.controllers import statefulset
from compiler.transition.facts.workload import WorkloadFacts
from compiler.transition.properties.available.entries import lets_clients_in
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import Change

PROPERTY = "available"
INSIDE, OUTSIDE = "internalTrafficPolicy", "externalTrafficPolicy"
SURGE_HELP = "let {} start the new pod of a node first: maxUnavailable: 0 with maxSurge: 1 in its updateStrategy"
CLUSTER_HELP = "set {}: Cluster in an earlier commit, or let a DaemonSet make the pods"
BALANCED_HELP = (
    "let a DaemonSet with maxSurge: 1 make the pods, or keep old pods (preStop) until the load balancer has seen it"
)


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """Errors of DaemonSets that leave a node without a pod; of others, that their pods may come to other nodes."""
    service, change = served.guarantee.request.service, served.change
    if service is None or not served.guarantee.protected or not (policy := _local_policy(change, service)):
        return
    keys = [key for item in served.guarantee.after.positive for key in item.workloads]
    replaced = [key for key in keys if _replaces_pods(change, key)]
    if any(key.kind == "DaemonSet" and key not in replaced for key in keys):
        return
    balanced = policy == OUTSIDE and _specs(change, service)[1].get("type") == "LoadBalancer"
    for key in replaced:
        if key.kind == "DaemonSet" and not _takes_the_old_pod_first(change.target.workloads[key]):
            continue
        if balanced:
            yield _left_node(served, service, key)
        elif key.kind != "DaemonSet":
            yield _other_nodes(served, service, key, policy)
        else:
            yield _empty_node(served, service, key, policy)


def _specs(change: Change, service: Key) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    live, target = (
        mapping_or_empty(side.objects.get(service, {}).get("spec")) for side in (change.live, change.target)
    )
    return live, target


def _local_policy(change: Change, service: Key) -> str:
    """The policy Local that stood there before; that one comes, the entries of the Service say. Empty: none."""
    both = _specs(change, service)
    kept = (policy for policy in (INSIDE, OUTSIDE) if all(spec.get(policy) == "Local" for spec in both))
    return next((policy for policy in kept if policy == INSIDE or all(map(lets_clients_in, both))), "")


def _replaces_pods(change: Change, key: Key) -> bool:
    old, new = change.live.workloads.get(key), change.target.workloads.get(key)
    return old is not None and new is not None and old.template is not new.template


def _takes_the_old_pod_first(workload: WorkloadFacts) -> bool:
    return not statefulset.waits_for_deletion(workload) and statefulset.update_max_unavailable(workload, 1) > 0


def _empty_node(served: ServedClass, service: Key, key: Key, policy: str) -> PropertyBreach:
    return PropertyBreach(
        "backend-empty",
        PROPERTY,
        f"{service.kind} {service.name} keeps requests for {served.guarantee.request} on their node ({policy}: Local), "
        f"and {key} leaves a node without a ready pod while it replaces the one there",
        (service, key),
        SURGE_HELP.format(key),
        cut=served.change.moment(key),
        request=served.guarantee.request,
    )


def _other_nodes(served: ServedClass, service: Key, key: Key, policy: str) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key} is rolled out behind {service}, which keeps requests on their node ({policy}: Local). Not judged: "
        "whether its new pods come to the nodes of the old ones",
        (service, key),
        CLUSTER_HELP.format(policy),
        "warning",
        served.change.moment(key),
    )


def _left_node(served: ServedClass, service: Key, key: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key} is rolled out behind {service}, which keeps requests on their node ({OUTSIDE}: Local). Not judged: "
        "whether its load balancer leaves a node before the last pod there has ended",
        (service, key),
        BALANCED_HELP,
        "warning",
        served.change.moment(key),
    )
