"""What a spec names that is not Shipway's to make: Secrets, claims and accounts that exist in the cluster already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from compiler.model.compiled import CompiledRelease
from compiler.spec.container import ConfigMapKey, Env, SecretKey
from compiler.spec.release import Release

ReferencedObject = tuple[str, str]
"""Kind and name."""

REFERENCE_FIELDS: Final = {
    "secretRef": ("Secret", "name"),
    "secretKeyRef": ("Secret", "name"),
    "secret": ("Secret", "secretName"),
    "imagePullSecrets": ("Secret", "name"),
    "tls": ("Secret", "secretName"),
    "configMapRef": ("ConfigMap", "name"),
    "configMapKeyRef": ("ConfigMap", "name"),
    "configMap": ("ConfigMap", "name"),
    "persistentVolumeClaim": ("PersistentVolumeClaim", "claimName"),
}


def external_objects_of(release: CompiledRelease) -> frozenset[ReferencedObject]:
    """What exists in the cluster because the release's spec says so."""
    versions = release.strategy.tracks(release.subject).values()
    outside = (*release.environment.model.spec.outside, *release.subject.release.spec.outside)
    known = frozenset((kind, name) for kind, _, name in (each.partition("/") for each in outside))
    return known | external_references(release.subject.release, tuple(version.env for version in versions))


def external_references(release: Release, versions_env: tuple[Env, ...]) -> frozenset[ReferencedObject]:
    """Every object that the release's spec names as it stands in Kubernetes' own words."""
    return frozenset(referenced_objects(release, versions_env))


def referenced_objects(release: Release, versions_env: tuple[Env, ...]) -> Iterator[ReferencedObject]:
    spec = release.spec
    if spec.expose.tls is not None and spec.expose.tls.secret_name is not None:
        yield "Secret", spec.expose.tls.secret_name
    if spec.expose.tls is not None:
        yield from (("Secret", name) for name in spec.expose.tls.secrets or ())
    jobs_env = tuple(job.env for job in spec.jobs.values())
    for env in (spec.container.env, *versions_env, *jobs_env):
        for value in env.values():
            if isinstance(value, SecretKey):
                yield "Secret", value.secret
            elif isinstance(value, ConfigMapKey):
                yield "ConfigMap", value.config_map
    for name in spec.pods.image_pull_secrets:
        yield "Secret", name
    if spec.pods.service_account is not None:
        yield "ServiceAccount", spec.pods.service_account
    for volume in spec.pods.models:
        if volume.claim is not None:
            yield "PersistentVolumeClaim", volume.claim
    plain = (spec.container.env_from, spec.pods.volumes, spec.pods.init_containers, spec.pods.sidecars, spec.overrides)
    for tree in (*plain, *(job.overrides for job in spec.jobs.values())):
        yield from references_in(tree)


def references_in(tree: Any) -> Iterator[ReferencedObject]:
    """The references in a piece of a Kubernetes object."""
    if isinstance(tree, list | tuple):
        for item in tree:
            yield from references_in(item)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from field_references(key, value)
            yield from references_in(value)


def field_references(key: str, value: Any) -> Iterator[ReferencedObject]:
    """What the field names by itself: one object, or one for each item of a list."""
    if key == "serviceAccountName" and isinstance(value, str):
        yield "ServiceAccount", value
    kind, field = REFERENCE_FIELDS.get(key, ("", ""))
    for holder in value if isinstance(value, list | tuple) else [value]:
        if kind and isinstance(holder, dict):
            # a projection names its Secret by `name`, a volume by `secretName`
            name = holder.get(field, holder.get("name"))
            if isinstance(name, str):
                yield kind, name
