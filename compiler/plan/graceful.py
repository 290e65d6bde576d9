"""The workloads that the environment's policy declares to end gracefully, and who says so."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from compiler.diagnostics.model import Loc
from compiler.model.compiled import CompiledEnvironment
from compiler.model.objects import object_key
from compiler.plan.states import readable_objects, unit_files
from compiler.transition import GracefulDeclaration
from compiler.transition.facts.workload import is_workload
from compiler.tree.published_tree import PublishedTree


class DeclaredGraceful(NamedTuple):
    """A declaration of the policy: the names that it covers, the reason, its place."""

    workload: str
    reason: str
    loc: Loc

    def covers(self, name: str) -> bool:
        """Whether it speaks of the workload of this name."""
        return fnmatchcase(name, self.workload)


def declared_graceful(compiled: CompiledEnvironment) -> tuple[DeclaredGraceful, ...]:
    """What `policy.verify.graceful` says."""
    declared = compiled.documents.environment.model.spec.policy.verify.graceful
    return tuple(
        DeclaredGraceful(
            each.workload, each.reason, compiled.document.locate(("spec", "policy", "verify", "graceful", index))
        )
        for index, each in enumerate(declared)
    )


def graceful_options(compiled: CompiledEnvironment) -> tuple[GracefulDeclaration, ...]:
    """The declarations as the verifier takes them."""
    namespace = compiled.documents.environment.model.spec.namespace
    return tuple(
        GracefulDeclaration(f"* {namespace}/{each.workload}", each.reason, f"{each.loc.file}:{each.loc.line}")
        for each in declared_graceful(compiled)
    )


def graceful_notes(compiled: CompiledEnvironment, folders: tuple[str, ...], base: PublishedTree) -> Iterator[str]:
    """Which published workloads of these folders are taken to end gracefully, and who says so."""
    declared = declared_graceful(compiled)
    for obj in readable_objects(unit_files(base.manifests, folders)) if declared else ():
        key = object_key(obj)
        known = next((each for each in declared if is_workload(key) and each.covers(key.name)), None)
        if known is not None:
            place = f"{known.loc.file}:{known.loc.line}"
            yield f"{key.kind} {key.name} ends gracefully, as {place} declares: {known.reason}"
