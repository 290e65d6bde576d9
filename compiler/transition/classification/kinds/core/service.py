"""Service: Kubernetes, pkg/apis/core/types.go `ServiceSpec`, and what kube-proxy and load balancers do with it."""

from __future__ import annotations

from compiler.transition.classification.fields import Inert, Items, KindTable, Modelled, Unproven
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

ENTRY = "from where, and at which nodes, requests from outside are let in"
ADDRESS = "at which address clients reach the Service"
SPREAD = Inert("Kubernetes, docs/reference/networking/virtual-ips.md: which of the ready pods answers")


def _entry_lost(old: object, new: object) -> bool:
    """Whether an entry from outside, or the cluster's own address, is given up or becomes another."""
    rank = {"ClusterIP": 0, "NodePort": 1, "LoadBalancer": 2}
    before, after = rank.get(str(old or "ClusterIP"), -1), rank.get(str(new or "ClusterIP"), -1)
    return before < 0 or after < before


def _turned_headless(old: object, new: object) -> bool:
    """Whether the name comes to lead to the pods themselves, or no longer does."""
    return (old == "None") != (new == "None")


TABLE = KindTable(
    "",
    "Service",
    versions=("v1",),
    influence="who finds which pods",
    fields={
        "metadata": ROUTE_METADATA,
        "spec": {
            "allocateLoadBalancerNodePorts": Unproven(ENTRY, default=True, new=False),
            "clusterIP": Unproven(ADDRESS, matters=_turned_headless, new=False),
            "clusterIPs": Modelled("accepted: they can hardly be changed"),
            "externalIPs": Unproven("which addresses lead to the Service"),
            "externalName": Unproven("where the name leads", new=False),
            "externalTrafficPolicy": Unproven(ENTRY, default="Cluster", new=False),
            "healthCheckNodePort": Unproven(ENTRY, new=False),
            "internalTrafficPolicy": Unproven(
                "whether pods on other nodes answer clients in the cluster", default="Cluster", new=False
            ),
            "ipFamilies": Unproven(ADDRESS, matters=lambda old, new: bool(old and new), new=False),
            "ipFamilyPolicy": Unproven(ADDRESS, matters=lambda old, new: bool(old and new), new=False),
            "loadBalancerClass": Unproven(ENTRY, new=False),
            "loadBalancerIP": Unproven(ADDRESS, new=False),
            "loadBalancerSourceRanges": Unproven(ENTRY, new=False),
            "ports": Items(
                {
                    "appProtocol": Unproven("whether proxies speak to the pods as these expect", new=False),
                    "name": Modelled("available: routes and pods name it"),
                    "nodePort": Unproven("at which port of the nodes clients reach the Service", new=False),
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
            "type": Unproven(ENTRY, default="ClusterIP", matters=_entry_lost, new=False),
        },
    },
)
