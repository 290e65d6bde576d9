"""Secrets before anything shows them: values go, the names of their keys stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from compiler.model.manifest import Object

HIDDEN: Final = "(hidden)"
HIDDEN_CHANGED: Final = "(hidden, another value)"

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_SECRET_FIELDS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "Secret": (("data",), ("stringData",)),
    "SealedSecret": (("spec", "encryptedData"), ("spec", "template", "data"), ("spec", "template", "stringData")),
}


def is_secret(obj: Object) -> bool:
    """Whether the object's values must never be shown."""
    return obj.get("kind") in _SECRET_FIELDS


def masked_object(obj: Object, other: Object | None = None) -> Object:
    """The object with its secret values hidden; those that differ from `other`'s say so, and no more."""
    places = _SECRET_FIELDS.get(str(obj.get("kind")))
    if places is None:
        return obj
    result = dict(obj)
    for place in places:
        result = _hide_at(result, place, _value_at_place(other, place) if other is not None else None)
    return without_last_applied(result)


def secret_paths(kind: str) -> tuple[str, ...]:
    """The paths below which the kind keeps secret values: `data`, `spec.encryptedData`."""
    return tuple(".".join(place) for place in _SECRET_FIELDS.get(kind, ()))


def _hide_at(value: Any, place: tuple[str, ...], other: Any) -> Any:
    if not isinstance(value, dict) or (place and place[0] not in value):
        return value
    if place:
        return {**value, place[0]: _hide_below(value[place[0]], place[1:], other)}
    return value


def _hide_below(value: Any, rest: tuple[str, ...], other: Any) -> Any:
    if rest:
        return _hide_at(value, rest, other)
    if not isinstance(value, dict):
        return HIDDEN
    return {key: _mask_of(key, secret, other) for key, secret in value.items()}


def _mask_of(key: str, secret: Any, other: Any) -> str:
    same = not isinstance(other, Mapping) or key not in other or other[key] == secret
    return HIDDEN if same else HIDDEN_CHANGED


def _value_at_place(obj: Any, place: tuple[str, ...]) -> Any:
    for key in place:
        obj = obj.get(key) if isinstance(obj, dict) else None
    return obj


def without_last_applied(obj: Object) -> Object:
    """The object less the annotation in which kubectl repeats all of it, values too."""
    metadata = obj.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(metadata, dict) or not isinstance(annotations, dict) or _LAST_APPLIED not in annotations:
        return obj
    return {**obj, "metadata": {**metadata, "annotations": {**annotations, _LAST_APPLIED: HIDDEN}}}
