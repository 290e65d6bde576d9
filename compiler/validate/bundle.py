"""Writes `schemas/`: run `python -m compiler.validate.bundle` by hand when a dependency below moves.

The Kubernetes part needs kubernetes-validate (of the dev extras); `--custom` also rebuilds the custom
resources and needs Go, which fetches the modules that carry their CRDs. A traffic provider names those of its kinds in
`schemas/sources.toml` of its own folder, and has their schemas there.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml  # of the dev extras; the package itself never needs this module

from compiler.validate.kind_schemas import READ_KINDS, reachable_definitions
from compiler.validate.reduce import (
    Schema,
    extract_shared_definitions,
    reduce_schema,
    short_name,
    without_server_fields,
)

FOLDER = Path(__file__).parent / "schemas"
PROVIDERS = FOLDER.parents[1] / "traffic"
MERGE_KEYS = FOLDER.parents[1] / "assemble" / "merge_keys.json"
BUNDLED_VERSION_COUNT = 5
META = "meta.v1.ObjectMeta"

KINDS = {
    "v1": (
        *("ConfigMap", "LimitRange", "Namespace", "PersistentVolumeClaim", "ResourceQuota"),
        *("Pod", "Secret", "Service", "ServiceAccount"),
    ),
    "apps/v1": ("DaemonSet", "Deployment", "StatefulSet"),
    "autoscaling/v2": ("HorizontalPodAutoscaler",),
    "batch/v1": ("CronJob", "Job"),
    "networking.k8s.io/v1": ("Ingress", "NetworkPolicy"),
    "policy/v1": ("PodDisruptionBudget",),
    "rbac.authorization.k8s.io/v1": ("Role", "RoleBinding"),
}

# Go module → its CRDs. All are under the Apache License 2.0.
CUSTOM_RESOURCES = {
    "github.com/cert-manager/cert-manager@v1.21.2": ("deploy/crds/cert-manager.io_certificates.yaml",),
    "github.com/external-secrets/external-secrets@v1.3.2": (
        "config/crds/bases/external-secrets.io_externalsecrets.yaml",
    ),
    "github.com/bitnami-labs/sealed-secrets@v0.40.0": ("helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml",),
    "github.com/argoproj/argo-cd/v3@v3.5.7": (
        "manifests/crds/application-crd.yaml",
        "manifests/crds/applicationset-crd.yaml",
        "manifests/crds/appproject-crd.yaml",
    ),
}


def published_definitions() -> Iterator[tuple[str, dict[str, Schema]]]:
    """(`1.34`, its published definitions) for the newest minor versions, the oldest of them first."""
    published = files("kubernetes_validate") / "kubernetes-json-schema"
    names = [folder.name for folder in published.iterdir() if folder.name.endswith(".0-local-strict")]
    minors = sorted(int(name.split(".")[1]) for name in names)[-BUNDLED_VERSION_COUNT:]
    for minor in minors:
        text = (published / f"v1.{minor}.0-local-strict" / "_definitions.json").read_text()
        yield f"1.{minor}", json.loads(text)["$defs"]


def kubernetes_bundles(wanted: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Schema]]:
    """(`1.34`, its bundle of the wanted kinds) for each of them; `wanted` has them by `apiVersion`."""
    return ((version, kubernetes_bundle(definitions, wanted)) for version, definitions in published_definitions())


def kubernetes_bundle(published: dict[str, Schema], wanted: Mapping[str, Sequence[str]]) -> Schema:
    """The bundle of one version from all its published definitions; `kinds` maps `apiVersion kind` to a definition."""
    kinds = {f"{version} {kind}": _definition(version, kind) for version, names in wanted.items() for kind in names}
    definitions = {short_name(name): reduce_schema(schema) for name, schema in published.items()}
    for name in (META, *kinds.values()):
        definitions[name] = without_server_fields(definitions[name])
    return {"kinds": kinds, "$defs": reachable_definitions(kinds.values(), definitions)}


def merge_keys(published: dict[str, Schema]) -> Schema:
    """Which lists of which kinds merge by keys: `kinds` by `apiVersion kind`, `fields` by definition."""
    fields = {short_name(name): dict(_merged_fields(schema)) for name, schema in published.items()}
    kinds = {f"{version} {kind}": _definition(version, kind) for version, names in KINDS.items() for kind in names}
    leading: set[str] = set()
    while more := {name for name in fields if any(_leads(each, leading) for each in fields[name].values())} - leading:
        leading |= more
    kept: Schema = {}
    waiting = [name for name in kinds.values() if name in leading]
    while waiting:
        name = waiting.pop()
        if name not in kept:
            kept[name] = {key: each for key, each in fields.get(name, {}).items() if _leads(each, leading)}
            waiting += [below for below, _ in kept[name].values() if below in leading]
    return {"kinds": {kind: name for kind, name in kinds.items() if name in kept}, "fields": kept}


def _leads(field: list[Any], useful: set[str]) -> bool:
    return bool(field[1]) or field[0] in useful


def _merged_fields(schema: Schema) -> Iterator[tuple[str, list[Any]]]:
    """Each field that holds another definition: that definition, and the keys of its list (none: no such list)."""
    for name, field in schema.get("properties", {}).items():
        items = field.get("items") or {}
        reference = field.get("$ref") or items.get("$ref")
        merges = "merge" in str(field.get("x-kubernetes-patch-strategy", ""))
        keys = field.get("x-kubernetes-list-map-keys") or [field.get("x-kubernetes-patch-merge-key")]
        if reference:
            yield name, [short_name(reference), [key for key in keys if key] if merges and items else []]


def _definition(version: str, kind: str) -> str:
    group, _, number = version.rpartition("/")
    return f"{group.split('.')[0] or 'core'}.{number}.{kind}"


def custom_bundles(resources: Mapping[str, Sequence[str]], meta: Schema) -> Iterator[tuple[str, Schema]]:
    """(`Certificate`, its bundle) for each custom resource, with `meta` as the schema of its metadata."""
    for module, paths in resources.items():
        folder = _module_folder(module)
        for path in paths:
            crd = yaml.safe_load((folder / path).read_text())
            yield crd["spec"]["names"]["kind"], custom_bundle(crd["spec"], meta)


def custom_bundle(crd: dict[str, Any], meta: Schema) -> Schema:
    """The bundle of one CustomResourceDefinition's spec: each version that is served."""
    group, kind = crd["group"], crd["names"]["kind"]
    kinds: dict[str, str] = {}
    definitions: dict[str, Schema] = {META: meta}
    for version in crd["versions"]:
        if not version["served"]:
            continue
        name = f"{group}.{version['name']}.{kind}"
        schema = without_server_fields(reduce_schema(version["schema"]["openAPIV3Schema"]))
        schema["properties"]["metadata"] = {"$ref": f"#/$defs/{META}"}
        definitions[name], parts = extract_shared_definitions(schema, name)
        definitions |= parts
        kinds[f"{group}/{version['name']} {kind}"] = name
    return {"kinds": kinds, "$defs": definitions}


