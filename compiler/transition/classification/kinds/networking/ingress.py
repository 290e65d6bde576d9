"""Ingress: Kubernetes, pkg/apis/networking/types.go `IngressSpec`; ingress-nginx, internal/ingress/controller."""

from __future__ import annotations

from compiler.transition.classification.fields import FieldTable, Items, KindTable, Modelled, Unproven
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

ROUTES = Modelled("available, contract, capacity")
RESOURCE = Unproven("what answers instead of a Service")
BACKEND: FieldTable = {"service": ROUTES, "resource": RESOURCE}
TABLE = KindTable(
    "networking.k8s.io",
    "Ingress",
    versions=("networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"),
    influence="which requests are answered by whom",
    fields={
        "metadata": ROUTE_METADATA,
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
            "tls": Items(
                {
                    "hosts": Unproven("whether the hosts are served by HTTPS, and with which certificate", new=False),
                    "secretName": Modelled("config: certificates"),
                },
                by=("secretName",),
            ),
        },
    },
)
