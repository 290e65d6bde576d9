"""Provenance that travels with a value: text, numbers and collections that know which line of which spec they are of.

A traced value is equal to the plain one, so the builders run over traced models as over plain ones. Of the finished
object `origins_of` reads where each field came from. Only `why` and errors ask; on any other way all values are plain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import takewhile
from typing import Any, Final, TypeVar

from compiler.diagnostics.model import Path
from compiler.model.manifest import Manifest, Object, Origin

T = TypeVar("T")
OriginAt = Callable[[Path], Origin]
"""The origin of the part at a path below a value."""


class Traced:
    """A value with its origin."""

    origin: Origin


class TracedText(Traced, str):
    def __str__(self) -> str:
        return self


class TracedInteger(Traced, int):
    def __str__(self) -> str:
        return derived(int.__str__(self), self)


class TracedFloat(Traced, float):
    def __str__(self) -> str:
        return derived(float.__str__(self), self)


class TracedBoolean(Traced):
    """`bool` cannot be subclassed: this one says that it is a bool, and has the truth and the text of one."""

    def __init__(self, value: bool) -> None:
        self.value = value

    @property  # type: ignore[misc]
    def __class__(self) -> type[bool]:  # type: ignore[override]
        return bool

    def __bool__(self) -> bool:
        return self.value

    def __eq__(self, other: object) -> bool:
        return self.value == other

    def __hash__(self) -> int:
        return hash(self.value)

    def __str__(self) -> str:
        return derived(str(self.value), self)


class TracedMap(Traced, dict[str, Any]):
    pass


class TracedList(Traced, list[Any]):
    pass


class TracedTuple(Traced, tuple[Any, ...]):
    pass


class TracedNames(Traced, set[str]):
    """The fields that a model was given: they carry the origin of the whole model."""


SCALARS: Final[Mapping[type, type]] = {bool: TracedBoolean, int: TracedInteger, float: TracedFloat, str: TracedText}
SEQUENCES: Final[Mapping[type, type]] = {list: TracedList, tuple: TracedTuple}
UNTRACED: Final = frozenset({str, int, float, bool, type(None), dict, list, tuple})
ARITHMETIC: Final = (
    *("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__neg__", "__mod__", "__rmod__"),
    *("__floordiv__", "__rfloordiv__"),
)
TEXT_METHODS: Final = (
    *("__add__", "__getitem__", "lower", "upper", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix"),
    *("replace", "partition", "rpartition"),
)


def follow(kind: type, names: Iterable[str]) -> None:
    """Lets the results of these methods carry the origin of what they were made of."""
    for name in names:
        setattr(kind, name, following(getattr(kind, name)))


def following(method: Callable[..., Any]) -> Callable[..., Any]:
    def call(*operands: Any) -> Any:
        result = method(*operands)
        return result if result is NotImplemented else derived(result, *operands)

    return call


def traced(value: Any, origin: Origin) -> Any:
    """The value with one origin for all of it."""
    return traced_by(value, lambda _: origin)


def traced_by(value: Any, origin_at: OriginAt, path: Path = ()) -> Any:
    """The value, each part of it with the origin of its path. None cannot carry one: what holds it says its place."""
    kind = type(value)
    if kind in SCALARS:
        result = SCALARS[kind](value)
    elif kind is dict:
        result = TracedMap({key: traced_by(each, origin_at, (*path, key)) for key, each in value.items()})
    elif kind in SEQUENCES:
        result = SEQUENCES[kind](traced_by(each, origin_at, (*path, index)) for index, each in enumerate(value))
    elif hasattr(kind, "model_fields"):
        return traced_model(value, origin_at, path)
    elif is_dataclass(kind):
        return replace(value, **{each.name: traced_by(getattr(value, each.name), origin_at) for each in fields(kind)})
    else:
        return value
    result.origin = origin_at(path)
    return result


def traced_model(model: Any, origin_at: OriginAt, path: Path) -> Any:
    """A model of the same class with traced values; what it was not given is traced as a default."""
    given = TracedNames(model.model_fields_set)
    given.origin = origin_at(path)
    values = {}
    for name, field in type(model).model_fields.items():
        at = origin_at if name in given else defaults(origin_at)
        values[name] = traced_by(getattr(model, name), at, (*path, field.alias or name))
    for name, value in (model.model_extra or {}).items():
        values[name] = traced_by(value, origin_at, (*path, name))
    return type(model).model_construct(given, **values)


def defaults(origin_at: OriginAt) -> OriginAt:
    return lambda path: replace(origin_at(path), via="default")


def derived(value: T, *sources: Any, via: str | None = None) -> T:
    """The value as it is; over traced models with the origin of what it was made of, of several the first that a spec
    writes. For what loses its trace: text that is put together, and what a condition chooses.
    """
    if UNTRACED.issuperset(map(type, sources)):  # at once what all sources are where nobody asks
        return value
    origins = [source.origin for source in map(carrier, sources) if isinstance(source, Traced)]
    if not origins:
        return value
    origin = next((each for each in origins if each.via != "default"), origins[0])
    return with_origin(value, origin if via is None else replace(origin, via=via))  # type: ignore[no-any-return]


def with_origin(value: Any, origin: Origin) -> Any:
    """The value with another origin; the parts of a map or list keep their own."""
    if not isinstance(value, dict | list):
        return traced(plain(value), origin)
    result = TracedMap(value) if isinstance(value, dict) else TracedList(value)
    result.origin = origin
    return result


def carrier(source: Any) -> Any:
    """What carries the origin of a value: of a model, the names of its fields."""
    return getattr(source, "model_fields_set", source)


def plain(value: Any) -> Any:
    """The value without its trace."""
    if isinstance(value, TracedBoolean):
        return value.value
    return next((base(value) for base in (str, int, float) if isinstance(value, base)), value)


def with_field_origins(manifest: Manifest) -> Manifest:
    """The manifest, made of traced values, with the origins of its fields."""
    return replace(manifest, fields=origins_of(manifest.object))


def origins_of(obj: Object) -> dict[Path, Origin]:
    """The origin of each field of an object that was made of traced values, as far as it is known.

    A collection that carries none has the place in the spec that holds the origins of all that it carries.
    """
    known: dict[Path, Origin] = {}
    record(obj, (), known)
    return known


def record(value: Any, path: Path, known: dict[Path, Origin]) -> list[Origin]:
    """Writes down the origins of the value and of all its parts; the value's, or those of the parts that share none."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if is_list(value) else ()
    below = [holder(origin, key) for key, part in parts for origin in record(part, (*path, key), known)]
    origin = value.origin if isinstance(value, Traced) else common_origin(below)
    if origin is None:
        return below
    known[path] = origin
    return [origin]


def is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def holder(origin: Origin, key: str | int) -> Origin:
    """The origin of what holds a value under `key`: what holds the value in the spec, where it stands there so too."""
    same = origin.path[-1:] == (key,) or (isinstance(key, int) and isinstance(origin.path[-1], int))
    return replace(origin, path=origin.path[:-1]) if same else origin


def common_origin(origins: Sequence[Origin]) -> Origin | None:
    """The place that holds them all; None where that is a whole spec, which says nothing."""
    if not origins or len({origin.document for origin in origins}) > 1:
        return None
    path = common_path([origin.path for origin in origins])
    vias = {origin.via for origin in origins}
    via = vias.pop() if len(vias) == 1 else "spec"
    return Origin(path, via, origins[0].document) if len(path) > 1 else None


def common_path(paths: Sequence[Path]) -> Path:
    shared = takewhile(lambda keys: len(set(keys)) == 1, zip(*paths, strict=False))
    return tuple(keys[0] for keys in shared)


follow(TracedInteger, ARITHMETIC)
follow(TracedText, TEXT_METHODS)
