"""Ingresses: k8s.io/kubernetes/pkg/apis/networking/validation, and the limits of ingress-nginx's canaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.diagnostics.model import Path
from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding
from compiler.traffic import ObjectCheck
from compiler.traffic.base import BAD_SEQUENCES
from compiler.traffic.ingress_nginx import PREFIX


def check_ingress(obj: Object) -> Iterator[ObjectFinding]:
    """Rules that differ, paths where they must be, and canary weights within their total."""
    spec = obj.get("spec", {})
    if "rules" not in spec and "defaultBackend" not in spec:
        yield object_finding("field-missing", ("spec",), "an Ingress needs `rules` or a `defaultBackend`")
    seen: dict[tuple[str, str, str], int] = {}
    for number, rule in enumerate(spec.get("rules", ())):
        for index, item in enumerate(rule.get("http", {}).get("paths", ())):
            place = ("spec", "rules", number, "http", "paths", index)
            # a path that the controller interprets may hold what no other may
            if item["pathType"] != "ImplementationSpecific":
                yield from _path_findings(item, place)
            key = (rule.get("host", "*"), item.get("path", "/"), item["pathType"])
            if key in seen:
                yield object_finding("route-conflict", place, f"two rules match {key[0]}{key[1]} ({key[2]})")
            seen[key] = index
    yield from _canary_findings(obj["metadata"].get("annotations", {}))


def _path_findings(item: dict[str, Any], place: Path) -> Iterator[ObjectFinding]:
    if "path" not in item:
        yield object_finding("field-missing", place, f"a path of type {item['pathType']} needs a `path`")
    elif BAD_SEQUENCES.search(item["path"]):
        message = f"the path `{item['path'][:80]}` must not contain `//`, `.`, `..` or `%2f`"
        yield object_finding("route-invalid", (*place, "path"), message)


def _canary_findings(annotations: dict[str, str]) -> Iterator[ObjectFinding]:
    weight = annotations.get(f"{PREFIX}canary-weight")
    if weight is None:
        return
    total = annotations.get(f"{PREFIX}canary-weight-total", "100")
    path = ("metadata", "annotations", f"{PREFIX}canary-weight")
    if not weight.isdecimal() or not total.isdecimal() or int(weight) > int(total):
        message = f"the canary weight `{weight[:40]}` is not a whole number from 0 to `{total[:40]}`"
        yield object_finding("route-invalid", path, message)


CHECKS: Final[Mapping[tuple[str, str], ObjectCheck]] = {("networking.k8s.io", "Ingress"): check_ingress}
