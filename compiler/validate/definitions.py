"""Definitions of a JSON Schema, and which of them a schema needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Schema = dict[str, Any]


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
