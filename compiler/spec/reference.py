"""The page that lists every key of a spec, made from the JSON Schemas: what editors show stands there too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from compiler.spec.documents import KINDS
from compiler.spec.schema import TITLES, Models, Schema, schema_of

INTRODUCTION: Final = """\
# Every field of a spec

Written by `shipway schema --fields`; a test compares it with the schemas. Do not edit it by hand.

Editors show the same texts on hover (`# yaml-language-server: $schema=…` in the first line of a spec). Keys in **bold**
are required. A type that is a link has its own table. The name of a table is only a title; where it stands in a spec is
said below it: `[]` is an entry of a list, NAME a name that you choose.

Default "none" means that nothing is set; where that does something, the text says it. The unit of a number is in the
text, too: seconds, percent, pods, cores, bytes. Durations are written `30s`, `10m`, `1h`, `2d`.

Every key is there since version 0.2.0, the first one. The text of a key that comes later says since when.
"""
DEFINITION: Final = "#/$defs/"
NAMES: Final = {"string": "text", "integer": "integer", "number": "number", "boolean": "true or false"}
MOST_PLACES: Final = 3
TABLE_HEAD: Final = "| Key | Type | Default | What it does |\n|---|---|---|---|\n"


def fields_page(strategies: Models, providers: Models) -> str:
    """Markdown: a chapter for each kind, in it a table for each part; what two kinds share stands in the first."""
    written: set[str] = set()
    chapters = [INTRODUCTION]
    for kind in KINDS:
        schema = schema_of(kind, strategies, providers)
        chapters.append(f"## {kind}\n\n{TITLES[kind]}.\n\n{keys_table(schema)}")
        places = list(definition_places(schema, schema["$defs"], ""))
        for name in definition_order(schema):
            if name not in written:
                written.add(name)
                where = [place for held, place in places if held == name]
                chapters.append(definition_section(name, schema["$defs"][name], where))
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


def definition_places(part: Any, definitions: Mapping[str, Schema], path: str) -> Iterator[tuple[str, str]]:
    """Each part with where a spec has it: `Probe` at `spec.container.probes.startup`."""
    if isinstance(part, list):
        for each in part:
            yield from definition_places(each, definitions, path)
    if not isinstance(part, dict):
        return
    if isinstance(part.get("$ref"), str):
        name = part["$ref"].removeprefix(DEFINITION)
        yield name, path
        yield from definition_places(definitions[name], definitions, path)
    for key, each in part.get("properties", {}).items():
        yield from definition_places(each, definitions, f"{path}.{key}".removeprefix("."))
    yield from definition_places(part.get("anyOf", []), definitions, path)
    yield from definition_places(part.get("items", []), definitions, f"{path}[]")
    for each in (part.get("additionalProperties"), *part.get("patternProperties", {}).values()):
        yield from definition_places(each, definitions, f"{path}.NAME")


def definition_section(name: str, definition: Schema, places: Sequence[str]) -> str:
    shown = [f"`{place}`" for place in dict.fromkeys(places)]
    more = f" and {len(shown) - MOST_PLACES} more" if len(shown) > MOST_PLACES else ""
    text = f"{definition.get('description', '')} It is written at {', '.join(shown[:MOST_PLACES])}{more}."
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
    cells = (name, type_text(part), default_text(part, required), part.get("description", ""))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def default_text(part: Schema, required: bool) -> str:
    """The default, or that there is none: then the text of the key says what its absence means."""
    value = part.get("default")
    if required:
        return "required"
    if value is None or value == "":
        return "none"
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
