"""HTTPRoutes: the CEL rules of sigs.k8s.io/gateway-api's CRD and the words of apis/v1/httproute_types.go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.diagnostics.model import Path
from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding, path_text
from compiler.traffic import ObjectCheck
from compiler.traffic.base import BAD_SEQUENCES

RawRule = dict[str, Any]

_BAD_PATH = re.compile(rf"^(?!/)|#|{BAD_SEQUENCES.pattern}")
# httproute_types.go, Duration: GEP-2257, a subset of Go's.
_DURATION = re.compile(r"([0-9]{1,5})(h|ms|m|s)")
_MILLISECONDS = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}


def check_http_route(obj: Object) -> Iterator[ObjectFinding]:
    """Matches that differ, filters that go together, timeouts that fit into each other, backends with ports."""
    seen: dict[str, Path] = {}
    for index, rule in enumerate(obj["spec"].get("rules", ())):
        path: Path = ("spec", "rules", index)
        yield from _match_findings(rule, path, seen)
        yield from _filter_findings(rule, path)
        yield from _backend_findings(rule, path)
        if "timeouts" in rule:
            yield from _timeout_findings(rule["timeouts"], (*path, "timeouts"))


def _match_findings(rule: RawRule, path: Path, seen: dict[str, Path]) -> Iterator[ObjectFinding]:
    for index, match in enumerate(rule.get("matches", ({},))):
        place = (*path, "matches", index)
        key = _canonical_match(match)
        if key in seen:
            yield object_finding(
                "route-conflict", place, f"`{path_text(place)}` matches the same as `{path_text(seen[key])}`"
            )
        seen.setdefault(key, place)
        wanted = match.get("path", {})
        if wanted.get("type", "PathPrefix") != "RegularExpression" and _BAD_PATH.search(wanted.get("value", "/")):
            message = f"the path `{wanted['value'][:80]}` must be absolute, without `//`, `.`, `..`, `%2f` and `#`"
            yield object_finding("route-invalid", (*place, "path", "value"), message)


def _canonical_match(match: dict[str, Any]) -> str:
    """A match as text, with its defaults, so that equal ones are equal; names of headers have no case."""
    path = match.get("path", {})
    headers = sorted((h["name"].lower(), h["value"], h.get("type", "Exact")) for h in match.get("headers", ()))
    queries = sorted((q["name"], q["value"], q.get("type", "Exact")) for q in match.get("queryParams", ()))
    return repr((path.get("type", "PathPrefix"), path.get("value", "/"), match.get("method"), headers, queries))


def _filter_findings(rule: RawRule, path: Path) -> Iterator[ObjectFinding]:
    filters = rule.get("filters", ())
    kinds = [item["type"] for item in filters]
    if "RequestRedirect" in kinds and ("URLRewrite" in kinds or rule.get("backendRefs")):
        message = "a rule that redirects cannot have backends or a rewrite"
        yield object_finding("route-invalid", (*path, "filters"), message)
    for kind in ("RequestRedirect", "URLRewrite", "RequestHeaderModifier", "ResponseHeaderModifier"):
        if kinds.count(kind) > 1:
            yield object_finding("route-invalid", (*path, "filters"), f"a rule can have the filter {kind} only once")
    for index, item in enumerate(filters):
        yield from _filter_finding(item, rule, (*path, "filters", index))


def _filter_finding(item: dict[str, Any], rule: RawRule, path: Path) -> Iterator[ObjectFinding]:
    field = item["type"][0].lower() + item["type"][1:]
    field = "urlRewrite" if field == "uRLRewrite" else "cors" if field == "cORS" else field
    if field not in item:
        yield object_finding("choice-of-one", path, f"a filter of type {item['type']} needs `{field}`")
    for name in ("urlRewrite", "requestRedirect"):
        rewrite = item.get(name, {}).get("path", {})
        if rewrite.get("type") == "ReplacePrefixMatch" and not _has_one_prefix_match(rule):
            message = "ReplacePrefixMatch needs a rule with exactly one match, of type PathPrefix"
            yield object_finding("route-invalid", (*path, name, "path"), message)


def _has_one_prefix_match(rule: RawRule) -> bool:
    matches = rule.get("matches", ({},))
    return len(matches) == 1 and matches[0].get("path", {}).get("type", "PathPrefix") == "PathPrefix"


def _backend_findings(rule: RawRule, path: Path) -> Iterator[ObjectFinding]:
    backends = rule.get("backendRefs", ())
    seen = set()
    for index, backend in enumerate(backends):
        place = (*path, "backendRefs", index)
        if backend.get("kind", "Service") == "Service" and backend.get("group", "") == "" and "port" not in backend:
            yield object_finding("field-missing", place, f"the backend `{backend['name']}` needs a `port`")
        key = (backend.get("namespace"), backend["name"], backend.get("port"))
        if key in seen:
            yield object_finding("route-conflict", place, f"the rule names the backend `{backend['name']}` twice")
        seen.add(key)
    if backends and all(backend.get("weight") == 0 for backend in backends):
        message = "all weights are 0: every request would get status 500"
        yield object_finding("route-invalid", (*path, "backendRefs"), message)


def _timeout_findings(timeouts: dict[str, str], path: Path) -> Iterator[ObjectFinding]:
    whole, backend = timeouts.get("request"), timeouts.get("backendRequest")
    if whole and backend and 0 < _milliseconds(whole) < _milliseconds(backend):
        message = f"backendRequest ({backend}) must not exceed request ({whole})"
        yield object_finding("route-invalid", (*path, "backendRequest"), message)


def _milliseconds(duration: str) -> int:
    return sum(int(number) * _MILLISECONDS[unit] for number, unit in _DURATION.findall(duration))


def check_grpc_route(obj: Object) -> Iterator[ObjectFinding]:
    """Matches that differ and name a service or a method, backends with ports (grpcroute_types.go)."""
    seen: dict[str, Path] = {}
    for index, rule in enumerate(obj["spec"].get("rules", ())):
        path: Path = ("spec", "rules", index)
        for number, match in enumerate(rule.get("matches", ({},))):
            yield from _called_match_findings(match, (*path, "matches", number), seen)
        yield from _backend_findings(rule, path)


def _called_match_findings(match: RawRule, place: Path, seen: dict[str, Path]) -> Iterator[ObjectFinding]:
    called = match.get("method", {})
    if "method" in match and not called.get("service") and not called.get("method"):
        message = "a match by `method` needs `service` or `method`"
        yield object_finding("choice-of-one", (*place, "method"), message)
    headers = sorted((h["name"].lower(), h["value"], h.get("type", "Exact")) for h in match.get("headers", ()))
    key = repr((called.get("type", "Exact"), called.get("service"), called.get("method"), headers))
    if key in seen:
        message = f"`{path_text(place)}` matches the same as `{path_text(seen[key])}`"
        yield object_finding("route-conflict", place, message)
    seen.setdefault(key, place)


CHECKS: Final[Mapping[tuple[str, str], ObjectCheck]] = {
    ("gateway.networking.k8s.io", "GRPCRoute"): check_grpc_route,
    ("gateway.networking.k8s.io", "HTTPRoute"): check_http_route,
}
