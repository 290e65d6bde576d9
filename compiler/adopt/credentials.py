"""Secrets that stand in a manifest as text: each variable is named, its value goes nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.adopt.running import RunningObject
from compiler.model.objects import string_entries
from compiler.validate.literal_secrets import literal_secret, literal_secrets_in_text


def secret_kind(name: str, value: str) -> str | None:
    """What kind of secret the variable or file `name` holds as text, or None."""
    kind = literal_secret(name, value)
    if kind is not None or "\n" not in value:
        return kind
    return next((held for _, held in literal_secrets_in_text(value)), None)


def secret_entries(source: RunningObject) -> Iterator[tuple[str, str]]:
    """The keys of a ConfigMap whose values hold a secret, each with its kind."""
    if source.kind == "ConfigMap":
        for name, value in string_entries(source.object.get("data")).items():
            kind = secret_kind(name, value)
            if kind is not None:
                yield name, kind


def secret_texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The places in any piece of an object whose text holds a secret (`args[2]`), each with its kind."""
    if isinstance(value, str):
        kind = secret_kind(name.rpartition(".")[2], value)
        if kind is not None:
            yield name, kind
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _item_secrets(item, f"{name}[{index}]")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from secret_texts(inner, f"{name}.{key}" if name else str(key))


def _item_secrets(item: Any, name: str) -> Iterator[tuple[str, str]]:
    """A variable is judged by its own name, everything else by its place."""
    if isinstance(item, dict) and isinstance(item.get("name"), str) and isinstance(item.get("value"), str):
        kind = secret_kind(item["name"], item["value"])
        if kind is not None:
            yield f"{name} {item['name']}", kind
    else:
        yield from secret_texts(item, name)
