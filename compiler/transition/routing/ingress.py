"""Ingresses as ingress-nginx reads them, canaries and regular-expression hosts included.

Source: ingress-nginx, docs/user-guide/nginx-configuration/annotations.md (canary: header, then cookie, then weight;
one canary per rule) and ingress-path-matching.md (`use-regex` and `rewrite-target` change every path of the host),
internal/ingress/controller/controller.go (`mergeAlternativeBackends`), rootfs/etc/nginx/lua/balancer.lua
(`route_to_alternative_balancer`: the canary is chosen only where the main backend has a balancer).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.manifest import Object
from compiler.transition.objects import Key, dig, mapping, mappings, notes_of, whole
from compiler.transition.routing.request import (
    Answer,
    Backend,
    Condition,
    Match,
    Request,
    compiled,
    host_matches,
    pattern_matches,
)

NGINX = "nginx.ingress.kubernetes.io/"
READ_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Canary:
    """How a canary Ingress takes its share: by header (value or pattern), by cookie, by weight of a total."""

    header: str
    value: str
    pattern: str
    cookie: str
    weight: int
    total: int


@dataclass(frozen=True, slots=True)
class IngressRule:
    """One path of one host."""

    match: Match
    backend: Backend


@dataclass(frozen=True, slots=True)
class IngressFacts:
    """The facts of one Ingress."""

    key: Key
    class_name: str
    rules: tuple[IngressRule, ...]
    canary: Canary | None
    regex: bool
    timeout: float | None
    secrets: frozenset[Key]
    redirects: bool

    @property
    def services(self) -> frozenset[Key]:
        """Every Service that it names."""
        return frozenset(rule.backend.service for rule in self.rules)


def read(obj: Object, key: Key) -> IngressFacts:
    """The facts of a `networking.k8s.io/v1` Ingress."""
    notes, spec = notes_of(obj), mapping(obj.get("spec"))
    secrets = frozenset(
        Key("", "Secret", key.namespace, str(item["secretName"]))
        for item in mappings(spec.get("tls"))
        if item.get("secretName")
    )
    regex = notes.get(NGINX + "use-regex") == "true" or NGINX + "rewrite-target" in notes
    told = notes.get(NGINX + "proxy-read-timeout")
    timeout = None if told is None else float(whole(told, int(READ_TIMEOUT)))
    redirects = any(NGINX + name in notes for name in ("permanent-redirect", "temporal-redirect"))
    class_name = str(spec.get("ingressClassName") or notes.get("kubernetes.io/ingress.class") or "")
    return IngressFacts(key, class_name, tuple(_rules(spec, key)), _canary(notes), regex, timeout, secrets, redirects)


def _canary(notes: Mapping[str, str]) -> Canary | None:
    if notes.get(NGINX + "canary") != "true":
        return None
    texts = [
        str(notes.get(f"{NGINX}canary-by-{part}", ""))
        for part in ("header", "header-value", "header-pattern", "cookie")
    ]
    weight = whole(notes.get(NGINX + "canary-weight"), 0)
    return Canary(
        texts[0], texts[1], texts[2], texts[3], weight, max(1, whole(notes.get(NGINX + "canary-weight-total"), 100))
    )


def _rules(spec: Mapping[str, Any], key: Key) -> Iterable[IngressRule]:
    default = mapping(spec.get("defaultBackend"))
    if default:
        yield IngressRule(Match("*", "Prefix", "/"), _backend(default, key))
    for rule in mappings(spec.get("rules")):
        host = str(rule.get("host") or "*")
        for path in mappings(dig(rule, "http", "paths")):
            kind = {"Exact": "Exact", "Prefix": "Prefix"}.get(str(path.get("pathType")), "Text")
            match = Match(host, kind, str(path.get("path") or "/"))
            yield IngressRule(match, _backend(mapping(path.get("backend")), key))


def _backend(backend: Mapping[str, Any], key: Key) -> Backend:
    service = mapping(backend.get("service"))
    port = mapping(service.get("port"))
    number: int | str = str(port["name"]) if "name" in port else whole(port.get("number"), 0)
    return Backend(Key("", "Service", key.namespace, str(service.get("name"))), number, 1)


def match_holds(match: Match, request: Request, *, regex: bool) -> bool:
    """Whether a request falls to this path; `regex` says that some Ingress of the host makes paths patterns."""
    if not host_matches(match.host, request.host):
        return False
    if regex:
        return pattern_takes(match.path, request.path)
    if match.kind == "Exact":
        return request.path == match.path
    if match.kind == "Text":
        return request.path.startswith(match.path)
    stem = match.path.rstrip("/")
    return request.path == stem or request.path.startswith(stem + "/")


def pattern_takes(pattern: str, path: str) -> bool:
    """Whether nginx's `location ~* "^pattern"` takes the path; one that Python cannot read takes none."""
    expression = compiled(pattern, re.IGNORECASE)
    return expression is not None and expression.match(path) is not None


