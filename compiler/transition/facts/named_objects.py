"""Which objects routes of others, policies and webhooks name; what a provider's own objects name stands in its folder.

Source: Traefik, pkg/provider/kubernetes/crd/traefikio/v1alpha1; Istio, networking/v1 `Destination`; Contour,
apis/projectcontour/v1; Kubernetes, pkg/apis/admissionregistration and apiregistration.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    NamedObject,
    annotations_of,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
)
from compiler.traffic import PACKAGES
from compiler.traffic.reader import ReferenceReader
from compiler.traffic.readers import provider_references
from compiler.transition.facts.workload import referenced_workload

TRAEFIK_GROUPS = ("traefik.io", "traefik.containo.us")
STREAM_TARGET = re.compile(r"(?P<place>[a-z0-9-]+)/(?P<name>[a-z0-9-]+):[a-z0-9-]+")
CSI_PREFIX = "csi.storage.k8s.io/"
VOLUME_SECRETS = frozenset(
    {
        "controllerExpandSecretRef", "controllerPublishSecretRef", "nodeExpandSecretRef", "nodePublishSecretRef",
        "nodeStageSecretRef", "secretRef",
    }
)  # fmt: skip
PLUGIN_ROUTES = {"GRPCRoute": "grpcRoute", "HTTPRoute": "httpRoute", "TCPRoute": "tcpRoute", "TLSRoute": "tlsRoute"}
"""The routes that Argo Rollouts' plugin for Gateway API writes, and the fields that name them."""
TRAEFIK_MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares"


def named_objects(obj: Object, key: Key) -> frozenset[NamedObject]:
    """The objects that `obj` cannot do without; none of kinds whose references nobody reads."""
    readers = (table.get(key[:2]) for table in (READERS, provider_references()))
    return frozenset(named for reader in readers if reader is not None for named in reader(key, obj))


def naming_kinds() -> frozenset[str]:
    """The kinds of which it is known what they name."""
    return _naming_kinds(tuple(PACKAGES))


@lru_cache(maxsize=16)
def _naming_kinds(_providers: tuple[str, ...]) -> frozenset[str]:
    return frozenset(kind for table in (READERS, provider_references()) for _, kind in table)


def _service(name: Any, namespace: Any) -> NamedObject:
    return NamedObject(Key("", "Service", str(namespace), str(name)))


def _secret(name: Any, namespace: Any) -> NamedObject:
    return NamedObject(Key("", "Secret", str(namespace), str(name)))


def _ingress_middlewares(_: Key, obj: Object) -> Iterator[NamedObject]:
    for full in str(annotations_of(obj).get(TRAEFIK_MIDDLEWARES) or "").split(","):
        yield from _middlewares_of_text(full.strip())


def _middlewares_of_text(text: str) -> Iterator[NamedObject]:
    """`NAMESPACE-NAME@kubernetescrd`: both may hold dashes, so each way to part them counts, of Middlewares known."""
    names = text.partition("@kubernetescrd")[0].split("-") if "@kubernetescrd" in text else []
    for cut in range(1, len(names)):
        for group in TRAEFIK_GROUPS:
            place = Key(group, "Middleware", "-".join(names[:cut]), "-".join(names[cut:]))
            yield NamedObject(place, outside=True)


def _traefik_services(key: Key, parts: Any) -> Iterator[NamedObject]:
    for part in mapping_items(parts):
        kind = str(part.get("kind") or "Service")
        place = str(part.get("namespace") or key.namespace)
        yield NamedObject(Key("" if kind == "Service" else key.group, kind, place, str(part.get("name"))))


def _ingress_route(key: Key, obj: Object) -> Iterator[NamedObject]:
    for rule in mapping_items(nested_value(obj, "spec", "routes")):
        yield from _traefik_services(key, rule.get("services"))
        for each in mapping_items(rule.get("middlewares")):
            kind = "MiddlewareTCP" if key.kind.endswith("TCP") else "Middleware"
            place = str(each.get("namespace") or key.namespace)
            yield NamedObject(Key(key.group, kind, place, str(each.get("name"))))
    secret = nested_value(obj, "spec", "tls", "secretName")
    if secret:
        yield _secret(secret, key.namespace)


def _traefik_service(key: Key, obj: Object) -> Iterator[NamedObject]:
    mirroring = mapping_or_empty(nested_value(obj, "spec", "mirroring"))
    yield from _traefik_services(key, nested_value(obj, "spec", "weighted", "services"))
    yield from _traefik_services(key, mirroring.get("mirrors"))
    yield from _traefik_services(key, [mirroring] if mirroring.get("name") else [])


def _middleware(key: Key, obj: Object) -> Iterator[NamedObject]:
    spec = mapping_or_empty(obj.get("spec"))
    for way in ("basicAuth", "digestAuth"):
        if nested_value(spec, way, "secret"):
            yield _secret(nested_value(spec, way, "secret"), key.namespace)
    for each in mapping_items(nested_value(spec, "chain", "middlewares")):
        place = str(each.get("namespace") or key.namespace)
        yield NamedObject(Key(key.group, "Middleware", place, str(each.get("name"))))
    service = mapping_or_empty(nested_value(spec, "errors", "service"))
    yield from _traefik_services(key, [service] if service else [])


