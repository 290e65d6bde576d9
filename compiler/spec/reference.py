"""The page that lists every key of a spec, made from the JSON Schemas: what editors show stands there too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from compiler.spec.documents import KINDS
from compiler.spec.schema import TITLES, Models, Schema, schema_of

INTRODUCTION: Final = """\
# Every field of a spec

Written by `shipway schema --fields`; a test compares it with the schemas. Do not edit it by hand.

Editors show the same texts on hover (`# yaml-language-server: $schema=…` in the first line of a spec). Keys in **bold**
are required. A type that is a link has its own table.

Every key is there since version 0.2.0, the first one. The text of a key that comes later says since when.
"""
DEFINITION: Final = "#/$defs/"
NAMES: Final = {"string": "text", "integer": "integer", "number": "number", "boolean": "true or false"}
TABLE_HEAD: Final = "| Key | Type | Default | What it does |\n|---|---|---|---|\n"


def fields_page(strategies: Models, providers: Models) -> str:
    """Markdown: a chapter for each kind, in it a table for each part; what two kinds share stands in the first."""
    written: set[str] = set()
    chapters = [INTRODUCTION]
    for kind in KINDS:
        schema = schema_of(kind, strategies, providers)
        chapters.append(f"## {kind}\n\n{TITLES[kind]}.\n\n{keys_table(schema)}")
        for name in definition_order(schema):
            if name not in written:
                written.add(name)
                chapters.append(definition_section(name, schema["$defs"][name]))
    return "\n".join(chapters)


def definition_order(schema: Schema) -> list[str]:
    """The names of the parts in the order in which a reader meets them, each once."""
    names = list(dict.fromkeys(references(schema["properties"])))
    for name in names:  # grows on the way
        names += [each for each in dict.fromkeys(references(schema["$defs"][name])) if each not in names]
    return names


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].removeprefix(DEFINITION)
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def definition_section(name: str, definition: Schema) -> str:
    text = definition.get("description", "")
    lead = f"### {name}\n\n{text}\n"
    if definition.get("properties"):
        return f"{lead}\n{keys_table(definition)}"
    held = container_text(definition)
    return f"{lead}\nA {held}.\n" if held else lead


def keys_table(definition: Schema) -> str:
    required = definition.get("required", ())
    return TABLE_HEAD + "".join(key_row(key, part, key in required) for key, part in definition["properties"].items())


def key_row(key: str, part: Schema, required: bool) -> str:
    name = f"**`{key}`**" if required else f"`{key}`"
    cells = (name, type_text(part), default_text(part), part.get("description", ""))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def default_text(part: Schema) -> str:
    value = part.get("default")
    if value is None or value == "":
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def type_text(part: Schema) -> str:
    """What a value may be: `integer, 1 to 65535 or [ContainerPort](#containerport)`."""
    if "$ref" in part:
        name = part["$ref"].removeprefix(DEFINITION)
        return f"[{name}](#{name.lower()})"
    choices = part.get("anyOf")
    if choices:
        return " or ".join(dict.fromkeys(type_text(each) for each in choices if each.get("type") != "null"))
    if "const" in part or "enum" in part:
        return " or ".join(f"`{value}`" for value in part.get("enum", [part.get("const")]))
    return container_text(part) or NAMES[part["type"]] + range_text(part)


def container_text(part: Schema) -> str:
    """Of a list or a map, what it holds; empty for a single value."""
    if part["type"] == "array":
        return f"list of {type_text(part['items'])}"
    if part["type"] != "object":
        return ""
    if "properties" in part:
        return "; ".join(f"`{key}`: {type_text(each)}" for key, each in part["properties"].items())
    held = next(iter(part.get("patternProperties", {}).values()), part.get("additionalProperties"))
    if held is False:
        return ""
    return f"map of {type_text(held)}" if isinstance(held, dict) else "map"


def range_text(part: Schema) -> str:
    low, high = part.get("minimum"), part.get("maximum")
    if low is None or high is None:
        return ""
    return f", {low} to {high}"
