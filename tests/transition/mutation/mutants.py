"""One thing broken in what the compiler emits: each mutator yields every place where its damage can be done."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from tests.transition.mutation.broken_objects import OPTIONS, PER_OBJECT
from tests.transition.mutation.courses import Commit, Object, Step

OUR_OPTIONS = ("PruneLast=true", "ServerSideApply=true", "RespectIgnoreDifferences=true")


@dataclass(frozen=True)
class Mutant:
    """A step with one thing broken; `name` is `course step mutation object`."""

    name: str
    before: Commit
    after: Commit
    options: tuple[str, ...] = OUR_OPTIONS
    loses: frozenset[str] = frozenset()

    @property
    def pruned(self) -> set[str]:
        """What stands in FROM and not in TO."""
        return {object_name_of(obj) for obj in self.before} - {object_name_of(obj) for obj in self.after}


def object_name_of(obj: Object) -> str:
    return f"{obj['kind']}/{obj['metadata']['name']}"


def each_object(step: Step, mutation: str, change: Callable[[Object], bool]) -> Iterator[Mutant]:
    """A mutant for every object of TO that `change` says it has broken."""
    for index, obj in enumerate(step.after):
        broken = copy.deepcopy(obj)
        if change(broken) and broken != obj:
            after = (*step.after[:index], broken, *step.after[index + 1 :])
            yield Mutant(
                f"{step.course} {step.name} {mutation} {object_name_of(obj)}", step.before, after, loses=step.loses
            )


def dropped(step: Step) -> Iterator[Mutant]:
    """TO without one of its objects."""
    for index, obj in enumerate(step.after):
        after = (*step.after[:index], *step.after[index + 1 :])
        yield Mutant(f"{step.course} {step.name} drop {object_name_of(obj)}", step.before, after, loses=step.loses)


def prune_first(step: Step) -> Iterator[Mutant]:
    """Neither the Application nor a live object asks for PruneLast."""
    before = tuple(without_prune_last(obj) for obj in step.before)
    options = tuple(option for option in OUR_OPTIONS if not option.startswith("PruneLast"))
    yield Mutant(f"{step.course} {step.name} prune-first all", before, step.after, options, step.loses)


def replicas_not_respected(step: Step) -> Iterator[Mutant]:
    """The Application ignores the differences of replicas, but writes them all the same."""
    if any(obj["kind"] == "HorizontalPodAutoscaler" for obj in step.after):
        options = tuple(option for option in OUR_OPTIONS if not option.startswith("Respect"))
        yield Mutant(f"{step.course} {step.name} not-respected all", step.before, step.after, options, step.loses)


def without_prune_last(obj: Object) -> Object:
    made = copy.deepcopy(obj)
    notes: dict[str, Any] = made["metadata"].get("annotations", {})
    if notes.get(OPTIONS) == "PruneLast=true":
        del notes[OPTIONS]
    return made


def reuse_config_name(step: Step) -> Iterator[Mutant]:
    """New data under the old name, as hand-written manifests have it; the compiler's ConfigMaps are immutable."""
    old = [obj for obj in step.before if obj["kind"] == "ConfigMap"]
    for obj in old:
        for index, new in enumerate(step.after):
            if new["kind"] == "ConfigMap" and new["metadata"]["name"] != obj["metadata"]["name"]:
                renamed = {**new, "metadata": {**new["metadata"], "name": obj["metadata"]["name"]}}
                rest = [
                    item
                    for at, item in enumerate(step.after)
                    if at != index and object_name_of(item) != object_name_of(obj)
                ]
                after = (*rest, renamed)
                yield Mutant(
                    f"{step.course} {step.name} reuse-name {object_name_of(obj)}", step.before, after, loses=step.loses
                )


def mutants(step: Step) -> Iterator[Mutant]:
    """Every mutant of the step that differs from it."""
    for mutation, change in PER_OBJECT.items():
        yield from each_object(step, mutation, change)
    yield from dropped(step)
    yield from prune_first(step)
    yield from replicas_not_respected(step)
    yield from reuse_config_name(step)


def skipped_with_prune_first(steps: tuple[Step, ...]) -> Iterator[Mutant]:
    """Switch and prune in one commit: from before the switch straight to finished, without PruneLast."""
    for earlier, later in pairwise(steps):
        if earlier.course == later.course and later.name == "finished":
            joined = replace(later, before=earlier.before, name=f"{earlier.name}+finished")
            yield from prune_first(joined)