def _virtual_service(key: Key, obj: Object) -> Iterator[NamedObject]:
    """Whom it leads to; a mirror that is nowhere gets no copies, and costs no request its answer.

    Source: Envoy, source/common/router/shadow_writer_impl.cc `getThreadLocalCluster`.
    """
    for way in ("http", "tls", "tcp"):
        for rule in mapping_items(nested_value(obj, "spec", way)):
            routed = [nested_value(item, "destination") for item in mapping_items(rule.get("route"))]
            hosts = [nested_value(item, "host") for item in routed]
            yield from (each for host in hosts if host for each in _mesh_host(str(host), key.namespace))


def _mesh_host(host: str, namespace: str) -> Iterator[NamedObject]:
    """A short name is a Service of the object's namespace; `name.namespace.svc…` says both; others may be anywhere."""
    parts = host.split(".")
    if len(parts) == 1:
        yield _service(parts[0], namespace)
    elif parts[2:3] == ["svc"]:
        yield _service(parts[0], parts[1])


def _http_proxy(key: Key, obj: Object) -> Iterator[NamedObject]:
    spec = mapping_or_empty(obj.get("spec"))
    for holder in (*mapping_items(spec.get("routes")), mapping_or_empty(spec.get("tcpproxy"))):
        yield from (_service(each.get("name"), key.namespace) for each in mapping_items(holder.get("services")))
    for each in mapping_items(spec.get("includes")):
        yield NamedObject(Key(key.group, key.kind, str(each.get("namespace") or key.namespace), str(each.get("name"))))


def _webhooks(_: Key, obj: Object) -> Iterator[NamedObject]:
    for hook in mapping_items(obj.get("webhooks")):
        service = mapping_or_empty(nested_value(hook, "clientConfig", "service"))
        if service and hook.get("failurePolicy", "Fail") == "Fail":
            yield _service(service.get("name"), service.get("namespace"))


def _converted_definition(_: Key, obj: Object) -> Iterator[NamedObject]:
    """The Service that converts its objects: without it, none of another version can be read or written."""
    service = mapping_or_empty(nested_value(obj, "spec", "conversion", "webhook", "clientConfig", "service"))
    if service:
        yield _service(service.get("name"), service.get("namespace"))


def _api_service(_: Key, obj: Object) -> Iterator[NamedObject]:
    service = mapping_or_empty(nested_value(obj, "spec", "service"))
    if service:
        yield _service(service.get("name"), service.get("namespace"))


def _rollout(key: Key, obj: Object) -> Iterator[NamedObject]:
    """The Services and analyses of its strategy, and the workload whose template it takes: without one of them it is
    InvalidSpec, and stops (rollout/controller.go).
    """
    owner = referenced_workload(obj, key)
    if owner is not None:
        yield NamedObject(owner, serves=False)
    for way in ("canary", "blueGreen"):
        strategy = mapping_or_empty(nested_value(obj, "spec", "strategy", way))
        for name in _services_of_strategy(strategy):
            yield _service(name, key.namespace)._replace(serves=False)
        yield from _traffic_routing(key, mapping_or_empty(strategy.get("trafficRouting")))
        for analysis in _analyses(strategy):
            for each in mapping_items(analysis.get("templates")):
                cluster = each.get("clusterScope") is True
                place = "" if cluster else key.namespace
                kind = "ClusterAnalysisTemplate" if cluster else "AnalysisTemplate"
                named = Key(key.group, kind, place, str(each.get("templateName")))
                yield NamedObject(named, outside=cluster, serves=False)


def _services_of_strategy(strategy: Mapping[str, Any]) -> Iterator[object]:
    """The Services whose selectors the controller writes, or before which it divides (an ALB's root)."""
    paths = (
        *((name,) for name in ("stableService", "canaryService", "activeService", "previewService")),
        *(("pingPong", name) for name in ("pingService", "pongService")),
        ("trafficRouting", "alb", "rootService"),
    )
    yield from filter(None, (nested_value(strategy, *path) for path in paths))


