"""The JSON Schemas of the specs, made from the models: editors complete and check with them, and they cannot drift."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.spec.base import Model
from compiler.spec.descriptions import description_of
from compiler.spec.documents import KINDS

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
TITLES: Final = {
    "Environment": "Where releases go, and what is allowed there",
    "Release": "One service in one environment",
    "Group": "Releases whose major changes move together",
}


Models = Mapping[str, type[Model]]
"""What a one-of key may hold, by the names of its keys."""


def schemas(strategies: Models, providers: Models) -> dict[str, bytes]:
    """The schema of each kind of spec by its file's name: `release.json`. Equal models give equal bytes."""
    return {f"{kind.lower()}.json": schema_json(schema_of(kind, strategies, providers)) for kind in KINDS}


def catalog_schema(strategies: Models, providers: Models) -> bytes:
    """One schema for files of every kind, told apart by `kind`: a catalog such as SchemaStore has one for a pattern.

    It refers to nothing outside of itself.
    """
    models = [*KINDS.values(), *strategies.values(), *providers.values()]
    definitions = model_definitions(*models)
    for kind in KINDS:
        definitions = with_choice(kind, definitions, strategies, providers)
    top: Schema = {
        "type": "object",
        "required": ["apiVersion", "kind"],
        "properties": {
            "apiVersion": definitions["Release"]["properties"]["apiVersion"],
            "kind": {"enum": [*KINDS], "description": "What this file describes."},
        },
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/{kind}"},
            }
            for kind in KINDS
        ],
    }
    return schema_json(
        {"$schema": DIALECT, "$id": "shipway.json", "title": "A spec of Shipway", **top, "$defs": definitions}
    )


def schema_json(schema: Schema) -> bytes:
    return (json.dumps(schema, indent=1, ensure_ascii=False) + "\n").encode()


def schema_of(kind: str, strategies: Models, providers: Models) -> Schema:
    """The schema of one kind, with the part of each strategy or provider at its one-of key."""
    _, models, _ = choice_of(kind, strategies, providers)
    definitions = with_choice(kind, model_definitions(KINDS[kind], *models.values()), strategies, providers)
    top = definitions.pop(kind)
    return {"$schema": DIALECT, "$id": f"{kind.lower()}.json", **top, "title": TITLES[kind], "$defs": definitions}


def choice_of(kind: str, strategies: Models, providers: Models) -> tuple[str, Models, int]:
    """The one-of key of a kind, what it may hold, and how many of it at once; an empty key where it has none."""
    parts = {"Release": ("strategy", strategies, 1), "Environment": ("traffic", providers, 2)}
    return parts.get(kind, ("", {}, 0))


def with_choice(kind: str, definitions: dict[str, Schema], strategies: Models, providers: Models) -> dict[str, Schema]:
    """The definitions with what a kind's one-of key may hold."""
    key, models, most = choice_of(kind, strategies, providers)
    if key:
        choice = definitions[f"{kind}Spec"]["properties"][key]
        definitions[f"{kind}Spec"]["properties"][key] = {
            **one_of_schema(models, most),
            "description": choice["description"],
        }
    return with_bases(definitions) if kind == "Release" else definitions


def model_definitions(*models: type[Model]) -> dict[str, Schema]:
    """The schemas of the models and of all that they hold, by the models' names."""
    from pydantic.json_schema import models_json_schema  # noqa: PLC0415 - only this command makes schemas

    _, whole = models_json_schema([(model, "validation") for model in models], by_alias=True)
    definitions: dict[str, Schema] = dict(sorted(whole["$defs"].items()))
    for model in reachable_models(*models):
        if model.__name__ in definitions:
            add_descriptions(definitions[model.__name__], model)
    forbid_extra_keys(definitions)
    return definitions


def forbid_extra_keys(part: Any) -> None:
    """Maps whose keys have a form take no others: pydantic says what such a key may hold, and lets any other pass."""
    if isinstance(part, dict):
        if "patternProperties" in part:
            part.setdefault("additionalProperties", False)
        for inner in part.values():
            forbid_extra_keys(inner)
    elif isinstance(part, list):
        for inner in part:
            forbid_extra_keys(inner)


def reachable_models(*models: type[Model]) -> Iterator[type[Model]]:
    """The models and, of each, those that it is made of."""
    for model in Model.__subclasses__():
        yield from nested_models(model)
    yield from models


def nested_models(model: type[Model]) -> Iterator[type[Model]]:
    yield model
    for each in model.__subclasses__():
        yield from nested_models(each)


def add_descriptions(schema: Schema, model: type[Model]) -> None:
    """The texts that editors show on hover: of the model, and of each of its keys."""
    schema.pop("title", None)
    describe(schema, description_of(model))
    for name, field in model.model_fields.items():
        part = schema.get("properties", {}).get(field.alias or name)
        if part is not None:
            part.pop("title", None)
            if not isinstance(part.get("default"), str | int | float):
                part.pop("default", None)  # null and nested defaults are noise in an editor
            describe(part, description_of(model, field.alias or name))


def describe(part: Schema, text: str) -> None:
    if text:
        part["description"] = text


def one_of_schema(models: Mapping[str, type[Model]], most: int) -> Schema:
    """A map of one to `most` of the keys: editors complete it better than `oneOf`, and it means the same.

    Not by `maxProperties`: an editor proposes no key where the one that is being typed counts as the last.
    """
    return {
        "type": "object",
        "properties": {
            name: {"$ref": f"#/$defs/{model.__name__}", "description": description_of(model)}
            for name, model in models.items()
        },
        "additionalProperties": False,
        "minProperties": 1,
        "not": {"anyOf": [{"required": list(names)} for names in itertools.combinations(models, most + 1)]},
    }


def with_bases(definitions: dict[str, Schema]) -> dict[str, Schema]:
    """A release that extends another needs none of the keys that its base may hold; the compiler checks the whole."""
    spec, container = definitions["ReleaseSpec"], definitions["Container"]
    required = spec.pop("required")
    container.pop("required", None)
    spec["anyOf"] = [{"required": ["extends"]}, {"required": required}]
    return definitions
