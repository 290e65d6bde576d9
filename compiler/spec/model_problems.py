"""What pydantic refuses, as problems that speak of the document's own paths. Loaded where something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, get_type_hints

from compiler.diagnostics.model import Path, Problem
from compiler.spec.base import Model
from compiler.spec.unions import closest_member_errors
from compiler.spec.wording import missing_key, unknown_key, wrong_key, wrong_value
from compiler.support.suggest import did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def model_problems(errors: Sequence[ErrorDetails], model: type[Model], data: Any, base: Path) -> list[Problem]:
    """pydantic's errors, one per place: the members of a union fold into one, a misspelt key into "did you mean"."""
    located = [(existing_path(error["loc"], data), error) for error in closest_member_errors(errors, data)]
    located = [(path, error) for path, error in located if not miscounted(error, document_value(data, path))]
    missing = {(path, str(error["loc"][-1])) for path, error in located if error["type"] == "missing"}
    by_place: dict[tuple[Path, str], list[ErrorDetails]] = {}
    for path, error in located:
        by_place.setdefault((path, error_subject(error, path, data)), []).append(error)
    meant: set[tuple[Path, str]] = set()
    problems = []
    for (path, place), group in sorted(by_place.items(), key=lambda item: item[0][1] != "unknown"):
        if place == "unknown":
            known = keys_at(model, path[:-1])
            guess = did_you_mean(str(path[-1]), known)
            if guess is not None:
                meant.add((path[:-1], guess))
            problems.append(unknown_key(base + path, guess, known))
        elif place.startswith("missing "):
            key = place.removeprefix("missing ")
            if (path, key) in missing and (path, key) not in meant:
                problems.append(missing_key(base + path, key))
        elif place == "key":
            problems.append(wrong_key(base + path, group[0]))
        else:
            problems.append(wrong_value(base + path, group, document_value(data, path)))
    return problems


def miscounted(error: ErrorDetails, value: Any) -> bool:
    """Whether a list is called too short only because pydantic does not count its wrong entries."""
    return error["type"] == "too_short" and isinstance(value, list) and len(value) >= error["ctx"]["min_length"]


def error_subject(error: ErrorDetails, path: Path, data: Any) -> str:
    """What at `path` the error speaks of: its value, its key, or a key that is none or is missing."""
    if error["type"] == "extra_forbidden":
        return "unknown"
    if error["type"] == "missing":
        return f"missing {error['loc'][-1]}"
    if error["loc"] and error["loc"][-1] == "[key]":
        return "key"
    # pydantic names no "[key]" for the keys of a model that allows more than its fields
    of_key = path and error["input"] == path[-1] and document_value(data, path) != path[-1]
    return "key" if of_key else "value"


def existing_path(loc: Sequence[str | int], data: Any) -> Path:
    """The parts of pydantic's `loc` that are in the document: it also names union members and models."""
    path: list[str | int] = []
    at = data
    for part in loc:
        in_map = isinstance(at, dict) and part in at
        if in_map or (isinstance(at, list) and isinstance(part, int) and part < len(at)):
            at = at[part]
            path.append(part)
    return tuple(path)


def document_value(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def keys_at(model: type[Model], path: Path) -> list[str]:
    """The keys that `model` allows at `path`, of all members of a union there."""
    types: list[Any] = [model]
    for part in path:
        types = [inner for kind in types for inner in step_into(kind, part)]
    return sorted(
        str(field.alias or name)
        for kind in types
        if isinstance(kind, type) and issubclass(kind, Model)
        for name, field in kind.model_fields.items()
    )


def step_into(kind: Any, part: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, Model):
        for name, field in kind.model_fields.items():
            if part in (name, field.alias):
                return list(annotation_members(field.annotation))
        return [inner for more in more_keys(kind) for inner in step_into(more, part)]
    arguments: tuple[Any, ...] = getattr(kind, "__args__", ())
    origin = getattr(kind, "__origin__", None)
    if origin is dict and len(arguments) == 2:
        return list(annotation_members(arguments[1]))
    if origin is tuple and arguments:
        return list(annotation_members(arguments[0]))
    return []


def more_keys(kind: type[Model]) -> list[Any]:
    """The type of the keys and values that a model takes beside its fields."""
    if kind.model_config.get("extra") != "allow":
        return []
    return [get_type_hints(kind)["__pydantic_extra__"]]


def annotation_members(annotation: Any) -> Iterable[Any]:
    """The types that a field's annotation stands for, unions and `Annotated` taken apart."""
    if hasattr(annotation, "__metadata__"):
        yield from annotation_members(annotation.__origin__)
        return
    origin = getattr(annotation, "__origin__", None)
    if origin is None and hasattr(annotation, "__args__"):  # X | Y
        for argument in annotation.__args__:
            yield from annotation_members(argument)
        return
    if origin is not None and origin.__module__ == "typing":  # Union, Optional
        for argument in annotation.__args__:
            yield from annotation_members(argument)
        return
    yield annotation