def _traffic_routing(key: Key, routing: Mapping[str, Any]) -> Iterator[NamedObject]:
    """What the controller writes shares into (Argo Rollouts, rollout/trafficrouting; its plugin for Gateway API)."""
    plugin = mapping_or_empty(nested_value(routing, "plugins", "argoproj-labs/gatewayAPI"))
    istio, nginx, alb = (mapping_or_empty(routing.get(name)) for name in ("istio", "nginx", "alb"))
    meshed = [mapping_or_empty(istio.get("virtualService")), *mapping_items(istio.get("virtualServices"))]
    ingresses = [nginx.get("stableIngress"), *list_or_empty(nginx.get("stableIngresses")), alb.get("ingress")]
    weighted = nested_value(routing, "traefik", "weightedTraefikServiceName")
    written = [
        *(("networking.istio.io", "VirtualService", each.get("name")) for each in meshed),
        ("networking.istio.io", "DestinationRule", nested_value(istio, "destinationRule", "name")),
        *(
            ("gateway.networking.k8s.io", kind, name)
            for kind, field in PLUGIN_ROUTES.items()
            for name in (plugin.get(field), *(each.get("name") for each in mapping_items(plugin.get(f"{field}s"))))
        ),
        *(("networking.k8s.io", "Ingress", name) for name in (*ingresses, *list_or_empty(alb.get("ingresses")))),
        ("traefik.io", "TraefikService", weighted),
    ]
    for group, kind, text in written:
        name, _, place = str(text or "").partition(".") if kind == "VirtualService" else (str(text or ""), "", "")
        space = str(plugin.get("namespace") or key.namespace) if kind in PLUGIN_ROUTES else place or key.namespace
        if name:
            yield NamedObject(Key(group, kind, space, name), outside=True, serves=False)


def _analyses(strategy: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The analyses of a Rollout's strategy: beside it, at a step, before and after the promotion."""
    steps = (step.get("analysis") for step in mapping_items(strategy.get("steps")))
    beside = (strategy.get(name) for name in ("analysis", "prePromotionAnalysis", "postPromotionAnalysis"))
    yield from map(mapping_or_empty, (*beside, *steps))


def _volume(_: Key, obj: Object) -> Iterator[NamedObject]:
    """The Secrets without which no node mounts it (Kubernetes, pkg/apis/core/types.go `PersistentVolumeSource`)."""
    for source in mapping_or_empty(obj.get("spec")).values():
        for field, reference in source.items() if isinstance(source, dict) else ():
            if field in VOLUME_SECRETS and isinstance(reference, dict) and reference.get("namespace"):
                yield _secret(reference.get("name"), reference["namespace"])._replace(outside=True)


def _storage_class(_: Key, obj: Object) -> Iterator[NamedObject]:
    """The Secrets of its volumes (external-provisioner, pkg/controller `getSecretReference`); not those of patterns."""
    parameters = mapping_or_empty(obj.get("parameters"))
    for name, value in parameters.items():
        place = parameters.get(f"{str(name).removesuffix('-name')}-namespace")
        named = str(name).startswith(CSI_PREFIX) and str(name).endswith("-secret-name")
        if named and place and "$" not in f"{value}{place}":
            yield _secret(value, place)._replace(outside=True)


def _stateful_set(key: Key, obj: Object) -> Iterator[NamedObject]:
    """Its governing Service, by which its pods have names (Kubernetes, docs/concepts/workloads/controllers)."""
    name = nested_value(obj, "spec", "serviceName")
    if name:
        yield _service(name, key.namespace)._replace(outside=True)


def _external_name(_: Key, obj: Object) -> Iterator[NamedObject]:
    """The Service of the cluster whose name one of type ExternalName gives its clients (Kubernetes, service.md)."""
    spec = mapping_or_empty(obj.get("spec"))
    name, place, *domain = (*str(spec.get("externalName") or "").rstrip(".").split("."), "", "")
    if spec.get("type") == "ExternalName" and domain[:1] == ["svc"]:
        yield _service(name, place)._replace(outside=True)


def _stream_services(_: Key, obj: Object) -> Iterator[NamedObject]:
    """The Services to which ingress-nginx leads ports of its own, where a ConfigMap has the form that it reads.

    Source: ingress-nginx, docs/user-guide/exposing-tcp-udp-services.md (`PORT: NAMESPACE/SERVICE:PORT`).
    """
    entries = mapping_or_empty(obj.get("data"))
    targets = [STREAM_TARGET.match(str(text)) for text in entries.values()]
    if all(str(port).isdigit() for port in entries):
        yield from (_service(each["name"], each["place"])._replace(outside=True) for each in targets if each)


def _in_groups(groups: Iterable[str], readers: Mapping[str, ReferenceReader]) -> dict[tuple[str, str], ReferenceReader]:
    return {(group, kind): reader for group in groups for kind, reader in readers.items()}


READERS: Mapping[tuple[str, str], ReferenceReader] = {
    **_in_groups(
        TRAEFIK_GROUPS,
        {
            "IngressRoute": _ingress_route,
            "IngressRouteTCP": _ingress_route,
            "IngressRouteUDP": _ingress_route,
            "TraefikService": _traefik_service,
            "Middleware": _middleware,
        },
    ),
    ("", "ConfigMap"): _stream_services,
    ("", "PersistentVolume"): _volume,
    ("", "Service"): _external_name,
    ("networking.istio.io", "VirtualService"): _virtual_service,
    ("projectcontour.io", "HTTPProxy"): _http_proxy,
    ("networking.k8s.io", "Ingress"): _ingress_middlewares,
    ("argoproj.io", "Rollout"): _rollout,
    ("apps", "StatefulSet"): _stateful_set,
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): _webhooks,
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): _webhooks,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _converted_definition,
    ("apiregistration.k8s.io", "APIService"): _api_service,
    ("storage.k8s.io", "StorageClass"): _storage_class,
}
