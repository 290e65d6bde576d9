"""The facts of one set of objects: what is published, what comes next, or what a sync left half-way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from compiler.model.manifest import Object
from compiler.model.objects import INFERENCE_POOLS, Key, NamedObject
from compiler.traffic.reader import Route, RouteReader
from compiler.traffic.readers import readers_by_kind
from compiler.transition.facts.api_versions import schema_version
from compiler.transition.facts.named_objects import named_objects, naming_kinds
from compiler.transition.facts.workload import Templates, WorkloadFacts, is_workload, read_workloads
from compiler.transition.routing import service
from compiler.transition.routing.service import ServiceFacts
from compiler.validate import well_typed

Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Objects by key, and the facts of those that the model knows; `routes` are those of all traffic providers.

    `services` holds InferencePools too, which select pods as Services do.

    `named` holds what each object names and cannot do without, of kinds of which that is known.

    `malformed` holds, as they are written, those that their schemas do not accept: a value of a wrong type is not in
    `objects`.
    """

    objects: Mapping[Key, Object]
    services: Mapping[Key, ServiceFacts] = field(default_factory=dict)
    routes: Mapping[Key, Route] = field(default_factory=dict)
    workloads: Mapping[Key, WorkloadFacts] = field(default_factory=dict)
    by_kind: Mapping[str, tuple[Key, ...]] = field(default_factory=dict)
    named: Mapping[Key, frozenset[NamedObject]] = field(default_factory=dict)
    malformed: Mapping[Key, Object] = field(default_factory=dict)

    @property
    def as_written(self) -> Mapping[Key, Object]:
        """The objects as their files have them, with values that the API server refuses and nobody can read."""
        return {**self.objects, **self.malformed} if self.malformed else self.objects

    def of_kind(self, kind: str) -> tuple[Key, ...]:
        """The keys of all objects of a kind, as `Key.distinct_kind` names it."""
        return self.by_kind.get(kind, ())

    def routes_of(self, reader: RouteReader) -> list[Route]:
        """The routes of one provider."""
        return [route for key, route in self.routes.items() if key[:2] in reader.KINDS]


def read_snapshot(
    written: Mapping[Key, Object], kubernetes: str, templates: Templates, known: Snapshot | None = None
) -> Snapshot:
    """The facts of objects for Kubernetes `1.34`; values of a wrong type are left out of them.

    Objects that equal one in `known` are the same value in both, so comparing them later costs nothing. `templates`
    holds every pod template seen so far, so that equal ones are one value on all snapshots.
    """
    before, version = known or Snapshot({}), schema_version(kubernetes)
    seen = before.as_written
    written = {key: seen[key] if seen.get(key) == obj else obj for key, obj in written.items()}
    objects = {
        key: before.objects[key] if seen.get(key) is obj else well_typed(obj, version) for key, obj in written.items()
    }
    malformed = {key: obj for key, obj in written.items() if objects[key] is not obj}
    kinds: dict[str, list[Key]] = {}
    for key in objects:
        kinds.setdefault(key.distinct_kind, []).append(key)
    workloads = [key for key in objects if is_workload(key)]
    services = [key for key in kinds.get("Service", ()) if not key.group]
    pools = [key for key in kinds.get("InferencePool", ()) if key[:2] in INFERENCE_POOLS]
    known_to_name = naming_kinds()
    naming = [key for kind, keys in kinds.items() if kind in known_to_name for key in keys]
    routes: dict[Key, Route] = {}
    for (group, kind), reader in readers_by_kind().items():
        if kind not in kinds:
            continue
        keys = [key for key in kinds[kind] if key.group == group and not reader.unread(objects[key])]
        routes |= _read_facts(objects, keys, reader.read, before.objects, before.routes)
    return Snapshot(
        objects,
        _read_facts(objects, services, service.read, before.objects, before.services)
        | _read_facts(objects, pools, service.read_inference_pool, before.objects, before.services),
        routes,
        read_workloads(objects, templates, workloads),
        {kind: tuple(keys) for kind, keys in kinds.items()},
        _read_facts(objects, naming, named_objects, before.objects, before.named),
        malformed,
    )


def _read_facts(
    objects: Mapping[Key, Object],
    keys: list[Key],
    read: Callable[[Any, Key], Facts],
    before: Mapping[Key, Object],
    facts: Mapping[Key, Facts],
) -> dict[Key, Facts]:
    return {
        key: facts[key] if key in facts and before[key] == objects[key] else read(objects[key], key) for key in keys
    }
