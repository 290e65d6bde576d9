"""One point of a sync as traffic providers look at it: which objects exist there, and in which form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key
from compiler.model.request import Request, RouteCandidate
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.existence import providing_object


@dataclass(frozen=True, slots=True)
class ClusterAtCut:
    """The `Cluster` of a provider at one point; `assumed` is what its reader found in the converged routes."""

    change: Change
    cut: Cut
    assumed: Any
    candidate: Callable[[Any, Request], RouteCandidate | None]

    def object_at(self, key: Key) -> Object | None:
        snapshot = self.change.snapshot_of(key, self.cut)
        return None if snapshot is None else snapshot.objects[key]

    def route_at(self, key: Key) -> Any:
        snapshot = self.change.snapshot_of(key, self.cut)
        return None if snapshot is None else snapshot.routes.get(key)

    def of_kind(self, kind: str) -> Sequence[tuple[Key, Object]]:
        change = self.change
        known = dict.fromkeys((*change.live.of_kind(kind), *change.target.of_kind(kind)))
        return [(key, obj) for key in known if (obj := self.object_at(key)) is not None]

    def is_managed(self, key: Key) -> bool:
        return key in self.change.live.objects or key in self.change.target.objects

    def is_aged(self, key: Key) -> bool:
        return key in self.change.live.objects

    def source_of(self, key: Key) -> Key | None:
        source = providing_object(self.change, key)
        return source if source in self.change.target.objects else None
