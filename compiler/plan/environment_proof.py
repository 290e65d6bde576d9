"""The proof of what belongs to the environment itself: its own objects and the files beside its spec.

They are of an Application of their own, which nothing orders with those of the releases: each change is judged beside
the releases as they are published and as this commit leaves them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from compiler.diagnostics.model import Diagnostic, Loc
from compiler.model.address import ENVIRONMENT
from compiler.model.compiled import CompiledEnvironment
from compiler.model.manifest import Object
from compiler.model.objects import Key, object_key
from compiler.model.verdict import Verdict
from compiler.plan.allowances import AllowedFinding, matching_allowance, trailer_of, with_permit
from compiler.plan.facts import PublishFacts
from compiler.plan.publish_verdict import findings_that_count, publish_verdict
from compiler.plan.reviewed import ReviewedFinding
from compiler.plan.starting_points import starting_points
from compiler.plan.states import parsed_objects, unit_files
from compiler.transition import OtherObjects, SyncOptions, verify_beside, verify_forward
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment

FOLDERS: Final = (ENVIRONMENT,)


@dataclass(frozen=True, slots=True)
class EnvironmentProof:
    """The verdict on a change of the environment's own objects, with what was found at the lines of its files."""

    verdict: Verdict
    findings: tuple[Diagnostic, ...] = ()
    """what an exception permits is a warning"""
    trailers: tuple[tuple[str, str], ...] = ()
    """the exceptions that were needed, for the commit"""


def environment_differs(built: BuiltEnvironment, base: PublishedTree) -> bool:
    """Whether the environment's own manifests differ from the published ones."""
    return built.holds_own_objects and base.manifests.get(ENVIRONMENT) != built.manifests.get(ENVIRONMENT)


def prove_environment(
    built: BuiltEnvironment, facts: PublishFacts, options: SyncOptions, exceptions: Sequence[AllowedFinding]
) -> EnvironmentProof:
    """The proof of the environment's own objects, of which some change. `options`: of their Application."""
    ways = list(_judged_ways(built, facts, options))
    changed = _changed_names(_own_objects(facts.base), _own_objects(built))
    judged = []
    for way, finding, reason in findings_that_count(ways):
        diagnostic = Diagnostic(
            finding.code,
            finding.message + way,
            _line_of(built.compiled, [*finding.objects, *changed]),
            finding.help,
            finding.severity,
        )
        reviewed = ReviewedFinding(diagnostic, reason, finding, way)
        judged.append((reviewed, matching_allowance(diagnostic, (), exceptions)))
    trailers = (("Shipway-Allowed", trailer_of(ENVIRONMENT, permit)) for _, permit in judged if permit is not None)
    return EnvironmentProof(
        publish_verdict(ways[0][1], judged),
        tuple(with_permit(each.diagnostic, permit) for each, permit in judged),
        tuple(dict.fromkeys(trailers)),
    )


def _judged_ways(
    built: BuiltEnvironment, facts: PublishFacts, options: SyncOptions
) -> Iterator[tuple[str, Verdict, str]]:
    """Each transition of these objects: how it is called, its verdict, and what makes it impossible."""
    before, after = _own_objects(facts.base), _own_objects(built)
    units = built.units
    published = [obj for unit in units for obj in parsed_objects(unit_files(facts.base.manifests, unit.folders))]
    settled = [obj for unit in units for obj in unit.objects]
    placed = _without_own_objects(options, [*before, *after])
    yield "", verify_forward([*published, *before], [*published, *after], placed), ""
    if not before:
        return
    if published != settled:
        others = OtherObjects(published, published, settled)
        yield (
            " while Argo CD also syncs the releases that this commit changes",
            verify_beside(others, before, before, after, placed),
            "",
        )
    confirm = f"once Argo CD has synced what is published, run `shipway confirm {built.compiled.name}`"
    for commit, earlier in starting_points(FOLDERS, before, facts.history).readable:
        verdict = verify_forward([*published, *earlier], [*published, *after], placed)
        yield f" when Argo CD goes straight here from {commit}", verdict, confirm


def _own_objects(tree: PublishedTree | BuiltEnvironment) -> list[Object]:
    return parsed_objects(unit_files(tree.manifests, FOLDERS))


def _without_own_objects(options: SyncOptions, own: Iterable[Object]) -> SyncOptions:
    """What a spec names as existing in the cluster exists there, unless these very files bring it."""
    brought = {_outside_name(object_key(obj, options.namespace)) for obj in own}
    return replace(options, outside=frozenset(each for each in options.outside if each not in brought))


def _outside_name(key: Key) -> str:
    return f"{key.kind} {key.namespace}/{key.name}"


def _changed_names(before: Sequence[Object], after: Sequence[Object]) -> list[str]:
    """The objects that come or change, as findings name them."""
    return [str(object_key(obj)) for obj in after if obj not in before]


def _line_of(compiled: CompiledEnvironment, names: Iterable[str]) -> Loc:
    """The line of the file that made the first of these objects; of those that go, the one which names files."""
    for name in names:
        kind, short = name.partition(" ")[0].rpartition("/")[2], name.rpartition("/")[2]
        manifest = compiled.traced.get((kind, short))
        if manifest is not None:
            origin = manifest.origin_of(())
            return compiled.document_of(origin).locate(origin.path)
    return compiled.document.locate(("spec", "extras") if compiled.extras else ("spec",), on_key=True)
