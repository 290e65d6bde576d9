"""Ingresses as ingress-nginx reads them, canaries and regular-expression hosts included.

Source: ingress-nginx, docs/user-guide/nginx-configuration/annotations.md (canary: header, then cookie, then weight;
one canary per rule) and ingress-path-matching.md (`use-regex` and `rewrite-target` change every path of the host),
internal/ingress/controller/controller.go (`mergeAlternativeBackends`), rootfs/etc/nginx/lua/balancer.lua
(`route_to_alternative_balancer`: the canary is chosen only where the main backend has a balancer).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.model.expression import pattern_matches, whole_text_pattern
from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    annotations_of,
    class_name_of,
    integer_or_default,
    mapping_items,
    mapping_or_empty,
    nested_value,
)
from compiler.model.request import (
    ONE_LABEL,
    PATTERN,
    BackendRef,
    MatchCondition,
    Request,
    RouteAction,
    RouteMatch,
    match_takes,
)
from compiler.traffic.ingress_nginx import PREFIX
from compiler.traffic.reader import Route

READ_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class CanaryAnnotations:
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

    match: RouteMatch
    backend: BackendRef


TRUE_TEXTS = frozenset({"1", "t", "T", "TRUE", "true", "True"})
"""What an annotation may say for yes (ingress-nginx, annotations/parser/main.go, with Go's `strconv.ParseBool`)."""


@dataclass(frozen=True, slots=True, eq=False)
class IngressFacts(Route):
    """The facts of one Ingress."""

    class_name: str
    rules: tuple[IngressRule, ...]
    canary: CanaryAnnotations | None
    timeout: float | None
    redirects: bool
    has_default: bool

    @property
    def reach(self) -> tuple[object, ...]:
        return self.matches, self.patterned, self.class_name, self.canary is None, self.redirects

    @property
    def path_rules(self) -> tuple[IngressRule, ...]:
        """The rules of its paths: of two Ingresses with a default backend none is refused."""
        return self.rules[1:] if self.has_default else self.rules

    @property
    def default_rule(self) -> tuple[IngressFacts, IngressRule] | None:
        """The rule of its default backend, which comes first."""
        first = self.rules[0] if self.has_default else None
        return None if first is None else (self, first)


def read_ingress(obj: Object, key: Key) -> IngressFacts:
    """The facts of a `networking.k8s.io/v1` Ingress."""
    notes, spec = annotations_of(obj), mapping_or_empty(obj.get("spec"))
    stated = notes.get(PREFIX + "proxy-read-timeout")
    rules, canary = tuple(_rules(spec, key)), _read_canary(notes)
    services = dict.fromkeys(rule.backend.service for rule in rules)
    positive = canary is None or bool(canary.weight or canary.header or canary.cookie)
    return IngressFacts(
        key,
        _matches(rules, canary),
        tuple((service, positive) for service in services),
        frozenset(services if canary is None else ()),
        frozenset(),
        _tls_secrets(spec, key),
        _is_patterned(notes, canary),
        class_name_of(obj),
        rules,
        canary,
        None if stated is None else float(integer_or_default(stated, int(READ_TIMEOUT))),
        any(PREFIX + name in notes for name in ("permanent-redirect", "temporal-redirect")),
        bool(mapping_or_empty(spec.get("defaultBackend"))),
    )


def _is_patterned(notes: Mapping[str, str], canary: CanaryAnnotations | None) -> bool:
    """Whether the Ingress turns the paths of its hosts into regular expressions; a canary makes no location.

    Source: ingress-nginx, controller.go `getBackendServers`; template.go `enforceRegexModifier`.
    """
    if canary is not None:
        return False
    regex = str(notes.get(PREFIX + "use-regex")) in TRUE_TEXTS
    return regex or PREFIX + "rewrite-target" in notes


def _tls_secrets(spec: Mapping[str, Any], key: Key) -> frozenset[Key]:
    names = (item["secretName"] for item in mapping_items(spec.get("tls")) if item.get("secretName"))
    return frozenset(Key("", "Secret", key.namespace, str(name)) for name in names)


def _matches(rules: Iterable[IngressRule], canary: CanaryAnnotations | None) -> tuple[RouteMatch, ...]:
    """The matches of all rules; of a canary also with each condition under which it treats requests differently."""
    matches = [rule.match for rule in rules]
    extra = [] if canary is None else canary_conditions(canary)
    return (*matches, *(match._replace(condition=condition) for match in matches for condition in extra))


def _read_canary(notes: Mapping[str, str]) -> CanaryAnnotations | None:
    if str(notes.get(PREFIX + "canary")) not in TRUE_TEXTS:
        return None
    texts = [
        str(notes.get(f"{PREFIX}canary-by-{part}", ""))
        for part in ("header", "header-value", "header-pattern", "cookie")
    ]
    weight = integer_or_default(notes.get(PREFIX + "canary-weight"), 0)
    return CanaryAnnotations(
        texts[0],
        texts[1],
        texts[2],
        texts[3],
        weight,
        max(1, integer_or_default(notes.get(PREFIX + "canary-weight-total"), 100)),
    )


def _rules(spec: Mapping[str, Any], key: Key) -> Iterable[IngressRule]:
    default = mapping_or_empty(spec.get("defaultBackend"))
    if default:
        yield IngressRule(RouteMatch("*", "Prefix", "/"), _ingress_backend(default, key))
    for rule in mapping_items(spec.get("rules")):
        host = _host_pattern(str(rule.get("host") or "*"))
        for path in mapping_items(nested_value(rule, "http", "paths")):
            kind = {"Exact": "Exact", "Prefix": "Prefix"}.get(str(path.get("pathType")), "Text")
            match = RouteMatch(host, kind, str(path.get("path") or "/"))
            yield IngressRule(match, _ingress_backend(mapping_or_empty(path.get("backend")), key))


def _host_pattern(host: str) -> str:
    """The host of a rule; a wildcard stands for one label (ingress-nginx, template.go `buildServerName`)."""
    return f"{ONE_LABEL}{host[2:]}" if host.startswith("*.") else host


def _ingress_backend(backend: Mapping[str, Any], key: Key) -> BackendRef:
    service = mapping_or_empty(backend.get("service"))
    port = mapping_or_empty(service.get("port"))
    number: int | str = str(port["name"]) if "name" in port else integer_or_default(port.get("number"), 0)
    return BackendRef(Key("", "Service", key.namespace, str(service.get("name"))), number, 1)


def has_regex_paths(ingresses: Sequence[IngressFacts], host: str) -> bool:
    """Whether some Ingress of the host turns all its paths into regular expressions."""
    return any(facts.patterned and any(rule.match.host == host for rule in facts.rules) for facts in ingresses)


def ingress_action(ingresses: Sequence[IngressFacts], request: Request) -> RouteAction | None:
    """What ingress-nginx does with the request: the best path of the best host, divided by its canary.

    `ingresses` come oldest first: of equal rules, and of canaries of one location, the first counts (controller.go,
    `getBackendServers`, `mergeAlternativeBackend`).
    """
    best = _best_rule([facts for facts in ingresses if facts.canary is None], request)
    if best is None:
        return None
    facts, rule = best
    if facts.redirects:
        return RouteAction(facts.key, (), "redirect", path=rule.match.path)
    canaries = _canary_rules(ingresses, rule.backend)
    if not canaries:
        return RouteAction(facts.key, (rule.backend,), "", (), facts.timeout, path=rule.match.path)
    canary_facts, canary_rule = canaries[0]
    share = _canary_share(canary_facts.canary, request)
    total = canary_facts.canary.total if canary_facts.canary else 100
    main = rule.backend._replace(weight=max(0, total - share))
    canary = canary_rule.backend._replace(weight=share)
    timeout = facts.timeout or canary_facts.timeout
    return RouteAction(facts.key, (main, canary), "", (main,), timeout, (canary,), rule.match.path)


def _best_rule(mains: Sequence[IngressFacts], request: Request) -> tuple[IngressFacts, IngressRule] | None:
    """The best path of the server that has the request's host, or else the default backend of that server.

    Source: ingress-nginx, controller.go `createServers`: each host of a rule is a server of its own, and what none of
    its paths takes goes to the default backend of the Ingress that came with the host first, never to a wider host.
    """
    server = _server_host(mains, request.host)
    regex = has_regex_paths(mains, server)
    owners = [(facts, rule) for facts in mains for rule in facts.rules if rule.match.host == server]
    taken = [each for each in owners if _location_takes(each[1].match, request, regex=regex)]
    if not taken:
        return owners[0][0].default_rule if owners else None
    best = max(taken, key=lambda each: (not regex and each[1].match.kind == "Exact", len(each[1].match.path)))
    return best if server != "*" or best[1].match.path != "/" else _catch_all(mains, best)


def _catch_all(
    mains: Sequence[IngressFacts], written: tuple[IngressFacts, IngressRule]
) -> tuple[IngressFacts, IngressRule]:
    """What answers for hosts of no rule: the newest default backend, or the rule for `/` without a host.

    Source: ingress-nginx, controller.go `createServers`: each default backend overwrites the one before; where one
    stands in an Ingress without rules, no rule for `/` takes the location.
    """
    defaults = [facts for facts in mains if facts.has_default]
    alone = any(len(facts.rules) == 1 for facts in defaults)
    newest = defaults[-1].default_rule if defaults else None
    by_default = written[1] == (written[0].default_rule or (None, None))[1]
    return newest if newest is not None and (alone or by_default) else written


def _location_takes(match: RouteMatch, request: Request, *, regex: bool) -> bool:
    return match_takes(match._replace(kind="Location") if regex else match, request)


def _server_host(mains: Sequence[IngressFacts], host: str) -> str:
    """The host of the rules that nginx takes for a request's: itself, that with its first label as wildcard, or any."""
    hosts = {rule.match.host for facts in mains for rule in facts.rules}
    return next((each for each in (host, f"{ONE_LABEL}{host.partition('.')[2]}") if each in hosts), "*")


def _canary_rules(ingresses: Sequence[IngressFacts], main: BackendRef) -> list[tuple[IngressFacts, IngressRule]]:
    """The canaries of a main backend, oldest first: those whose rules repeat a location of it, host, path and type.

    A canary is one of the upstream, and so of every location that leads to it (controller.go,
    `mergeAlternativeBackends`, `AlternativeBackends`).
    """
    locations = {
        rule.match for facts in ingresses if facts.canary is None for rule in facts.rules if rule.backend == main
    }
    return [
        (facts, rule)
        for facts in ingresses
        if facts.canary is not None
        for rule in facts.rules
        if rule.match in locations and rule.backend != main
    ]


def conditions_of_upstreams(ingresses: Sequence[IngressFacts]) -> Iterator[RouteMatch]:
    """The conditions of canaries at every location of the upstream that they divide, wherever their own rule stands."""
    asked: dict[RouteMatch, list[MatchCondition]] = {}
    for facts in ingresses:
        conditions = [] if facts.canary is None else canary_conditions(facts.canary)
        for rule in facts.rules if conditions else ():
            asked.setdefault(rule.match, []).extend(conditions)
    mains = [rule for facts in ingresses if asked and facts.canary is None for rule in facts.rules]
    divided: dict[BackendRef, dict[MatchCondition, None]] = {}
    for rule in mains:
        divided.setdefault(rule.backend, {}).update(dict.fromkeys(asked.get(rule.match, ())))
    for rule in mains:
        yield from (rule.match._replace(condition=condition) for condition in divided.get(rule.backend, ()))


def _canary_share(canary: CanaryAnnotations | None, request: Request) -> int:
    """The canary's share of the request's class, of its total: header before cookie before weight."""
    if canary is None:
        return 0
    result = dict(request.headers).get(canary.header) if canary.header else None
    if result is not None:
        decided = _share_by_header(canary, result)
        if decided is not None:
            return decided
    cookie = dict(request.headers).get("Cookie", "")
    if canary.cookie and cookie == f"{canary.cookie}=always":
        return canary.total
    if canary.cookie and cookie == f"{canary.cookie}=never":
        return 0
    return min(canary.total, canary.weight)


def _share_by_header(canary: CanaryAnnotations, result: str) -> int | None:
    if canary.value:
        return canary.total if result == canary.value else None
    if canary.pattern:
        return canary.total if pattern_matches(whole_text_pattern(canary.pattern), result) else None
    return {"always": canary.total, "never": 0}.get(result)


def canary_conditions(canary: CanaryAnnotations) -> list[MatchCondition]:
    """The conditions under which a canary treats requests differently."""
    result = []
    if canary.header and canary.pattern and not canary.value:
        result.append(MatchCondition("", ((canary.header, PATTERN, whole_text_pattern(canary.pattern)),)))
    elif canary.header and canary.value:
        result.append(MatchCondition("", ((canary.header, "Exact", canary.value),)))
    elif canary.header:
        result += [MatchCondition("", ((canary.header, "Exact", value),)) for value in ("always", "never")]
    if canary.cookie:
        result += [
            MatchCondition("", (("Cookie", "Exact", f"{canary.cookie}={value}"),)) for value in ("always", "never")
        ]
    return result
