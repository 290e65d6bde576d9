"""The bundled schemas: found by apiVersion and kind, tightened, compiled when first asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from compiler.traffic import provider_schemas
from compiler.validate.tighten import tighten
from compiler.validate.tighten.constraints import (
    DNS_1035,
    DNS_LABEL,
    DNS_SUBDOMAIN,
    Schema,
    shortened_name,
    text_constraint,
)

VERSIONS = ("1.33", "1.34", "1.35", "1.36", "1.37")
"""The Kubernetes minor versions whose schemas are bundled."""

_FOLDER = Path(__file__).parent / "schemas"

CUSTOM_GROUPS = {
    "cert-manager.io": ("Certificate",),
    "external-secrets.io": ("ExternalSecret",),
    "bitnami.com": ("SealedSecret",),
    "argoproj.io": ("Application", "ApplicationSet", "AppProject"),
}

READ_KINDS = {
    "admissionregistration.k8s.io/v1": (
        *("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"),
        *("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"),
    ),
    "apps/v1": ("ReplicaSet",),
    "coordination.k8s.io/v1": ("Lease",),
    "discovery.k8s.io/v1": ("EndpointSlice",),
    "flowcontrol.apiserver.k8s.io/v1": ("FlowSchema", "PriorityLevelConfiguration"),
    "networking.k8s.io/v1": ("IngressClass",),
    "node.k8s.io/v1": ("RuntimeClass",),
    "rbac.authorization.k8s.io/v1": ("ClusterRole", "ClusterRoleBinding"),
    "scheduling.k8s.io/v1": ("PriorityClass",),
    "storage.k8s.io/v1": ("CSIDriver", "StorageClass"),
    "v1": ("Endpoints", "PersistentVolume", "PodTemplate", "ReplicationController"),
}
"""Kubernetes' own kinds that folders have and no release leads to: in files of their own, so that a build reads less.

CustomResourceDefinitions are not among them: their schemas describe themselves, at a length that nobody bounds.
"""

_PATH_SEGMENT = text_constraint("(?!\\.$|\\.\\.$)[^/%]+", "a name without `/` and `%`", code="name-invalid")
# A StatefulSet's name becomes a label with eleven characters more, a CronJob's the name of a Job.
_SHORT_NAME = shortened_name(DNS_SUBDOMAIN, 52)
_NAMES: dict[str, Schema] = {
    "Service": DNS_1035,
    "Namespace": DNS_LABEL,
    "StatefulSet": _SHORT_NAME,
    "CronJob": _SHORT_NAME,
    "Job": shortened_name(DNS_SUBDOMAIN, 63),
    **dict.fromkeys(("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"), _PATH_SEGMENT),
}


class UnknownVersionError(ValueError):
    """A Kubernetes version whose schemas are not bundled."""

    def __init__(self, version: str) -> None:
        super().__init__(f"no schemas for Kubernetes {version}: there are {', '.join(VERSIONS)}")


@dataclass(frozen=True, slots=True)
class KindSchema:
    """The schema of one kind in one version of Kubernetes, and its compiled form: `accepts(obj)`."""

    schema: Schema
    accepts: Callable[[Any], bool]


@lru_cache(maxsize=1024)
def kind_schema(kubernetes: str, api_version: str, kind: str) -> KindSchema | None:
    """The shape of a kind, or None where that version of Kubernetes (`1.34`) and the custom resources lack it.

    Raises UnknownVersionError.
    """
    return _kind_schema(_bundle_file(kubernetes, api_version, kind), api_version, kind)


@lru_cache(maxsize=256)
def _kind_schema(file: Path, api_version: str, kind: str) -> KindSchema | None:
    bundle = _bundle(file)
    definition = bundle["kinds"].get(f"{api_version} {kind}")
    if definition is None:
        return None
    schema = _root_schema(definition, kind, reachable_definitions([definition], bundle["$defs"]))
    return KindSchema(schema, jsonschema_rs.Draft202012Validator(schema).is_valid)


def known_kinds(kubernetes: str) -> tuple[str, ...]:
    """Every `apiVersion kind` of the bundled schemas, in alphabetical order. Raises UnknownVersionError."""
    custom = [_FOLDER / f"{name}.json" for names in CUSTOM_GROUPS.values() for name in names]
    files = (_kubernetes_file(kubernetes), *custom, *provider_schemas())
    read = (f"{version} {kind}" for version, kinds in READ_KINDS.items() for kind in kinds)
    return tuple(sorted((*read, *(kind for file in files for kind in _bundle(file)["kinds"]))))


@lru_cache(maxsize=1024)
def _bundle_file(kubernetes: str, api_version: str, kind: str) -> Path:
    native = _kubernetes_file(kubernetes)
    if kind in READ_KINDS.get(api_version, ()):
        return _FOLDER / f"read-{native.name}"
    if kind in CUSTOM_GROUPS.get(api_version.partition("/")[0], ()):
        return _FOLDER / f"{kind}.json"
    # by the file's name first: only the schemas that are asked for are read
    named = (file for file in provider_schemas() if file.stem == kind)
    return next((file for file in named if f"{api_version} {kind}" in _bundle(file)["kinds"]), native)


def _kubernetes_file(kubernetes: str) -> Path:
    if kubernetes not in VERSIONS:
        raise UnknownVersionError(kubernetes)
    return _FOLDER / f"kubernetes-{kubernetes}.json"


@lru_cache(maxsize=32)
def _bundle(file: Path) -> Schema:
    bundle = json.loads(file.read_bytes())
    return {"kinds": bundle["kinds"], "$defs": tighten(bundle["$defs"])}


def _root_schema(definition: str, kind: str, definitions: dict[str, Schema]) -> Schema:
    """A schema of whole objects: with the fields that make an object, and the names that the kind takes."""
    metadata = {"required": ["name"], "properties": {"name": _NAMES.get(kind, DNS_SUBDOMAIN)}}
    return {
        "$ref": f"#/$defs/{definition}",
        "required": ["apiVersion", "kind", "metadata"],
        "properties": {"metadata": metadata},
        "$defs": definitions,
    }


def reachable_definitions(roots: Iterable[str], definitions: dict[str, Schema]) -> dict[str, Schema]:
    """Those of the reduced `definitions` that `roots` reach, in alphabetical order."""
    names: dict[str, Schema] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in names:
            names[name] = definitions[name]
            waiting += definition_references(names[name])
    return dict(sorted(names.items()))


def definition_references(schema: Any) -> Iterator[str]:
    """The names of the definitions that `schema` refers to, with repetitions."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix("#/$defs/")
        for inner in schema.values():
            yield from definition_references(inner)