def infected(ingresses: Sequence[IngressFacts], host: str) -> bool:
    """Whether some Ingress of the host turns all its paths into regular expressions."""
    return any(facts.regex and any(rule.match.host == host for rule in facts.rules) for facts in ingresses)


def answer(ingresses: Sequence[IngressFacts], request: Request) -> Answer | None:
    """What ingress-nginx does with the request: the best path of the best host, divided by its canary."""
    best = _best([facts for facts in ingresses if facts.canary is None], ingresses, request)
    if best is None:
        return None
    facts, rule = best
    if facts.redirects:
        return Answer(facts.key, (), "redirect")
    canaries = [other for other in _canaries(ingresses, rule.match) if other[1].backend != rule.backend]
    if not canaries:
        return Answer(facts.key, (rule.backend,), "", (), facts.timeout)
    canary_facts, canary_rule = canaries[0]
    share = _share(canary_facts.canary, request)
    total = canary_facts.canary.total if canary_facts.canary else 100
    main = rule.backend._replace(weight=max(0, total - share))
    divided = (main, canary_rule.backend._replace(weight=share))
    return Answer(facts.key, divided, "", (rule.backend,), facts.timeout or canary_facts.timeout)


def _best(
    mains: Sequence[IngressFacts], every: Sequence[IngressFacts], request: Request
) -> tuple[IngressFacts, IngressRule] | None:
    found: list[tuple[tuple[object, ...], IngressFacts, IngressRule]] = []
    for facts in mains:
        for rule in facts.rules:
            host = rule.match.host
            regex = infected(every, host)
            if match_holds(rule.match, request, regex=regex):
                exact = host != "*" and not host.startswith("*.")
                path = (
                    not regex and rule.match.kind == "Exact" and rule.match.path == request.path,
                    len(rule.match.path),
                )
                found.append(((exact, 0 if host == "*" else len(host), *path), facts, rule))
    if not found:
        return None
    top = max(rank for rank, _, _ in found)
    return min(((facts, rule) for rank, facts, rule in found if rank == top), key=lambda pair: pair[0].key)


def _canaries(ingresses: Sequence[IngressFacts], match: Match) -> list[tuple[IngressFacts, IngressRule]]:
    """The canary Ingresses of this very rule (same host and path), in the order of their names."""
    return sorted(
        (
            (facts, rule)
            for facts in ingresses
            if facts.canary is not None
            for rule in facts.rules
            if (rule.match.host, rule.match.path) == (match.host, match.path)
        ),
        key=lambda pair: pair[0].key,
    )


def _share(canary: Canary | None, request: Request) -> int:
    """The canary's share of the request's class, of its total: header before cookie before weight."""
    if canary is None:
        return 0
    found = dict(request.headers).get(canary.header) if canary.header else None
    if found is not None:
        decided = _by_header(canary, found)
        if decided is not None:
            return decided
    cookie = dict(request.headers).get("Cookie", "")
    if canary.cookie and cookie == f"{canary.cookie}=always":
        return canary.total
    if canary.cookie and cookie == f"{canary.cookie}=never":
        return 0
    return min(canary.total, canary.weight)


def _by_header(canary: Canary, found: str) -> int | None:
    if canary.value:
        return canary.total if found == canary.value else None
    if canary.pattern:
        return canary.total if pattern_matches(canary.pattern, found) else None
    return {"always": canary.total, "never": 0}.get(found)


def conditions(canary: Canary) -> list[Condition]:
    """The conditions under which a canary treats requests differently."""
    found = []
    if canary.header and canary.pattern and not canary.value:
        found.append(Condition("", ((canary.header, "RegularExpression", canary.pattern),)))
    elif canary.header and canary.value:
        found.append(Condition("", ((canary.header, "Exact", canary.value),)))
    elif canary.header:
        found += [Condition("", ((canary.header, "Exact", value),)) for value in ("always", "never")]
    if canary.cookie:
        found += [Condition("", (("Cookie", "Exact", f"{canary.cookie}={value}"),)) for value in ("always", "never")]
    return found


def own_matches(facts: IngressFacts) -> list[Match]:
    """The matches that tell request classes apart, those of a canary with its conditions."""
    matches = [rule.match for rule in facts.rules]
    if facts.canary is not None:
        extra = conditions(facts.canary)
        matches += [match._replace(condition=condition) for match in matches for condition in extra]
    return matches
