"""Service: Kubernetes, pkg/apis/core/types.go `ServiceSpec`, and what kube-proxy and load balancers do with it."""

from __future__ import annotations

from compiler.model.classification import Inert, Items, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

ENTRY = "from where, and at which nodes, requests from outside are admitted"
ADDRESS = "at which address clients reach the Service"
OPENED = Modeled("available: at which addresses clients from outside are admitted, and from which ones")
SPREAD = Inert("Kubernetes, docs/reference/networking/virtual-ips.md: which of the ready pods answers")


def _becomes_another(old: object, new: object) -> bool:
    """Whether both sides say it: what is left out is kept as it was given, or is given anew."""
    return bool(old and new)


TABLE = KindTable(
    "",
    "Service",
    versions=("v1",),
    influence="which pods its clients reach",
    fields={
        "metadata": ROUTE_METADATA,
        "spec": {
            "allocateLoadBalancerNodePorts": Unjudged(ENTRY, default=True, alone=False),
            "clusterIP": Modeled("accepted: it cannot be changed; a manifest without it keeps the old value"),
            "clusterIPs": Modeled("accepted: most changes are refused"),
            "externalIPs": OPENED,
            "externalName": Unjudged("where its name leads", matters=_becomes_another, alone=False),
            "externalTrafficPolicy": OPENED,
            "healthCheckNodePort": Unjudged(ENTRY, alone=False),
            "internalTrafficPolicy": OPENED,
            "ipFamilies": Unjudged(ADDRESS, matters=_becomes_another, alone=False),
            "ipFamilyPolicy": Unjudged(ADDRESS, matters=_becomes_another, alone=False),
            "loadBalancerClass": Unjudged(ENTRY, alone=False),
            "loadBalancerIP": Unjudged(ADDRESS, alone=False),
            "loadBalancerSourceRanges": OPENED,
            "ports": Items(
                {
                    "appProtocol": Unjudged("whether proxies use the protocol that the pods expect", alone=False),
                    "name": Modeled("available: routes and pods name it"),
                    "nodePort": Modeled("available, accepted: at which port of the nodes clients reach the Service"),
                    "port": Modeled("available"),
                    "protocol": Modeled("available, accepted"),
                    "targetPort": Modeled("available"),
                },
                by=("port", "protocol"),
            ),
            "publishNotReadyAddresses": Modeled("available: pods that are not ready get requests"),
            "selector": Modeled("available, contract, capacity"),
            "sessionAffinity": SPREAD,
            "sessionAffinityConfig": SPREAD,
            "trafficDistribution": SPREAD,
            "type": OPENED,
        },
    },
)
