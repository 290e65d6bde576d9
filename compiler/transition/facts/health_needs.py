"""What objects of other controllers need before Argo CD calls them Healthy, beside what their pods name.

Source: Argo CD, resource_customizations/*/health.lua of these kinds (Degraded where `Ready` is False, Progressing while
a certificate is issued); external-secrets, pkg/controllers/secretstore; cert-manager, pkg/controller/certificates;
KEDA, controllers/keda `ResolveScaleTargetPodSpec`; Argo Rollouts, rollout/controller.go (`InvalidSpec`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.named_objects import named_objects
from compiler.transition.facts.workload import read_scaler

HealthNeed = tuple[Key, str]
"""An object without which another does not get Healthy, and why, in words."""
LOOKED_UP = frozenset(
    {"AnalysisTemplate", "ClusterAnalysisTemplate", "DestinationRule", "Ingress", "Service", "VirtualService"}
)
"""What a Rollout names and is InvalidSpec without (rollout/controller.go `getRolloutReferencedResources`)."""


def health_needs(key: Key, obj: Object) -> Iterator[HealthNeed]:
    """The objects without which `obj` does not become Healthy."""
    needs = _NEEDS.get((key.group, key.kind))
    if needs is not None:
        yield from needs(key, obj)


def _stores(key: Key, obj: Object) -> Iterator[HealthNeed]:
    spec = mapping_or_empty(obj.get("spec"))
    sources = (*mapping_items(spec.get("data")), *mapping_items(spec.get("dataFrom")))
    own = [mapping_or_empty(nested_value(source, "sourceRef", "storeRef")) for source in sources]
    for reference in (mapping_or_empty(spec.get("secretStoreRef")), *own):
        if reference.get("name"):
            yield _referenced(key, reference, "SecretStore"), "it reads the values from there"


def _issuer(key: Key, obj: Object) -> Iterator[HealthNeed]:
    reference = mapping_or_empty(nested_value(obj, "spec", "issuerRef"))
    if reference.get("name") and reference.get("group", key.group) == key.group:
        yield _referenced(key, reference, "Issuer"), "it issues the certificate"


def _scaled(key: Key, obj: Object) -> Iterator[HealthNeed]:
    yield read_scaler(obj, key).target, "it scales it"
    for trigger in mapping_items(nested_value(obj, "spec", "triggers")):
        reference = mapping_or_empty(trigger.get("authenticationRef"))
        if reference.get("name"):
            yield _referenced(key, reference, "TriggerAuthentication"), "its trigger logs in with it"


def _strategy_parts(key: Key, obj: Object) -> Iterator[HealthNeed]:
    """What the controller looks up before it does anything; the route of its plugin for Gateway API it does not."""
    named = (each.key for each in sorted(named_objects(obj, key)))
    yield from ((each, "its strategy names it") for each in named if each.kind in LOOKED_UP)


def _referenced(key: Key, reference: Mapping[str, Any], default: str) -> Key:
    kind = str(reference.get("kind") or default)
    return Key(key.group, kind, "" if kind.startswith("Cluster") else key.namespace, str(reference["name"]))


_NEEDS: Mapping[tuple[str, str], Callable[[Key, Object], Iterator[HealthNeed]]] = {
    ("external-secrets.io", "ExternalSecret"): _stores,
    ("cert-manager.io", "Certificate"): _issuer,
    ("keda.sh", "ScaledObject"): _scaled,
    ("argoproj.io", "Rollout"): _strategy_parts,
}
