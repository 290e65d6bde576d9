"""A Kubernetes object on its way out, and where each of its fields came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.diagnostics.model import Path

Object = dict[str, Any]
"""A Kubernetes object as plain data: dict, list, str, int, float, bool and None only."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: a path in the release's (or environment's) spec, and through what.

    `via` says what turned the spec's value into the object's: "spec", "default", "preset bentoml",
    "strategy blueGreen", "provider gatewayApi", "environment", "overrides". `document` names which spec the path is
    in: "release", "environment" or "group".
    """

    path: Path
    via: str = "spec"
    document: str = "release"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object, with the origin of the whole and of those fields whose origin is a more exact one."""

    object: Object
    origin: Origin
    fields: Mapping[Path, Origin] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.object["kind"])

    @property
    def name(self) -> str:
        return str(self.object["metadata"]["name"])

    def origin_of(self, path: Path) -> Origin:
        """The origin of the field at `path` in the object: that of its nearest recorded ancestor, or the object's."""
        for length in range(len(path), 0, -1):
            origin = self.fields.get(path[:length])
            if origin is not None:
                return origin
        return self.origin
