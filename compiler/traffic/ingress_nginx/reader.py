"""ingressNginx, read back: Ingresses by their class.

Source: ingress-nginx, docs/user-guide/nginx-configuration/annotations.md (one canary per rule).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from compiler.model.course import RequestShares
from compiler.model.manifest import Object
from compiler.model.objects import (
    CLASS_ANNOTATION,
    Key,
    annotations_of,
    class_name_of,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
    object_key,
    own_name,
)
from compiler.model.request import BackendRef, Request, RouteAction, RouteMatch, host_matches, shown_host
from compiler.traffic.ingress_nginx import PREFIX
from compiler.traffic.ingress_nginx.aliases import lost_aliases
from compiler.traffic.ingress_nginx.inherited import takes_from_its_host
from compiler.traffic.ingress_nginx.later_canaries import later_canaries
from compiler.traffic.ingress_nginx.legacy import LEGACY_VERSIONS, present_ingress_spec
from compiler.traffic.ingress_nginx.references import REFERENCES
from compiler.traffic.ingress_nginx.routes import (
    IngressFacts,
    conditions_of_upstreams,
    ingress_action,
    read_ingress,
)
from compiler.traffic.ingress_nginx.validation import ingress_errors, strict_path_errors
from compiler.traffic.reader import (
    Cluster,
    ConvergedObjects,
    Entry,
    GateChange,
    Requirement,
    RouteConflict,
    RouteReader,
)
from compiler.traffic.shares import shares_by_answers

GROUP: Final = "networking.k8s.io"


class IngressNginxReader(RouteReader):
    """Ingresses; what a controller other than ingress-nginx would make of one is not known."""

    PROVIDER = "ingressNginx"
    KINDS = frozenset({(GROUP, "Ingress")})
    ENTRY = "ingress"
    REFERENCES = REFERENCES
    CONVERSIONS = {(version, "Ingress"): present_ingress_spec for version in LEGACY_VERSIONS}

    def read(self, obj: Object, key: Key, /) -> IngressFacts:
        return read_ingress(obj, key)

    def validation_errors(self, obj: Object, /) -> Iterator[tuple[str, str]]:
        spec = mapping_or_empty(obj.get("spec"))
        yield from ingress_errors(spec)
        if "nginx" in class_name_of(obj):
            yield from strict_path_errors(spec)

    def creation_errors(self, obj: Object, /) -> Iterator[tuple[str, str]]:
        """Its class is said once (Kubernetes, pkg/apis/networking/validation `ValidateIngressCreate`)."""
        if CLASS_ANNOTATION in annotations_of(obj) and nested_value(obj, "spec", "ingressClassName"):
            yield f"it has a class twice, as {CLASS_ANNOTATION} and as ingressClassName", "remove the annotation"

    def shares_of(self, objects: Sequence[Object], release: str, /) -> RequestShares | None:
        """Shares by the canary's weight, beside the Ingress that has the release's name, or else beside all."""
        keys = [(object_key(obj), obj) for obj in objects]
        ingresses = {own_name(obj): self.read(obj, key) for key, obj in keys if key[:2] in self.KINDS}
        if not ingresses:
            return None
        every = [match for facts in ingresses.values() for match in facts.matches]
        main = ingresses[release].matches if release in ingresses else every
        return shares_by_answers(main, every, partial(ingress_action, list(ingresses.values())))

    def entries(self, routes: Sequence[IngressFacts], forms: Mapping[Key, Sequence[Object]], /) -> Iterable[Entry]:
        for name in dict.fromkeys(facts.class_name for facts in routes):
            own = [facts for facts in routes if facts.class_name == name]
            yield Entry(f"{self.ENTRY} {name}", own, list(conditions_of_upstreams(own)))

    def source_namespace(self, entry: str, /) -> str:
        return "ingress-nginx"

    def answer(self, routes: Sequence[IngressFacts], request: Request, cluster: Cluster, /) -> RouteAction | None:
        word, _, name = request.entry.partition(" ")
        served = [facts for facts in routes if word != self.ENTRY or facts.class_name == name]
        oldest_first = sorted(served, key=lambda facts: (not cluster.is_aged(facts.key), facts.key))
        return ingress_action(oldest_first, request)

    def linked_routes(self, routes: Sequence[IngressFacts], /) -> dict[Key, dict[Key, None]]:
        """The canaries of a backend, the Ingresses at whose locations they stand, and those that take a host away."""
        canaries: dict[RouteMatch, list[Key]] = {}
        for match, key in ((rule.match, facts.key) for facts in routes if facts.canary for rule in facts.rules):
            canaries.setdefault(match, []).append(key)
        mains = [(facts.key, rule) for facts in routes if canaries and facts.canary is None for rule in facts.rules]
        divided: dict[BackendRef, dict[Key, None]] = {}
        for key, rule in mains:
            beside = canaries.get(rule.match, ())
            divided.setdefault(rule.backend, {}).update(dict.fromkeys((key, *beside) if beside else ()))
        result = _narrower_hosts([facts for facts in routes if facts.canary is None])
        for key, rule in mains:
            result.setdefault(key, {}).update(divided[rule.backend])
        return result

    def without_effect(self, before: Sequence[IngressFacts], after: Sequence[IngressFacts], /) -> Collection[Key]:
        return later_canaries(before, after)

    def backend_ports(self, route: IngressFacts, /) -> set[tuple[Key, int | str]]:
        return {(rule.backend.service, rule.backend.port) for rule in route.rules}

    def redirected_hosts(self, obj: Object, /) -> frozenset[str]:
        """Those with a certificate: `ssl-redirect` is true by default (ingress-nginx, annotations.md)."""
        if annotations_of(obj).get(f"{PREFIX}ssl-redirect") == "false":
            return frozenset()
        certified = mapping_items(nested_value(obj, "spec", "tls"))
        return frozenset(str(host) for item in certified for host in list_or_empty(item.get("hosts")))

    def requirements(self, key: Key, cluster: Cluster, /) -> Iterable[Requirement]:
        obj = cluster.object_at(key)
        if obj is not None and not cluster.is_aged(key):
            ingress_class = Key(GROUP, "IngressClass", "", self.read(obj, key).class_name)
            if cluster.object_at(ingress_class) is not None:
                yield Requirement((ingress_class,), "without it, no controller serves the Ingress")

    def inherits(self, obj: Object, field: str, before: Any, others: Iterable[Object], /) -> bool:
        return takes_from_its_host(obj, field, before, others)

    def gate_changes(
        self, written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects, /
    ) -> Iterable[GateChange]:
        return lost_aliases(written, before, after)

    def conflicts(self, routes: Iterable[IngressFacts], /) -> Iterator[RouteConflict]:
        """Canaries of one rule, and Ingresses that both define one path of a host.

        Source: ingress-nginx, internal/ingress/controller/controller.go `checkOverlap`, which its webhook runs.
        """
        taken: dict[tuple[str, str, str, bool], Key] = {}
        for facts in routes:
            main = facts.canary is None
            for rule in facts.path_rules if not main or "nginx" in facts.class_name else ():
                host, path = rule.match.host, rule.match.path
                other = taken.setdefault((facts.class_name, host, path, main), facts.key)
                if other != facts.key:
                    yield (_two_mains if main else _two_canaries)(other, facts.key, f"{shown_host(host)}{path}")


def _narrower_hosts(mains: Sequence[IngressFacts]) -> dict[Key, dict[Key, None]]:
    """For each Ingress of a wildcard or of any host, those that have a host within it (`createServers`)."""
    hosts: dict[str, dict[Key, None]] = {}
    for facts in mains:
        for rule in facts.rules:
            hosts.setdefault(rule.match.host, {})[facts.key] = None
    within = {
        wide: {key: None for host, keys in hosts.items() if host != wide and host_matches(wide, host) for key in keys}
        for wide in hosts
        if wide.startswith("*")
    }
    result: dict[Key, dict[Key, None]] = {}
    for wide, narrower in within.items():
        for key in hosts[wide]:
            result.setdefault(key, {}).update(narrower)
    return result


def _two_canaries(first: Key, second: Key, place: str) -> RouteConflict:
    message = f"are both canaries of {place}: the older one counts, and the other one has no effect"
    return RouteConflict("two-canaries", first, second, message, "keep one canary Ingress for each rule")


def _two_mains(first: Key, second: Key, place: str) -> RouteConflict:
    message = f"both define {place}: the webhook of ingress-nginx refuses it; without the webhook the older one answers"
    return RouteConflict("path-defined-twice", first, second, message, "define each path in one Ingress", refused=True)


READER: Final = IngressNginxReader()
