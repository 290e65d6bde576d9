"""Services, Ingresses, network policies: k8s.io/kubernetes/pkg/apis/{core,networking}/validation."""

from __future__ import annotations

from compiler.validate.tighten.words import (
    DNS_1035,
    DNS_LABEL,
    DNS_SUBDOMAIN,
    HOST,
    LABEL_VALUE,
    PORT,
    PORT_NAME,
    PORT_OR_NAME,
    QUALIFIED_NAME,
    Schema,
    between,
    exactly_one,
    one_of,
    text,
)

_PROTOCOL = one_of("TCP", "UDP", "SCTP")
_CIDR = text(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}/[0-9]{1,2}|[0-9a-fA-F:.]+/[0-9]{1,3}", "a CIDR such as `10.0.0.0/8`")

FIELDS: dict[str, dict[str, Schema]] = {
    "core.v1.ServiceSpec": {
        "type": one_of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
        "sessionAffinity": one_of("None", "ClientIP"),
        "externalTrafficPolicy": one_of("Cluster", "Local"),
        "internalTrafficPolicy": one_of("Cluster", "Local"),
        "ipFamilyPolicy": one_of("SingleStack", "PreferDualStack", "RequireDualStack"),
        "ipFamilies[]": one_of("IPv4", "IPv6"),
        "selector{key}": QUALIFIED_NAME,
        "selector{}": LABEL_VALUE,
    },
    "core.v1.ServicePort": {
        "port": PORT,
        "nodePort": PORT,
        "targetPort": PORT_OR_NAME,
        "protocol": _PROTOCOL,
        "name": DNS_LABEL,
        "appProtocol": QUALIFIED_NAME,
    },
    "core.v1.ClientIPConfig": {"timeoutSeconds": between(1, 86400)},
    "networking.v1.IngressSpec": {"ingressClassName": DNS_SUBDOMAIN},
    "networking.v1.IngressRule": {"host": HOST},
    "networking.v1.IngressTLS": {"hosts[]": HOST, "secretName": DNS_SUBDOMAIN},
    "networking.v1.HTTPIngressRuleValue": {"paths": {"minItems": 1}},
    "networking.v1.HTTPIngressPath": {
        "pathType": one_of("Exact", "Prefix", "ImplementationSpecific"),
        "path": text("/.*", "a path that begins with `/`"),
    },
    "networking.v1.IngressServiceBackend": {"name": DNS_1035},
    "networking.v1.ServiceBackendPort": {"number": PORT, "name": PORT_NAME},
    "networking.v1.NetworkPolicySpec": {"policyTypes[]": one_of("Ingress", "Egress")},
    "networking.v1.NetworkPolicyPort": {"protocol": _PROTOCOL, "port": PORT_OR_NAME, "endPort": PORT},
    "networking.v1.IPBlock": {"cidr": _CIDR, "except[]": _CIDR},
}

RULES: dict[str, tuple[Schema, ...]] = {
    "networking.v1.IngressBackend": (exactly_one("a backend", "service", "resource"),),
    "networking.v1.ServiceBackendPort": (exactly_one("a backend's port", "number", "name"),),
}
