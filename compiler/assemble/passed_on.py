"""Fields that a spec and Kubernetes have in common: declared in the spec's model, written by one loop."""

from __future__ import annotations

from functools import cache
from typing import Any

from compiler.model.manifest import Object
from compiler.spec.base import Model, PassedOn


def passed_on(model: Model) -> Object:
    """What the model's fields that are marked `PassedOn` write into the object; those that are None write nothing."""
    written: Object = {}
    for name, path in passed_on_fields(type(model)):
        value = getattr(model, name)
        if value is not None:
            set_at(written, path, list(value) if isinstance(value, tuple) else value)
    return written


@cache
def passed_on_fields(kind: type[Model]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The names of the marked fields, and where their values go."""
    return tuple(
        (name, mark.path or (field.alias or name,))
        for name, field in kind.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, PassedOn)
    )


def set_at(tree: Object, path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        tree = tree.setdefault(key, {})
    tree[path[-1]] = value
