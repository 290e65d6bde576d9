"""available, for Services that keep requests on the node that they come to, while pods there are replaced.

Source: Kubernetes, pkg/proxy/topology.go `CategorizeEndpoints` (with the policy Local, endpoints of other nodes are not
used); pkg/controller/daemon/update.go `rollingUpdate` (without maxSurge, the pod of a node goes before the next comes).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, nested_value
from compiler.transition.controllers import statefulset
from compiler.transition.facts.workload import WorkloadFacts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import Change

PROPERTY = "available"
POLICY = "internalTrafficPolicy"
SURGE_HELP = "let {} start the new pod of a node first: maxUnavailable: 0 with maxSurge: 1 in its updateStrategy"
CLUSTER_HELP = f"set {POLICY}: Cluster in an earlier commit, or let a DaemonSet make the pods"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """Errors of DaemonSets that leave a node without a pod; of others, that their pods may come to other nodes."""
    service, change = served.guarantee.request.service, served.change
    if service is None or not served.guarantee.protected or not _stays_local(change, service):
        return
    keys = [key for item in served.guarantee.after.positive for key in item.workloads]
    replaced = [key for key in keys if _replaces_pods(change, key)]
    if any(key.kind == "DaemonSet" and key not in replaced for key in keys):
        return
    for key in replaced:
        if key.kind != "DaemonSet":
            yield _other_nodes(served, service, key)
        elif _takes_the_old_pod_first(change.target.workloads[key]):
            yield _empty_node(served, service, key)


def _stays_local(change: Change, service: Key) -> bool:
    """Whether the policy stood there before; that it comes, the entries of the Service say."""
    sides = (change.live, change.target)
    return all(nested_value(side.objects.get(service, {}), "spec", POLICY) == "Local" for side in sides)


def _replaces_pods(change: Change, key: Key) -> bool:
    old, new = change.live.workloads.get(key), change.target.workloads.get(key)
    return old is not None and new is not None and old.template is not new.template


def _takes_the_old_pod_first(workload: WorkloadFacts) -> bool:
    return not statefulset.waits_for_deletion(workload) and statefulset.update_max_unavailable(workload, 1) > 0


def _empty_node(served: ServedClass, service: Key, key: Key) -> PropertyBreach:
    return PropertyBreach(
        "backend-empty",
        PROPERTY,
        f"{service.kind} {service.name} keeps requests for {served.guarantee.request} on their node ({POLICY}: Local), "
        f"and {key} leaves a node without a ready pod while it replaces the one there",
        (service, key),
        SURGE_HELP.format(key),
        cut=served.change.moment(key),
        request=served.guarantee.request,
    )


def _other_nodes(served: ServedClass, service: Key, key: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key} is rolled out behind {service}, which keeps requests on their node ({POLICY}: Local). Not judged: "
        "whether its new pods come to the nodes of the old ones",
        (service, key),
        CLUSTER_HELP,
        "warning",
        served.change.moment(key),
    )
