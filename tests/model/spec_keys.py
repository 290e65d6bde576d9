"""Every key that a spec can have, found by walking the models: a new field is a new key here by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from compiler.diagnostics.model import Path
from compiler.spec.environment import Environment
from compiler.spec.model_problems import annotation_members, more_keys
from compiler.spec.release import Group, Release
from compiler.strategies import STRATEGIES
from compiler.traffic.providers import providers

NAME = "NAME"
"""stands in a path for the key of a map whose keys the spec chooses"""


@dataclass(frozen=True)
class SpecKey:
    """A key by its place in a document, and by the model and field that it is."""

    kind: str
    path: Path
    field: str
    holds_keys: bool
    """whether keys of its own stand below it"""

    def __str__(self) -> str:
        return f"{self.kind}:{'.'.join(map(str, self.path))}"


def every_key() -> list[SpecKey]:
    keys = [key for model in (Environment, Release, Group) for key in keys_of(model, model.__name__, ())]
    for name, strategy in STRATEGIES.items():
        keys += keys_of(strategy.SPEC, "Release", ("spec", "strategy", name))
    for name, provider in providers().items():
        keys += keys_of(provider.SPEC, "Environment", ("spec", "traffic", name))
    return keys


def keys_of(model: type[BaseModel], kind: str, base: Path) -> Iterator[SpecKey]:
    for name, field in model.model_fields.items():
        path = (*base, str(field.alias or name))
        inside = list(models_in(field.annotation, path))
        yield SpecKey(kind, path, f"{declaring(model, name).__name__}.{field.alias or name}", bool(inside))
        for inner, below in inside:
            yield from keys_of(inner, kind, below)
    for values in more_keys(model):  # type: ignore[arg-type]
        for inner, below in models_in(values, base):
            yield from keys_of(inner, kind, below)


def declaring(model: type[BaseModel], name: str) -> type[BaseModel]:
    """The class that the field is written in: `version` of a track is that of every version."""
    return next(each for each in reversed(model.__mro__) if name in getattr(each, "__annotations__", {}))


def models_in(annotation: Any, path: Path) -> Iterator[tuple[type[BaseModel], Path]]:
    """The models that an annotation can hold, and where."""
    for kind in annotation_members(annotation):
        origin = getattr(kind, "__origin__", None)
        arguments: tuple[Any, ...] = getattr(kind, "__args__", ())
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield kind, path
        elif origin is dict:
            yield from models_in(arguments[1], (*path, NAME))
        elif origin is tuple:
            yield from models_in(arguments[0], (*path, 0))
