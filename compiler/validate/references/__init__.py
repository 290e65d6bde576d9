"""What objects say about each other: names, selectors, ports and keys that must exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.model.manifest import Manifest
from compiler.model.object_finding import ObjectFinding, ObjectFindings
from compiler.traffic.providers import providers_by_kind
from compiler.validate.references.inventory import (
    TEMPLATES,
    ExternalObjects,
    ObjectInventory,
    inventory_of,
    object_namespace,
)
from compiler.validate.references.pods import check_pods
from compiler.validate.references.routes import check_route, route_backends
from compiler.validate.references.scaling import check_autoscaler_target, check_budget_target
from compiler.validate.references.services import check_service_pods

__all__ = ["ExternalObjects", "validate_references"]


def validate_references(manifests: Sequence[Manifest], outside: ExternalObjects = frozenset()) -> ObjectFindings:
    """What the objects name and is not there; for objects that `validate_objects` accepts.

    `manifests` are all the objects that live together, `outside` names what exists without being one of them:
    `{("Secret", "api-example-com")}`. Objects that an ExternalSecret, a SealedSecret or a Certificate brings exist.
    """
    world = inventory_of(manifests, outside)
    routes = frozenset(kind for _, kind in providers_by_kind())
    backends = [list(route_backends(each.object)) if each.kind in routes else None for each in manifests]
    routed = {(each.namespace, each.name) for named in backends for each in named or () if each.gets_requests}
    findings: ObjectFindings = []
    for manifest, named in zip(manifests, backends, strict=True):
        faults = (
            _reference_findings(manifest, world, routed)
            if named is None
            else check_route(manifest.object, named, world)
        )
        findings += [(manifest, fault) for fault in faults]
    return findings


def _reference_findings(
    manifest: Manifest, world: ObjectInventory, routed: set[tuple[str, str]]
) -> Iterator[ObjectFinding]:
    obj, kind = manifest.object, manifest.kind
    if kind in TEMPLATES:
        yield from check_pods(obj, world)
    elif kind == "Service":
        yield from check_service_pods(obj, world, (object_namespace(obj), manifest.name) in routed)
    elif kind == "HorizontalPodAutoscaler":
        yield from check_autoscaler_target(obj, world)
    elif kind == "PodDisruptionBudget":
        yield from check_budget_target(obj, world)
