"""Who answers a request: HTTPRoutes as the Gateway API has it, Ingresses as ingress-nginx does, NetworkPolicies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tests.transition.reference.manifests import (
    HOST,
    Backend,
    Canary,
    Ingress,
    Listener,
    Parent,
    Peer,
    Place,
    Policy,
    Route,
    Rule,
)
from tests.transition.reference.metadata import Labels
from tests.transition.reference.workloads import Template


class Request(NamedTuple):
    """A class of requests for the one host: a path and a value of the one header; or a Service's own clients.

    `place` is where they arrive at the folder's own Gateway; None: at the one outside.
    """

    path: str
    header: str = ""
    service: str = ""
    place: Place | None = None


class Answer(NamedTuple):
    """The rule that takes a request, and the backends of positive weight.

    `canary`: the backend whose share goes to the others while it has no endpoint (`route_to_alternative_balancer`).
    """

    path: str
    named: frozenset[str]  # every Service that the rule names
    backends: tuple[Backend, ...]
    canary: str = ""
    redirect: bool = False
    mirror: str = ""


def takes(rule: Rule, request: Request) -> bool:
    """Whether a request falls to the rule; a rule without a header takes every value of it."""
    path = request.path
    if rule.header not in ("", request.header):
        return False
    if rule.kind == "Exact":
        return path == rule.path
    if rule.kind == "Text":
        return path.startswith(rule.path)
    stem = rule.path.rstrip("/")
    return path == stem or path.startswith(f"{stem}/")


def by_routes(routes: Iterable[Route], request: Request) -> Answer | None:
    """The rule with an exact path, or the longest prefix, then with a header; the oldest of `routes` wins a tie."""
    fitting = [rule for route in routes for rule in route.rules if takes(rule, request)]
    if not fitting:
        return None
    best = max(fitting, key=lambda rule: (rule.kind == "Exact", len(rule.path), rule.header != ""))
    positive = tuple(each for each in best.backends if each.weight > 0 and not best.redirect)
    return Answer(best.path, named(best.backends), positive, redirect=best.redirect, mirror=best.mirror)


def hangs(parent: Parent, listener: Listener) -> bool:
    """Whether the listener takes a route with this parent (gateway_types.go `Listener`, `AllowedRoutes`)."""
    return (
        parent.section in ("", listener.name)
        and parent.port in (None, listener.place[0])
        and listener.open
        and covers(listener.host)
    )


def covers(host: str) -> bool:
    """Whether a listener's host includes the one of these worlds."""
    return host in ("", HOST) or (host.startswith("*.") and HOST.endswith(host[1:]))


def named(backends: Iterable[Backend]) -> frozenset[str]:
    return frozenset(each.service for each in backends)


def by_ingresses(ingresses: Sequence[Ingress], request: Request) -> Answer | None:
    """What ingress-nginx does with a request on the one host; `ingresses` come with the oldest first.

    A canary belongs to the upstream (Service and port) of the location whose path and type it repeats, and so to every
    location of that upstream (controller.go, `mergeAlternativeBackends`); the first is the only one that counts
    (balancer.lua). Regular expressions are used if a location says so, and a canary does not (`enforceRegexModifier`).
    """
    mains = [ingress for ingress in ingresses if ingress.canary is None]
    regex = any(ingress.regex for ingress in mains)
    rules = [rule for ingress in mains for rule in ingress.rules]
    fitting = [rule for rule in rules if (matches(rule, request.path) if regex else takes(rule, request))]
    if not fitting:
        return None
    best = max(fitting, key=lambda rule: (not regex and rule.kind == "Exact", len(rule.path)))
    if best.redirect:
        return Answer(best.path, frozenset(), (), redirect=True)
    main = best.backends[0]
    canary = next(canaries(mains, ingresses, main), None)
    if canary is None:
        return Answer(best.path, named(best.backends), best.backends)
    weight, backend = share_by_header(canary[0], request.header), canary[1]
    shares = (main._replace(weight=100 - weight), backend._replace(weight=weight))
    # a request whose main backend has no endpoint gets 503 whatever the weight: it counts even at 0
    positive = tuple(each for each in shares if each.weight > 0 or each.service == main.service)
    return Answer(best.path, named(shares), positive, backend.service if weight else "")


def share_by_header(canary: Canary, value: str) -> int:
    """The canary's share of a hundred: all of what asks for it by header (balancer.lua, `get_balancer`), or its weight.

    With `canary-by-header-value` that value alone decides; without, `always` and `never` do.
    """
    if canary.header and canary.value:
        return 100 if value == canary.value else canary.weight
    return {"always": 100, "never": 0}.get(value, canary.weight) if canary.header else canary.weight


def matches(rule: Rule, path: str) -> bool:
    """`location ~* "^path"`"""
    return re.match(rule.path, path, re.IGNORECASE) is not None


def canaries(mains: Sequence[Ingress], ingresses: Sequence[Ingress], main: Backend) -> Iterator[tuple[Canary, Backend]]:
    """The canaries of the main backend's upstream, oldest first."""
    places = {(rule.kind, rule.path) for each in mains for rule in each.rules if rule.backends[0] == main}
    for ingress in ingresses:
        for rule in ingress.rules:
            if ingress.canary is not None and (rule.kind, rule.path) in places and rule.backends[0] != main:
                yield ingress.canary, rule.backends[0]


class Source(NamedTuple):
    """Where requests come from: a namespace and the labels of its pods, None where these are not known."""

    namespace: str | None
    labels: Labels | None = None


CLUSTER = Source(None)


def closed(policies: Iterable[Policy], template: Template, port: int, source: Source) -> bool:
    """Whether pods of the template are shut to the source: some policy selects them, and none opens the port."""
    relevant = [policy for policy in policies if set(policy.selector) <= set(template.labels)]
    rules = [rule for policy in relevant for rule in policy.rules]
    return bool(relevant) and not any(
        opens_port(ports, template, port) and (not peers or any(admits(peer, source) for peer in peers))
        for ports, peers in rules
    )


def opens_port(ports: tuple[str | int, ...], template: Template, port: int) -> bool:
    return not ports or any(entry == port or (entry, port) in template.ports for entry in ports)


def admits(peer: Peer, source: Source) -> bool:
    """Pods of the own namespace, or of a named one; what is not known may be the one that is meant."""
    if source.namespace is not None and (peer.namespace or "shop") != source.namespace:
        return False
    return source.labels is None or set(peer.labels) <= set(source.labels)
