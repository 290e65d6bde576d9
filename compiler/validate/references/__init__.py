"""What objects say about each other: names, selectors, ports and keys that must exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.manifest import Manifest
from compiler.validate.finding import Finding, Findings
from compiler.validate.references.pods import check_pods
from compiler.validate.references.routes import backends, check_route
from compiler.validate.references.scaling import check_autoscaler_target, check_budget_target
from compiler.validate.references.services import check_service_pods
from compiler.validate.references.world import TEMPLATES, Outside, World, namespace_of, world_of

ROUTES = frozenset(("HTTPRoute", "Ingress"))

__all__ = ["Outside", "validate_references"]


def validate_references(manifests: Sequence[Manifest], outside: Outside = frozenset()) -> Findings:
    """What the objects name and is not there; for objects that `validate_objects` accepts.

    `manifests` are all the objects that live together, `outside` names what exists without being one of them:
    `{("Secret", "api-example-com")}`. Objects that an ExternalSecret, a SealedSecret or a Certificate brings exist.
    """
    world = world_of(manifests, outside)
    routed = {
        (backend.namespace, backend.name)
        for manifest in manifests
        if manifest.kind in ROUTES
        for backend in backends(manifest.object)
        if backend.gets_requests
    }
    findings: Findings = []
    for manifest in manifests:
        findings += [(manifest, fault) for fault in _faults(manifest, world, routed)]
    return findings


def _faults(manifest: Manifest, world: World, routed: set[tuple[str, str]]) -> Iterator[Finding]:
    obj, kind = manifest.object, manifest.kind
    if kind in TEMPLATES:
        yield from check_pods(obj, world)
    elif kind in ROUTES:
        yield from check_route(obj, world)
    elif kind == "Service":
        yield from check_service_pods(obj, world, (namespace_of(obj), manifest.name) in routed)
    elif kind == "HorizontalPodAutoscaler":
        yield from check_autoscaler_target(obj, world)
    elif kind == "PodDisruptionBudget":
        yield from check_budget_target(obj, world)
