"""What the verifier makes of each field of an Ingress.

Source: Kubernetes, pkg/apis/networking/types.go `IngressSpec`; ingress-nginx, internal/ingress/controller.
"""

from __future__ import annotations

from typing import Any

from compiler.model.classification import FieldTable, Items, KindTable, Modeled, Unjudged
from compiler.model.objects import list_or_empty, mapping_items

ROUTES = Modeled("available, contract, capacity")
RESOURCE = Unjudged("what answers instead of a Service")
BACKEND: FieldTable = {"service": ROUTES, "resource": RESOURCE}


def _host_lost(old: Any, new: Any) -> bool:
    """Whether a host is no longer served with a certificate; which Secret holds it is judged (`certificates`)."""
    return bool(certified_hosts(old) - certified_hosts(new))


def certified_hosts(tls: Any) -> set[str]:
    """The hosts of all entries; `*` where an entry names none."""
    return {str(host) for item in mapping_items(tls) for host in list_or_empty(item.get("hosts")) or ["*"]}


INGRESS = KindTable(
    "networking.k8s.io",
    "Ingress",
    versions=("networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"),
    influence="which pods answer which requests",
    fields={
        "spec": {
            "defaultBackend": BACKEND,
            "ingressClassName": ROUTES,
            "rules": Items(
                {
                    "host": ROUTES,
                    "http": {"paths": Items({"backend": BACKEND, "path": ROUTES, "pathType": ROUTES}, by=("path",))},
                },
                by=("host",),
            ),
            "tls": Unjudged("whether the hosts are served by HTTPS", matters=_host_lost, alone=False),
        },
    },
)
ROUTING_TABLES = (INGRESS,)
