"""Workloads that a commit brings back while the pods of their deletion may still drain.

Source: Argo CD gitops-engine, pkg/sync/sync_context.go `Sync` ("is missing, it might have been deleted"): an object
that is written while it is being deleted goes all the same; the operation fails, and its retry creates it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from compiler.model.manifest import Object
from compiler.model.objects import Key, object_key
from compiler.model.unit import CompiledUnit
from compiler.plan.facts import PublishFacts
from compiler.plan.starting_points import starting_points
from compiler.plan.states import readable_objects, unit_files
from compiler.transition.facts.workload import is_workload


def returning_notes(changed: Iterable[CompiledUnit], facts: PublishFacts) -> Iterator[str]:
    """One sentence for all changed units that bring workloads back which an unconfirmed commit has removed."""
    named = ((unit.name, returning_workloads(unit, facts)) for unit in changed)
    returning = [
        f"{unit} brings back {', '.join(f'{key.kind} {key.name}' for key in keys)}" for unit, keys in named if keys
    ]
    if returning:
        yield (
            f"{'; '.join(returning)}: removed by a commit that is not confirmed. While the old pods drain, Argo CD "
            "shows SyncFailed once (`… is missing, it might have been deleted`), and its first retry creates the "
            "object; there is nothing to do"
        )


def returning_workloads(unit: CompiledUnit, facts: PublishFacts) -> list[Key]:
    """The unit's workloads that are new in this commit, and that an earlier state had which may still be live."""
    before = readable_objects(unit_files(facts.base.manifests, unit.folders))
    new = _workloads(unit.objects) - _workloads(before)
    if not new or not before:
        return []
    earlier = starting_points(unit.folders, before, facts.history).readable
    return sorted(new & {key for _, objects in earlier for key in _workloads(objects)})


def _workloads(objects: Sequence[Object]) -> set[Key]:
    return {key for key in map(object_key, objects) if is_workload(key)}
