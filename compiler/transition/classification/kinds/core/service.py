"""Service: Kubernetes, pkg/apis/core/types.go `ServiceSpec`, and what kube-proxy and load balancers do with it."""

from __future__ import annotations

from compiler.model.classification import Inert, Items, KindTable, Modelled, Unjudged
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

ENTRY = "from where, and at which nodes, requests from outside are let in"
ADDRESS = "at which address clients reach the Service"
SPREAD = Inert("Kubernetes, docs/reference/networking/virtual-ips.md: which of the ready pods answers")


def _entry_lost(old: object, new: object) -> bool:
    """Whether an entry from outside is given up; what becomes of an ExternalName is judged with its routes."""
    rank = {"ClusterIP": 0, "NodePort": 1, "LoadBalancer": 2}
    before, after = rank.get(str(old or "ClusterIP"), -1), rank.get(str(new or "ClusterIP"), -1)
    return after < before


def _becomes_another(old: object, new: object) -> bool:
    """Whether both sides say it: what is left out is kept as it was given, or is given anew."""
    return bool(old and new)


TABLE = KindTable(
    "",
    "Service",
    versions=("v1",),
    influence="who finds which pods",
    fields={
        "metadata": ROUTE_METADATA,
        "spec": {
            "allocateLoadBalancerNodePorts": Unjudged(ENTRY, default=True, alone=False),
            "clusterIP": Modelled("accepted: it cannot be changed, and what leaves it out keeps it"),
            "clusterIPs": Modelled("accepted: they can hardly be changed"),
            "externalIPs": Unjudged("which addresses lead to the Service"),
            "externalName": Unjudged("where the name leads", matters=_becomes_another, alone=False),
            "externalTrafficPolicy": Unjudged(ENTRY, default="Cluster", alone=False),
            "healthCheckNodePort": Unjudged(ENTRY, alone=False),
            "internalTrafficPolicy": Unjudged(
                "whether pods on other nodes answer clients in the cluster", default="Cluster", alone=False
            ),
            "ipFamilies": Unjudged(ADDRESS, matters=_becomes_another, alone=False),
            "ipFamilyPolicy": Unjudged(ADDRESS, matters=_becomes_another, alone=False),
            "loadBalancerClass": Unjudged(ENTRY, alone=False),
            "loadBalancerIP": Unjudged(ADDRESS, alone=False),
            "loadBalancerSourceRanges": Unjudged(ENTRY, alone=False),
            "ports": Items(
                {
                    "appProtocol": Unjudged("whether proxies speak to the pods as these expect", alone=False),
                    "name": Modelled("available: routes and pods name it"),
                    "nodePort": Unjudged(
                        "at which port of the nodes clients reach the Service", matters=_becomes_another, alone=False
                    ),
                    "port": Modelled("available"),
                    "protocol": Modelled("available, accepted"),
                    "targetPort": Modelled("available"),
                },
                by=("port", "protocol"),
            ),
            "publishNotReadyAddresses": Modelled("available: pods that are not ready get requests"),
            "selector": Modelled("available, contract, capacity"),
            "sessionAffinity": SPREAD,
            "sessionAffinityConfig": SPREAD,
            "trafficDistribution": SPREAD,
            "type": Unjudged(ENTRY, default="ClusterIP", matters=_entry_lost, alone=False),
        },
    },
)
