"""What a spec names that is not Shipway's to make: Secrets, claims and accounts that exist in the cluster already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from compiler.model.compiled import CompiledRelease
from compiler.spec.container import Env, SecretKey
from compiler.spec.release import Release

ReferencedObject = tuple[str, str]
"""Kind and name."""

REFERENCE_FIELDS: Final = {
    "secretRef": ("Secret", "name"),
    "secretKeyRef": ("Secret", "name"),
    "secret": ("Secret", "secretName"),
    "configMapRef": ("ConfigMap", "name"),
    "configMapKeyRef": ("ConfigMap", "name"),
    "configMap": ("ConfigMap", "name"),
    "persistentVolumeClaim": ("PersistentVolumeClaim", "claimName"),
}


def external_objects_of(release: CompiledRelease) -> frozenset[ReferencedObject]:
    """What exists in the cluster because the release's spec says so."""
    versions = release.strategy.tracks(release.subject).values()
    return external_references(release.subject.release, tuple(version.env for version in versions))


def external_references(release: Release, versions_env: tuple[Env, ...]) -> frozenset[ReferencedObject]:
    """Every object that the release's spec names as it stands in Kubernetes' own words."""
    return frozenset(referenced_objects(release, versions_env))


def referenced_objects(release: Release, versions_env: tuple[Env, ...]) -> Iterator[ReferencedObject]:
    spec = release.spec
    if spec.expose.tls is not None and spec.expose.tls.secret_name is not None:
        yield "Secret", spec.expose.tls.secret_name
    for env in (spec.container.env, *versions_env):
        for value in env.values():
            if isinstance(value, SecretKey):
                yield "Secret", value.secret
    for name in spec.pods.image_pull_secrets:
        yield "Secret", name
    if spec.pods.service_account is not None:
        yield "ServiceAccount", spec.pods.service_account
    for volume in spec.pods.models:
        if volume.claim is not None:
            yield "PersistentVolumeClaim", volume.claim
    plain = (spec.container.env_from, spec.pods.volumes, spec.pods.init_containers, spec.pods.sidecars, spec.overrides)
    for tree in plain:
        yield from references_in(tree)


def references_in(tree: Any) -> Iterator[ReferencedObject]:
    """The references in a piece of a Kubernetes object."""
    if isinstance(tree, list | tuple):
        for item in tree:
            yield from references_in(item)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            kind, field = REFERENCE_FIELDS.get(key, ("", ""))
            if kind and isinstance(value, dict) and isinstance(value.get(field), str):
                yield kind, value[field]
            yield from references_in(value)
