"""Which line of which spec a field of a manifest comes from, and through what. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from compiler.diagnostics.model import Loc, Path
from compiler.model.compiled import CompiledEnvironment, CompiledRelease
from compiler.model.manifest import Manifest, Origin
from compiler.model.objects import object_key
from compiler.plan.graceful import DeclaredGraceful, declared_graceful
from compiler.source import Document
from compiler.transition.facts.workload import is_workload

ENVIRONMENT: Final = "_environment"
ENDS_PODS: Final = frozenset({"lifecycle", "terminationGracePeriodSeconds"})
_STEP: Final = re.compile(r"\[([^\]]*)\]|([^.\[]+)")


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """A field (`shown`), its value, the place in a spec that it comes from, and through what, the nearest first."""

    kind: str
    name: str
    shown: str
    value: Any
    loc: Loc
    through: tuple[str, ...]
    graceful: DeclaredGraceful | None = None
    """where it says how pods end: who declares that they do so gracefully"""


@dataclass(frozen=True, slots=True)
class TracedManifest:
    """A manifest, and the specs that it was made of; `release` is None for what belongs to the environment."""

    compiled: CompiledEnvironment
    release: CompiledRelease | None
    manifest: Manifest

    @property
    def folder(self) -> str:
        """The folder of the published tree that the manifest stands in."""
        return ENVIRONMENT if self.release is None else self.release.name

    @property
    def with_origins(self) -> Manifest:
        """The manifest with the origins of its fields."""
        owner = self.compiled if self.release is None else self.release
        return owner.traced[self.manifest.kind, self.manifest.name]

    def document_of(self, origin: Origin) -> Document:
        """The spec that the origin's path is in."""
        return self.compiled.document_of(origin) if self.release is None else self.release.document_of(origin)


def traced_manifests(compiled: CompiledEnvironment) -> list[TracedManifest]:
    """Every manifest of the environment."""
    own = [TracedManifest(compiled, None, manifest) for manifest in compiled.own]
    return own + [TracedManifest(compiled, each, manifest) for each in compiled.releases for manifest in each.manifests]


def field_origin(traced: TracedManifest, path: Path) -> FieldOrigin:
    """Where the field at `path` comes from."""
    obj = traced.manifest.object
    origin = traced.with_origins.origin_of(path)
    document = traced.document_of(origin)
    loc = origin_location(document, origin.path)
    through = [] if origin.via == "spec" else [via_text(traced, origin.via)]
    if origin.path not in document.positions and origin.via == "spec":
        through.append("default")
    if loc.file != document.file:
        through.append(f"base {loc.file}")
    return FieldOrigin(
        traced.manifest.kind,
        traced.manifest.name,
        formatted_path(obj, path),
        value_at_path(obj, path),
        loc,
        tuple(through),
        _declared_for(traced, path),
    )


def _declared_for(traced: TracedManifest, path: Path) -> DeclaredGraceful | None:
    """The declaration that a workload ends gracefully; None for other fields than those that say how pods end."""
    if not is_workload(object_key(traced.manifest.object)) or (path and not ENDS_PODS & set(path)):
        return None
    return next((each for each in declared_graceful(traced.compiled) if each.covers(traced.manifest.name)), None)


def origin_location(document: Document, path: Path) -> Loc:
    """The place of a value; of what holds more keys its own key, whose line is not that of the first of them."""
    known = path in document.positions
    return document.locate(path, on_key=known and isinstance(value_at_path(document.data, path), dict | list))


def via_text(traced: TracedManifest, via: str) -> str:
    return f"strategy {traced.release.strategy.NAME}" if via == "strategy" and traced.release is not None else via


def path_at_line(document: Document, line: int) -> Path | None:
    """The deepest field of a manifest that begins at or last before `line`; None above the document."""
    before = [(place[3], len(path), path) for path, place in document.positions.items() if place[3] <= line]
    return max(before, default=(0, 0, None), key=lambda place: place[:2])[2]


def path_from_text(obj: Any, text: str) -> Path | None:
    """The path that `spec.template.spec.containers[web].image` means in the object; None where there is none.

    Items of lists go by index or by their `name`; keys may hold dots.
    """
    path: list[str | int] = []
    rest = text
    while rest:
        step = next_path_key(obj, rest)
        if step is None:
            return None
        key, rest = step
        path.append(key)
        obj = obj[key]
    return tuple(path)


def next_path_key(obj: Any, rest: str) -> tuple[str | int, str] | None:
    """The first key of `rest` that `obj` has, and what is left of `rest`."""
    if isinstance(obj, dict):
        fitting = [key for key in obj if rest == key or rest.startswith((f"{key}.", f"{key}["))]
        bracket = re.match(r"\[([^\]]*)\]", rest)
        if bracket is not None and bracket[1] in obj:
            return bracket[1], rest[bracket.end() :].removeprefix(".")
        key = max(fitting, key=len, default=None)
        return None if key is None else (key, rest[len(key) :].removeprefix("."))
    match = _STEP.match(rest)
    if not isinstance(obj, list) or match is None:
        return None
    word = match[1] if match[1] is not None else match[2]
    index = item_index(obj, word)
    return None if index is None else (index, rest[match.end() :].removeprefix("."))


def item_index(items: list[Any], word: str) -> int | None:
    if word.isdigit():
        return int(word) if int(word) < len(items) else None
    return next(
        (index for index, item in enumerate(items) if isinstance(item, dict) and item.get("name") == word), None
    )


def formatted_path(obj: Any, path: Path) -> str:
    """`spec.template.spec.containers[web].image`."""
    text = ""
    for key in path:
        item = obj[key]
        if isinstance(key, int):
            text += f"[{item['name'] if isinstance(item, dict) and 'name' in item else key}]"
        else:
            text += f"[{key}]" if "." in key or "/" in key else f".{key}" if text else key
        obj = item
    return text


def value_at_path(obj: Any, path: Path) -> Any:
    for key in path:
        obj = obj[key]
    return obj
