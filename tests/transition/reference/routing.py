"""Who answers a request: HTTPRoutes as the Gateway API has it, Ingresses as ingress-nginx does, NetworkPolicies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tests.transition.reference.manifests import Backend, Ingress, Labels, Peer, Policy, Route, Rule, Template


class Answer(NamedTuple):
    """The rule that takes a request, and the backends of positive weight.

    `canary`: the backend whose share goes to the others while it has no endpoint (`route_to_alternative_balancer`).
    """

    path: str
    named: frozenset[str]  # every Service that the rule names
    backends: tuple[Backend, ...]
    canary: str = ""


def takes(rule: Rule, path: str) -> bool:
    """Whether a path falls to the rule."""
    if rule.kind == "Exact":
        return path == rule.path
    if rule.kind == "Text":
        return path.startswith(rule.path)
    stem = rule.path.rstrip("/")
    return path == stem or path.startswith(f"{stem}/")


def by_routes(routes: Iterable[Route], path: str) -> Answer | None:
    """The rule with an exact path, or the longest prefix; `routes` come with the oldest first, which wins a tie."""
    fitting = [rule for route in routes for rule in route.rules if takes(rule, path)]
    if not fitting:
        return None
    best = max(fitting, key=lambda rule: (rule.kind == "Exact", len(rule.path)))
    return Answer(best.path, named(best.backends), tuple(each for each in best.backends if each.weight > 0))


def named(backends: Iterable[Backend]) -> frozenset[str]:
    return frozenset(each.service for each in backends)


def by_ingresses(ingresses: Sequence[Ingress], path: str) -> Answer | None:
    """What ingress-nginx does with the path on the one host; `ingresses` come with the oldest first.

    A canary belongs to the upstream (Service and port) of the location whose path and type it repeats, and so to every
    location of that upstream (controller.go, `mergeAlternativeBackends`); the first is the only one that counts
    (balancer.lua). Regular expressions are used if a location says so, and a canary does not (`enforceRegexModifier`).
    """
    mains = [ingress for ingress in ingresses if ingress.canary is None]
    regex = any(ingress.regex for ingress in mains)
    fitting = [
        rule for ingress in mains for rule in ingress.rules if (matches(rule, path) if regex else takes(rule, path))
    ]
    if not fitting:
        return None
    best = max(fitting, key=lambda rule: (not regex and rule.kind == "Exact", len(rule.path)))
    main = best.backends[0]
    canary = next(canaries(mains, ingresses, main), None)
    if canary is None:
        return Answer(best.path, named(best.backends), best.backends)
    weight, backend = canary
    shares = (main._replace(weight=100 - weight), backend._replace(weight=weight))
    # a request whose main backend has no endpoint gets 503 whatever the weight: it counts even at 0
    positive = tuple(each for each in shares if each.weight > 0 or each.service == main.service)
    return Answer(best.path, named(shares), positive, backend.service if weight else "")


def matches(rule: Rule, path: str) -> bool:
    """`location ~* "^path"`"""
    return re.match(rule.path, path, re.IGNORECASE) is not None


def canaries(mains: Sequence[Ingress], ingresses: Sequence[Ingress], main: Backend) -> Iterator[tuple[int, Backend]]:
    """The canaries of the main backend's upstream with their weights, oldest first."""
    places = {(rule.kind, rule.path) for each in mains for rule in each.rules if rule.backends[0] == main}
    for ingress in ingresses:
        for rule in ingress.rules if ingress.canary is not None else ():
            if (rule.kind, rule.path) in places and rule.backends[0] != main:
                yield ingress.canary or 0, rule.backends[0]


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
