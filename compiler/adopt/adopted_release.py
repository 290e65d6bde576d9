"""One workload into one release: its spec, compiled by the ordinary pipeline, with overrides for what is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from compiler.adopt.release_spec import AdoptedSpec, UnsayableError, adopted_spec, main_container
from compiler.adopt.running import RunningObject, RunningWorkload
from compiler.adopt.spec_text import adopted_document, spec_file_text
from compiler.adopt.target import overrides_for
from compiler.diagnostics.model import Rejected
from compiler.model.compiled import CompiledEnvironment, CompiledRelease
from compiler.model.manifest import Object
from compiler.pipeline import check_sources
from compiler.source.document import Document
from compiler.source.workspace import Sources


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else runs: the titles of all objects, and the keys of labels by which any of them finds pods."""

    taken: frozenset[str]
    selected: frozenset[str]


@dataclass(frozen=True, slots=True)
class AdoptedRelease:
    """A workload and the release that takes it over; `file` is the spec's path, `objects` what it writes."""

    group: RunningWorkload
    spec: AdoptedSpec
    file: str
    text: str
    document: Document
    environment: CompiledEnvironment
    """the environment with this release alone"""

    @property
    def compiled(self) -> CompiledRelease:
        return self.environment.release(self.name)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def objects(self) -> tuple[Object, ...]:
        return tuple(manifest.object for manifest in self.compiled.manifests)

    def written(self, running: RunningObject) -> Object | None:
        """The object that takes the running one's place; None where the release writes none of its name."""
        return object_titled(self.compiled, running.title)


def adopt_workload(
    group: RunningWorkload, name: str, around: Surroundings, environment: Sources, file: str
) -> AdoptedRelease:
    """The release of one workload. Raises UnsayableError where no spec compiles to what runs."""
    spec = adopted_spec(group, name, around.selected)
    plain = compiled_release(group, spec, environment, file)
    if plain.written(group.source) is None:
        raise UnsayableError(f"a release writes no {group.source.kind} in its place")
    overrides = {**_overrides(group, plain.compiled, spec), **_left_out(group, plain.compiled, around.taken)}
    if not overrides:
        return plain
    data = {**spec.data, "spec": {**spec.data["spec"], "overrides": overrides}}
    return compiled_release(group, replace(spec, data=data), environment, file)


def _left_out(group: RunningWorkload, compiled: CompiledRelease, taken: frozenset[str]) -> dict[str, None]:
    """What the release would bring along and must not: a Service that nobody calls, an object that runs already."""
    own = {member.title for member in group.members}
    titles = [f"{manifest.kind}/{manifest.name}" for manifest in compiled.manifests]
    return {
        title: None
        for title in titles
        if title not in own and (title in taken or (title.startswith("Service/") and group.service is None))
    }


def compiled_release(group: RunningWorkload, spec: AdoptedSpec, environment: Sources, file: str) -> AdoptedRelease:
    """The spec, compiled and validated alone in its environment. Raises UnsayableError with the first finding."""
    text = spec_file_text(spec.data)
    document = adopted_document(text, file)
    alone = replace(environment, others=(document,), data={environment.environment.file: {}, file: {}})
    try:
        compiled = check_sources(alone)[0]
    except Rejected as rejected:
        raise UnsayableError(_first_error(rejected)) from None
    return AdoptedRelease(group, spec, file, text, document, compiled)


def _first_error(rejected: Rejected) -> str:
    first = next(each for each in rejected.diagnostics if each.severity == "error")
    return f"{first.message} ({first.code})"


def _overrides(group: RunningWorkload, compiled: CompiledRelease, spec: AdoptedSpec) -> dict[str, Any]:
    main = str(main_container(group).get("name"))
    patches = {}
    for running in group.members:
        ours = object_titled(compiled, running.title)
        patch = {} if ours is None else overrides_for(running, ours, main, spec.withheld)
        if patch:
            patches[running.title] = patch
    return patches


def object_titled(compiled: CompiledRelease, title: str) -> Object | None:
    """The release's object of this kind and name, or None."""
    named = (manifest.object for manifest in compiled.manifests if f"{manifest.kind}/{manifest.name}" == title)
    return next(named, None)
