"""Services, Ingresses, network policies: k8s.io/kubernetes/pkg/apis/{core,networking}/validation."""

from __future__ import annotations

from compiler.validate.tighten.constraints import (
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
    enum_constraint,
    exactly_one,
    number_between,
    required_fields,
    text_constraint,
)

_PROTOCOL = enum_constraint("TCP", "UDP", "SCTP")
_CIDR = text_constraint(
    r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}/[0-9]{1,2}|[0-9a-fA-F:.]+/[0-9]{1,3}", "a CIDR such as `10.0.0.0/8`"
)

FIELDS: dict[str, dict[str, Schema]] = {
    "core.v1.ServiceSpec": {
        "type": enum_constraint("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
        "sessionAffinity": enum_constraint("None", "ClientIP"),
        "externalTrafficPolicy": enum_constraint("Cluster", "Local"),
        "internalTrafficPolicy": enum_constraint("Cluster", "Local"),
        "ipFamilyPolicy": enum_constraint("SingleStack", "PreferDualStack", "RequireDualStack"),
        "ipFamilies[]": enum_constraint("IPv4", "IPv6"),
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
    "core.v1.ClientIPConfig": {"timeoutSeconds": number_between(1, 86400)},
    "discovery.v1.EndpointSlice": {"": required_fields("addressType")},
    "networking.v1.IngressClass": {"": required_fields("spec")},
    "networking.v1.IngressClassSpec": {"": required_fields("controller")},
    "networking.v1.IngressSpec": {"ingressClassName": DNS_SUBDOMAIN},
    "networking.v1.IngressRule": {"host": HOST},
    "networking.v1.IngressTLS": {"hosts[]": HOST, "secretName": DNS_SUBDOMAIN},
    "networking.v1.HTTPIngressRuleValue": {"paths": {"minItems": 1}},
    "networking.v1.HTTPIngressPath": {
        "pathType": enum_constraint("Exact", "Prefix", "ImplementationSpecific"),
        "path": text_constraint("/.*", "a path that begins with `/`"),
    },
    "networking.v1.IngressServiceBackend": {"name": DNS_1035},
    "networking.v1.ServiceBackendPort": {"number": PORT, "name": PORT_NAME},
    "networking.v1.NetworkPolicySpec": {"policyTypes[]": enum_constraint("Ingress", "Egress")},
    "networking.v1.NetworkPolicyPort": {"protocol": _PROTOCOL, "port": PORT_OR_NAME, "endPort": PORT},
    "networking.v1.IPBlock": {"cidr": _CIDR, "except[]": _CIDR},
}

RULES: dict[str, tuple[Schema, ...]] = {
    "networking.v1.IngressBackend": (exactly_one("a backend", "service", "resource"),),
    "networking.v1.ServiceBackendPort": (exactly_one("a backend's port", "number", "name"),),
}
