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


def _is_written(_old: object, new: object) -> bool:
    """Whether the manifest has it: what is left out is kept (pkg/registry/core/service, `patchAllocatedValues`)."""
    return bool(new)


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
            "healthCheckNodePort": Unjudged(
                "whether the cluster gave the Service this number already: it refuses another one",
                matters=_is_written,
                alone=False,
                remedy="leave it out: the number stays as the cluster chose it",
            ),
            "internalTrafficPolicy": OPENED,
            "ipFamilies": Unjudged(ADDRESS, matters=_becomes_another, alone=False),
            "ipFamilyPolicy": Unjudged(ADDRESS, matters=_becomes_another, alone=False),
            "loadBalancerClass": Modeled("accepted: it cannot be changed; available: it comes and goes with the type"),
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
