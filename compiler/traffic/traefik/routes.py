"""IngressRoutes: which requests their routers take, which router wins, and to whom it leads.

Source: Traefik, pkg/provider/kubernetes/crd/kubernetes_http.go (`loadIngressRouteConfiguration`: a router for each
route, which is left out where one of its Services cannot be used) and pkg/muxer/http/mux.go
(`GetRulePriority`: the length of the rule, where none is written).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    class_name_of,
    integer_or_default,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
)
from compiler.model.request import BackendRef, Pairs, RouteAction, RouteMatch
from compiler.traffic.reader import Route
from compiler.traffic.traefik.rules import ReadRule, read_rule

GROUPS: Final = ("traefik.io", "traefik.containo.us")
FIRST_GROUP: Final = "traefik.containo.us"
"""That of version 2 alone (Traefik, docs/content/migrate/v2-to-v3.md)."""
DEFAULT_STRATEGIES: Final = (None, "", "RoundRobin")
"""Of these each says the same (kubernetes_http.go `buildServersLB`)."""
SERVICE_FIELDS: Final = frozenset({"kind", "name", "port", "weight", "sticky"})
"""Those that decide who answers, or which of the ready pods."""
MIDDLEWARES: Final = "middlewares"
ROUTE_FIELDS: Final = frozenset({"kind", "match", "priority", "services", "observability", "syntax", "middlewares"})


class RouterRule(NamedTuple):
    """A router: any of its matches leads to its answer, unless another router has a greater priority."""

    matches: tuple[RouteMatch, ...]
    priority: int
    answer: RouteAction


@dataclass(frozen=True, slots=True, eq=False)
class IngressRouteFacts(Route):
    """The facts of one IngressRoute; without entry points it hangs on all of them."""

    entry_points: tuple[str, ...]
    encrypted: bool
    rules: tuple[RouterRule, ...]

    @property
    def reach(self) -> tuple[object, ...]:
        ranked = tuple((rule.matches, rule.priority) for rule in self.rules)
        return ranked, self.entry_points, self.encrypted


def read_ingress_route(obj: Object, key: Key) -> IngressRouteFacts:
    """The facts of an IngressRoute of which nothing is unread."""
    spec = mapping_or_empty(obj.get("spec"))
    beside = tuple(_beside(obj))
    rules = tuple(_router_rule(route, key, beside) for route in mapping_items(spec.get("routes")))
    backends = [backend for rule in rules for backend in rule.answer.backends]
    secret = nested_value(spec, "tls", "secretName")
    return IngressRouteFacts(
        key,
        tuple(dict.fromkeys(match for rule in rules for match in rule.matches)),
        tuple((backend.service, backend.weight > 0) for backend in backends),
        frozenset(backend.service for backend in backends if backend.weight),
        frozenset(),
        frozenset({Key("", "Secret", key.namespace, str(secret))} if secret else ()),
        False,
        tuple(map(str, list_or_empty(spec.get("entryPoints")))),
        isinstance(spec.get("tls"), dict),
        rules,
    )


def unread_of_ingress_route(obj: Object) -> Iterator[str]:
    """What an IngressRoute says about its requests that is not read."""
    spec = mapping_or_empty(obj.get("spec"))
    if spec.get("parentRefs"):
        yield "spec.parentRefs"
    for index, route in enumerate(mapping_items(spec.get("routes"))):
        place = f"spec.routes[{index}]"
        yield from (f"{place}.match: {text}" for text in rule_of(route, obj).unread)
        if route.get("kind") not in (None, "", "Rule") or not route.get("match") or not route.get("services"):
            yield place
        for service in mapping_items(route.get("services")):
            yield from (f"{place}.services: {text}" for text in _unread_service(service))
    rules = [str(route.get("match")) for route in mapping_items(spec.get("routes"))]
    yield from (f"two routes of the rule {rule}" for rule in dict.fromkeys(rules) if rules.count(rule) > 1)


def rule_of(route: Mapping[str, Any], obj: Object) -> ReadRule:
    """The rule of one route of an IngressRoute."""
    old = str(obj.get("apiVersion")).partition("/")[0] == FIRST_GROUP or route.get("syntax") == "v2"
    return read_rule(str(route.get("match") or ""), second_version=old)


def _unread_service(service: Mapping[str, Any]) -> Iterator[str]:
    kind = service.get("kind") or "Service"
    if kind not in ("Service", "TraefikService") or ("@" in str(service.get("name")) and kind == "Service"):
        yield f"{kind} {service.get('name')}"
    elif kind == "Service" and not service.get("port"):
        yield f"{service.get('name')} without a port"
    elif service.get("weight") == 0:
        yield f"{service.get('name')} of weight 0: without pods it may take the route away (allowEmptyServices)"


def _router_rule(route: Mapping[str, Any], key: Key, beside: Pairs) -> RouterRule:
    rule = read_rule(
        str(route.get("match") or ""), second_version=key.group == FIRST_GROUP or route.get("syntax") == "v2"
    )
    services = list(mapping_items(route.get("services")))
    alone = len(services) == 1
    backends = tuple(_traefik_backend(service, key, alone=alone) for service in services)
    itself = "" if any(backend.weight for backend in backends) else "nothing"
    treatment = (*beside, *_router_treatment(route, key))
    priority = integer_or_default(route.get("priority"), 0) or len(str(route.get("match") or "").encode())
    return RouterRule(rule.matches, priority, RouteAction(key, backends, itself, treatment=treatment))


def _traefik_backend(service: Mapping[str, Any], key: Key, *, alone: bool) -> BackendRef:
    """The Service of a router; a weight counts beside others only."""
    kind, name = str(service.get("kind") or "Service"), str(service.get("name"))
    group = "" if kind == "Service" else key.group
    port = service.get("port")
    weight = 1 if alone else integer_or_default(service.get("weight"), 1)
    place = str(service.get("namespace") or key.namespace)
    return BackendRef(Key(group, kind, place, name), port if isinstance(port, int) else str(port or 0), weight)


def _beside(obj: Object) -> Iterator[tuple[str, str]]:
    """What decides for all routers of an IngressRoute whether and how requests arrive at them."""
    spec = mapping_or_empty(obj.get("spec"))
    if isinstance(spec.get("tls"), dict):
        options = {name: value for name, value in spec["tls"].items() if name in ("options", "store")}
        yield "tls", f"HTTPS {options}" if options else "HTTPS"
    if named := class_name_of(obj):
        yield "class", named


def _router_treatment(route: Mapping[str, Any], key: Key) -> Iterator[tuple[str, str]]:
    """What a router does with its requests but to divide them among Services."""
    middlewares = [
        f"{each.get('namespace') or key.namespace}/{each.get('name')}"
        for each in mapping_items(route.get("middlewares"))
    ]
    if middlewares:
        yield MIDDLEWARES, ", ".join(middlewares)
    others = {name: value for name, value in route.items() if name not in ROUTE_FIELDS}
    for service in mapping_items(route.get("services")):
        others |= {f"services.{name}": value for name, value in service.items() if not _is_usual(name, value)}
    yield from ((name, str(value)) for name, value in sorted(others.items()) if value not in (None, "", [], {}))


def _is_usual(name: str, value: object) -> bool:
    """Whether a field of a Service decides nothing beyond who answers, or says what holds without it.

    Whether its namespace may be another one, an option of Traefik decides (`allowCrossNamespace`).
    """
    if name == "strategy":
        return value in DEFAULT_STRATEGIES
    return name in SERVICE_FIELDS or (name == "passHostHeader" and value is True)
