"""The closed world: every field of every kind that Kubernetes and the bundled custom resources have is classified.

A field that a new version adds fails here until somebody says in `compiler/transition/classification/` whether the
verifier judges it, or what shows that it does no harm, or what it may influence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from compiler.model.classification import Entries, Field, Items
from compiler.traffic import provider_schemas
from compiler.transition.classification import Inert, KindTable, Modeled, Unjudged, classified_kind
from compiler.transition.classification.registry import UNKNOWN_KIND, every_table
from compiler.validate.kind_schemas import CUSTOM_GROUPS, VERSIONS

Schema = dict[str, Any]
PUBLISHED = files("kubernetes_validate") / "kubernetes-json-schema"
BUNDLED = Path(__file__).parents[2] / "compiler" / "validate" / "schemas"
IDENTITY = ("apiVersion", "kind", "status")
REQUEST_KINDS = ("DeleteOptions", "WatchEvent", "Status", "APIGroup", "APIResource", "APIVersions")


@cache
def published(version: str) -> Mapping[str, Schema]:
    text = (PUBLISHED / f"v{version}.0-local-strict" / "_definitions.json").read_text()
    return dict(json.loads(text)["$defs"])


def newest_versions() -> list[str]:
    """The minor versions of the schemas that the development tools carry, and those that are bundled."""
    names = [folder.name for folder in PUBLISHED.iterdir() if folder.name.endswith(".0-local-strict")]
    every = sorted(
        (name.removeprefix("v").removesuffix(".0-local-strict") for name in names), key=lambda v: v.split(".")
    )
    return [version for version in every if tuple(version.split(".")) >= tuple(VERSIONS[0].split("."))]


def built_in_kinds(version: str) -> Iterator[tuple[str, str, Schema]]:
    """(group, kind, schema) of everything that can stand in a manifest."""
    for schema in published(version).values():
        for name in schema.get("x-kubernetes-group-version-kind", ()):
            if not name["kind"].endswith("List") and name["kind"] not in REQUEST_KINDS:
                yield name["group"], name["kind"], schema


def resolved(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    return schema


def unclassified(
    schema: Schema, entry: Field | None, definitions: Mapping[str, Schema], path: str, depth: int = 0
) -> Iterator[str]:
    """The fields of the schema for which the table has no word."""
    schema = resolved(schema, definitions)
    if entry is None:
        yield path
    elif isinstance(entry, Items):
        yield from unclassified(schema["items"], entry.of, definitions, f"{path}[]", depth + 1)
    elif isinstance(entry, Mapping):
        for name, inner in schema.get("properties", {}).items():
            if depth or name not in IDENTITY:
                yield from unclassified(inner, entry.get(name), definitions, f"{path}.{name}".lstrip("."), depth + 1)
    else:
        assert isinstance(entry, Modeled | Inert | Unjudged | Entries)


def unclassified_in_kind(group: str, kind: str, schema: Schema, definitions: Mapping[str, Schema]) -> list[str]:
    known = classified_kind(group, kind)
    if known is UNKNOWN_KIND:
        return [f"{group}/{kind}"]
    if isinstance(known, KindTable):
        return [f"{group}/{kind} {path}" for path in unclassified(schema, known.fields, definitions, "")]
    return []


@pytest.mark.parametrize("version", newest_versions())
def test_every_field_of_every_built_in_kind_is_classified(version: str) -> None:
    missing = [
        field
        for group, kind, schema in built_in_kinds(version)
        for field in unclassified_in_kind(group, kind, schema, published(version))
    ]
    assert sorted(set(missing)) == []


@pytest.mark.parametrize("file", [*sorted(BUNDLED.glob("*.json")), *provider_schemas()], ids=lambda file: file.stem)
def test_every_field_of_every_bundled_schema_is_classified(file: Path) -> None:
    bundle = json.loads(file.read_text())
    missing = []
    for name, definition in bundle["kinds"].items():
        version, kind = name.split(" ")
        group = version.rpartition("/")[0]
        missing += unclassified_in_kind(group, kind, bundle["$defs"][definition], bundle["$defs"])
    assert sorted(set(missing)) == []


def test_the_bundled_custom_resources_have_tables() -> None:
    for group, kinds in CUSTOM_GROUPS.items():
        assert all(isinstance(classified_kind(group, kind), KindTable) for kind in kinds), group


def test_every_table_is_found_by_its_kind() -> None:
    tables = list(every_table())
    assert all(classified_kind(table.group, table.kind) is table for table in tables)
    assert len(tables) > 35


def words(entry: Field) -> Iterator[str]:
    if isinstance(entry, Items):
        yield from words(entry.of)
    elif isinstance(entry, Mapping):
        for inner in entry.values():
            yield from words(inner)
    elif isinstance(entry, Modeled):
        yield entry.by
    elif isinstance(entry, Inert):
        yield entry.source
    elif isinstance(entry, Unjudged):
        yield entry.influence


def test_nothing_is_classified_without_a_reason() -> None:
    assert all(len(word) > 5 for table in every_table() for word in words(table.fields))
