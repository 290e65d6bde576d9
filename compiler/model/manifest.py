"""A Kubernetes object on its way out, and where each of its fields came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.diagnostics.model import Path

Object = dict[str, Any]
"""A Kubernetes object as plain data: dict, list, str, int, float, bool and None only."""


ObjectName = tuple[str, str]
"""Kind and name, which no two objects of a release share."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: a path in the release's (or environment's) spec, and through what.

    `via` says what turned the spec's value into the object's: "spec", "default", "preset bentoml",
    "strategy blueGreen", "provider gatewayApi", "environment", "group", "overrides". `document` names which spec the
    path is in: "release", "environment" or "group".
    """

    path: Path
    via: str = "spec"
    document: str = "release"


FieldOrigins = Mapping[Path, Origin]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object and the origin of the whole; where somebody asks for them (`origins_of`) also those of its fields."""

    object: Object
    origin: Origin
    fields: FieldOrigins | None = field(default=None, repr=False, compare=False)

    @property
    def kind(self) -> str:
        kind: str = self.object["kind"]
        return kind

    @property
    def name(self) -> str:
        name: str = self.object["metadata"]["name"]
        return name

    def origin_of(self, path: Path) -> Origin:
        """The origin of the field at `path` in the object: that of its nearest recorded ancestor, or the object's."""
        return self.source_of(path)[0]

    def source_of(self, path: Path) -> tuple[Origin, Path]:
        """The origin of the field at `path`, and what of `path` lies below the ancestor that it was recorded for."""
        fields = self.fields or {}
        for length in range(len(path), 0, -1):
            origin = fields.get(path[:length])
            if origin is not None:
                return origin, path[length:]
        return self.origin, path