def _module_folder(module: str) -> Path:
    command = ["go", "mod", "download", "-json", module]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    return Path(json.loads(done.stdout)["Dir"])


def _write_bundle(file: Path, bundle: Schema) -> None:
    file.write_text(json.dumps(bundle, separators=(",", ":"), sort_keys=True) + "\n")


def write_bundles() -> None:
    """Writes the Kubernetes bundles, and with `--custom` also those of the custom resources."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--custom", action="store_true", help="also the custom resources (needs Go)")
    custom = parser.parse_args().custom
    FOLDER.mkdir(exist_ok=True)
    meta: Schema = {}
    keys: Schema = {}
    for version, definitions in published_definitions():
        bundle = kubernetes_bundle(definitions, KINDS)
        _write_bundle(FOLDER / f"kubernetes-{version}.json", bundle)
        _write_bundle(FOLDER / f"read-kubernetes-{version}.json", kubernetes_bundle(definitions, READ_KINDS))
        meta = bundle["$defs"][META]
        keys = merge_keys(definitions)
    MERGE_KEYS.write_text(json.dumps(keys, separators=(",", ":"), sort_keys=True) + "\n")
    if custom:
        sources = {file.parent: tomllib.loads(file.read_text()) for file in PROVIDERS.glob("*/schemas/sources.toml")}
        for folder, resources in {FOLDER: CUSTOM_RESOURCES, **sources}.items():
            for kind, bundle in custom_bundles(resources, meta):
                _write_bundle(folder / f"{kind}.json", bundle)


if __name__ == "__main__":
    write_bundles()
