"""The nouns of an adoption: what was read, what belongs together, and what stays where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from compiler.diagnostics.model import Loc
from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_or_empty, nested_value, string_entries

Whereabouts = Literal["extras", "untouched"]
"""Where an object goes that no spec has a word for: verbatim beside the specs, or nowhere: it stays as it is."""


@dataclass(frozen=True, slots=True)
class RunningObject:
    """One object as its author wrote it, and where it stands."""

    key: Key
    object: Object
    loc: Loc | None = None

    @property
    def kind(self) -> str:
        return self.key.kind

    @property
    def name(self) -> str:
        return self.key.name

    @property
    def title(self) -> str:
        """Kind and name, as messages and overrides write them: `Deployment/web`."""
        return f"{self.kind}/{self.name}"

    @property
    def spec(self) -> Mapping[str, Any]:
        return mapping_or_empty(self.object.get("spec"))

    @property
    def template_path(self) -> tuple[str, ...]:
        """Where it says what its pods are made of; a CronJob has that within what its Jobs are made of."""
        return ("spec", "jobTemplate", "spec", "template") if self.kind == "CronJob" else ("spec", "template")

    @property
    def template(self) -> Mapping[str, Any]:
        return mapping_or_empty(nested_value(self.object, *self.template_path))

    @property
    def pod_labels(self) -> dict[str, str]:
        return string_entries(nested_value(self.template, "metadata", "labels"))

    @property
    def pod(self) -> Mapping[str, Any]:
        return mapping_or_empty(self.template.get("spec"))


@dataclass(frozen=True, slots=True)
class Beside:
    """An object that no release writes: why, and where it goes."""

    source: RunningObject
    reason: str
    where: Whereabouts
    file: str = ""
    """the file beside the specs that holds it now"""
    release: str = ""


@dataclass(frozen=True, slots=True)
class RunningWorkload:
    """A workload, and what stands around it: all matching by reference, none by its name."""

    source: RunningObject
    service: RunningObject | None = None
    """the Service that its requests come through"""
    autoscaler: RunningObject | None = None
    budget: RunningObject | None = None
    account: RunningObject | None = None
    further: tuple[RunningObject, ...] = ()
    """more Services that lead to its pods alone, and that its release writes too"""
    left: tuple[RunningObject, ...] = ()
    """those of them that stand beside it"""
    shared: tuple[RunningObject, ...] = ()
    """Services that lead to the pods of others too"""
    headless: RunningObject | None = None
    """the Service that gives the pods of a StatefulSet their names"""
    route: RunningObject | None = None
    """the Ingress or HTTPRoute that leads to its Service, and to no other"""
    calls: RunningObject | None = None
    """the GRPCRoute that does"""
    jobs: Mapping[str, RunningObject] = field(default_factory=dict)
    """Jobs and CronJobs of the workload's own image, by the words that `jobs` has for them"""

    counted: bool = False
    """whether something else than an HPA decides how many pods run, and the manifest says nothing of it"""

    @property
    def doors(self) -> tuple[RunningObject, ...]:
        """Every Service that leads to its pods, its own first."""
        own = tuple(each for each in (self.service, self.headless) if each is not None)
        return (*own, *self.further, *self.left, *self.shared)

    @property
    def members(self) -> tuple[RunningObject, ...]:
        """The workload and all objects that its release writes in place."""
        matching = [self.source, self.service, self.headless, self.route, self.calls]
        if self.source.kind != "Rollout":  # what scales or guards a Rollout goes with it
            matching += [self.autoscaler, self.budget]
        return (*(each for each in matching if each is not None), *self.further)

    @property
    def routes(self) -> tuple[RunningObject, ...]:
        """The routes to its Service."""
        return tuple(each for each in (self.route, self.calls) if each is not None)

    @property
    def everything(self) -> tuple[RunningObject, ...]:
        """Its members, and the jobs, whose objects need not keep their names."""
        return (*self.members, *self.jobs.values())


@dataclass(frozen=True, slots=True)
class Grouping:
    """All objects of a source: the workloads with what is theirs, and the rest."""

    workloads: tuple[RunningWorkload, ...]
    beside: tuple[Beside, ...] = ()
    notes: tuple[str, ...] = field(default=())
