"""What the other Applications of an environment hold while one is synced: nothing orders two of them.

Sources: Argo CD, `docs/operator-manual/sync-waves` (waves order within one Application) and
`controller/appcontroller.go` `finalizeApplicationDeletion` (without a finalizer the objects of an Application stay).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.compiled import CompiledEnvironment
from compiler.model.manifest import Object
from compiler.model.request import RouteMatch, host_matches
from compiler.model.unit import Unit, units_of
from compiler.plan.states import PublishedFiles, parsed_objects, unit_files
from compiler.traffic.readers import reader_of


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """Another Application: its objects as published, and once this commit is synced; empty where it has none."""

    name: str
    published: Sequence[Object]
    upcoming: Sequence[Object]


def units_on_shared_hosts(
    compiled: CompiledEnvironment, unit: Unit, manifests: Mapping[str, PublishedFiles], removed: Iterable[str]
) -> list[OtherUnit]:
    """The published units of whose hosts `unit` routes one, before this commit or after it."""
    own = route_matches([*parsed_objects(unit_files(manifests, unit.folders)), *unit.objects])
    others = [*_staying_units(compiled, unit, manifests), *removed_units(compiled, manifests, removed)]
    return [
        other
        for other in others
        if other.published and _share_hosts(own, route_matches([*other.published, *other.upcoming]))
    ]


def _staying_units(
    compiled: CompiledEnvironment, unit: Unit, manifests: Mapping[str, PublishedFiles]
) -> Iterator[OtherUnit]:
    for other in units_of(compiled):
        if other.name != unit.name:
            yield OtherUnit(other.name, parsed_objects(unit_files(manifests, other.folders)), other.objects)


def removed_units(
    compiled: CompiledEnvironment, manifests: Mapping[str, PublishedFiles], removed: Iterable[str]
) -> Iterator[OtherUnit]:
    """The releases that leave: without `argocd.cascade` their objects stay in the cluster as they are."""
    stay = not compiled.documents.environment.model.spec.argocd.cascade
    for name in removed:
        published = parsed_objects(unit_files(manifests, [name]))
        yield OtherUnit(name, published, published if stay else ())


def combinations_of(others: Sequence[OtherUnit]) -> list[list[Object]]:
    """What the cluster holds of the others while a unit is synced: all as published, or all as they will be."""
    published = [obj for other in others for obj in other.published]
    upcoming = [obj for other in others for obj in other.upcoming]
    return [published] if published == upcoming else [published, upcoming]


def route_matches(objects: Iterable[Object]) -> list[RouteMatch]:
    """What the routes among the objects match."""
    readers = ((obj, reader_of(obj)) for obj in objects)
    return [match for obj, reader in readers if reader is not None for match in reader.matches_of(obj)]


def _share_hosts(some: Iterable[RouteMatch], others: Iterable[RouteMatch]) -> bool:
    first, second = {match.host for match in some}, {match.host for match in others}
    return any(host_matches(one, two) or host_matches(two, one) for one in first for two in second)


def routes_of_removed_releases(
    compiled: CompiledEnvironment, unit: Unit, manifests: Mapping[str, PublishedFiles], removed: Iterable[str]
) -> Iterator[Diagnostic]:
    """The routes of releases that leave, which a release takes in the same commit: a rename, as a rule."""
    for old in removed_units(compiled, manifests, removed):
        before = set(route_matches(old.published))
        for name in unit.folders:
            member = compiled.release(name)
            own = route_matches(manifest.object for manifest in member.manifests)
            published = set(route_matches(parsed_objects(unit_files(manifests, [name]))))
            taken = next((match for match in own if match in before and match not in published), None)
            if taken is not None:
                yield member.document.diagnose(_route_taken(compiled, name, old, taken))


def _route_taken(compiled: CompiledEnvironment, name: str, old: OtherUnit, match: RouteMatch) -> Problem:
    effect = (
        f"the objects of {old.name} stay in the cluster, and both would route it: gateways differ in whom they take"
        if old.upcoming
        else f"{old.name} may be gone before {name} answers"
    )
    where = match.path if match.host == "*" else f"{match.host}{match.path}"
    return Problem(
        "release-renamed",
        f"{name} takes {where} from {old.name}, which leaves {compiled.name} in this commit: nothing orders "
        f"the two Applications; {effect}",
        ("metadata", "name"),
        f"keep the name {old.name}; or publish {name} on a host or a path of its own beside {old.name}, let clients "
        f"move, then remove {old.name}",
        on_key=True,
    )
