"""Which objects routes and policies of the Gateway API name, beside the Services of HTTPRoutes.

Source: Gateway API, apis/v1 (`HTTPRouteFilter`, `BackendTLSPolicyValidation`); Envoy Gateway, api/v1alpha1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import INFERENCE_POOLS, Key, NamedObject, mapping_items, mapping_or_empty, nested_value
from compiler.traffic.gateway_api.routes import GROUP
from compiler.traffic.reader import ReferenceReader


def named_by_reference(ref: Any, namespace: str, group: str = "", kind: str = "Service") -> Iterator[NamedObject]:
    """What a reference of the Gateway API names: a Service where it says nothing else."""
    part = mapping_or_empty(ref)
    if part.get("name"):
        place = str(part.get("namespace") or namespace)
        yield NamedObject(
            Key(str(part.get("group", group) or ""), str(part.get("kind") or kind), place, str(part["name"]))
        )


def named_by_each(parts: Any, namespace: str, **default: str) -> Iterator[NamedObject]:
    for part in mapping_items(parts):
        yield from named_by_reference(part, namespace, **default)


def filters(holder: Mapping[str, Any], namespace: str) -> Iterator[NamedObject]:
    for item in mapping_items(holder.get("filters")):
        yield from named_by_reference(item.get("extensionRef"), namespace)
        yield from named_by_reference(nested_value(item, "requestMirror", "backendRef"), namespace)
        yield from named_by_reference(nested_value(item, "externalAuth", "backendRef"), namespace)


def httproute_references(key: Key, obj: Object) -> Iterator[NamedObject]:
    for rule in mapping_items(nested_value(obj, "spec", "rules")):
        for holder in (rule, *mapping_items(rule.get("backendRefs"))):
            yield from filters(holder, key.namespace)


def other_route(key: Key, obj: Object) -> Iterator[NamedObject]:
    yield from httproute_references(key, obj)
    for rule in mapping_items(nested_value(obj, "spec", "rules")):
        yield from named_by_each(rule.get("backendRefs"), key.namespace)


def backend_tls_policy(key: Key, obj: Object) -> Iterator[NamedObject]:
    refs = nested_value(obj, "spec", "validation", "caCertificateRefs")
    yield from named_by_each(refs, key.namespace, kind="ConfigMap")


def security_policy(key: Key, obj: Object) -> Iterator[NamedObject]:
    spec = mapping_or_empty(obj.get("spec"))
    for way in ("http", "grpc"):
        part = mapping_or_empty(nested_value(spec, "extAuth", way))
        yield from named_by_each(part.get("backendRefs"), key.namespace)
        yield from named_by_reference(part.get("backendRef"), key.namespace)
    for provider in mapping_items(nested_value(spec, "jwt", "providers")):
        yield from named_by_each(nested_value(provider, "remoteJWKS", "backendRefs"), key.namespace)
    yield from named_by_reference(nested_value(spec, "basicAuth", "users"), key.namespace, kind="Secret")
    yield from named_by_reference(nested_value(spec, "oidc", "clientSecret"), key.namespace, kind="Secret")
    yield from named_by_each(nested_value(spec, "apiKeyAuth", "credentialRefs"), key.namespace, kind="Secret")


def gateway(key: Key, obj: Object) -> Iterator[NamedObject]:
    """Its class, and its parameters and certificates of authorities: it is not programmed without them."""
    spec = mapping_or_empty(obj.get("spec"))
    yield NamedObject(Key(GROUP, "GatewayClass", "", str(spec.get("gatewayClassName"))))
    listeners = [mapping_or_empty(item.get("tls")) for item in mapping_items(spec.get("listeners"))]
    places = [mapping_or_empty(nested_value(spec, "tls", "frontend", "default"))]
    places += [
        mapping_or_empty(item.get("tls")) for item in mapping_items(nested_value(spec, "tls", "frontend", "perPort"))
    ]
    validations = [*(tls.get("frontendValidation") for tls in listeners), *(each.get("validation") for each in places)]
    authorities = [mapping_or_empty(each).get("caCertificateRefs") for each in validations]
    for named in (
        *named_by_reference(nested_value(spec, "infrastructure", "parametersRef"), key.namespace, kind="ConfigMap"),
        *named_by_reference(nested_value(spec, "tls", "backend", "clientCertificateRef"), key.namespace, kind="Secret"),
        *(each for refs in authorities for each in named_by_each(refs, key.namespace, kind="ConfigMap")),
    ):
        yield named._replace(outside=True)


def gateway_class(_: Key, obj: Object) -> Iterator[NamedObject]:
    for named in named_by_reference(nested_value(obj, "spec", "parametersRef"), ""):
        yield named._replace(outside=True)


def inference_pool(key: Key, obj: Object) -> Iterator[NamedObject]:
    """Who picks the pod of each request: without an answer the gateway refuses it (`failureMode`, FailClose)."""
    for field in ("endpointPickerRef", "extensionRef"):
        yield from named_by_reference(nested_value(obj, "spec", field), key.namespace)


REFERENCES: Final[Mapping[tuple[str, str], ReferenceReader]] = {
    (GROUP, "HTTPRoute"): httproute_references,
    (GROUP, "GRPCRoute"): httproute_references,
    **dict.fromkeys(((GROUP, kind) for kind in ("TCPRoute", "TLSRoute", "UDPRoute")), other_route),
    (GROUP, "BackendTLSPolicy"): backend_tls_policy,
    (GROUP, "Gateway"): gateway,
    (GROUP, "GatewayClass"): gateway_class,
    ("gateway.envoyproxy.io", "SecurityPolicy"): security_policy,
    **dict.fromkeys(INFERENCE_POOLS, inference_pool),
}
