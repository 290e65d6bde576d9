"""What belongs to the environment itself: its Namespace, its quota, its default NetworkPolicy."""

from __future__ import annotations

from collections.abc import Sequence

from compiler.assemble.extras import extra_manifests, with_origins
from compiler.model.compiled import CompiledEnvironment
from compiler.model.manifest import Manifest, Object, Origin
from compiler.source.document import Document
from compiler.spec.documents import traced_environment
from compiler.spec.environment import Environment
from compiler.spec.pods import Quota

LABELS = {"app.kubernetes.io/managed-by": "shipway"}


def own_objects(environment: Environment, extras: Sequence[Document]) -> tuple[Manifest, ...]:
    """The environment's own objects, and those of files beside its spec."""
    return (*environment_objects(environment), *extra_manifests(extras, environment.spec.namespace))


def traced_own_objects(compiled: CompiledEnvironment) -> tuple[Manifest, ...]:
    """Its objects anew, over a traced spec: each field knows where it came from."""
    environment = traced_environment(compiled.documents.environment).model
    return tuple(with_origins(each, compiled.extras) for each in own_objects(environment, compiled.extras))


def environment_objects(environment: Environment) -> list[Manifest]:
    """Namespace, ResourceQuota and NetworkPolicy, as the environment asks."""
    spec = environment.spec
    manifests = [namespace(environment)]
    if spec.quota is not None:
        manifests.append(resource_quota(spec.namespace, spec.quota))
    if spec.default_deny:
        manifests.append(default_deny(spec.namespace))
    return manifests


def namespace(environment: Environment) -> Manifest:
    """The Namespace; deleting or pruning it waits for a person (Argo CD, sync options)."""
    spec = environment.spec
    obj: Object = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": spec.namespace,
            "labels": {**LABELS, **spec.namespace_labels},
            "annotations": {"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"},
        },
    }
    return Manifest(obj, Origin(("spec", "namespace"), "environment", "environment"))


def resource_quota(namespace: str, quota: Quota) -> Manifest:
    hard = {name if name == "pods" else f"requests.{name}": str(limit) for name, limit in quota.limits.items()}
    obj: Object = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "shipway", "namespace": namespace, "labels": dict(LABELS)},
        "spec": {"hard": hard},
    }
    return Manifest(obj, Origin(("spec", "quota"), "environment", "environment"))


def default_deny(namespace: str) -> Manifest:
    """No connection into the namespace but those that a release's own NetworkPolicy allows."""
    obj: Object = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "default-deny", "namespace": namespace, "labels": dict(LABELS)},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
    }
    return Manifest(obj, Origin(("spec", "defaultDeny"), "environment", "environment"))
