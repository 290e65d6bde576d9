"""An adoption on one screen: objects that run → releases that write them in place, and a receipt of every difference.

documents ─▶ read ─▶ group ─▶ for each workload: spec ─▶ compile ─▶ overrides ─▶ compile ─▶ compare ─▶ receipt
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from compiler.adopt.adopted_release import (
    AdoptedRelease,
    Surroundings,
    adopt_workload,
)
from compiler.adopt.argo_rollouts import ROLLOUT
from compiler.adopt.beside import untouched_reason
from compiler.adopt.compare import compared_row
from compiler.adopt.extras import PlacedExtras, with_extras
from compiler.adopt.groups import grouped_objects
from compiler.adopt.hand_over import hand_over_commands
from compiler.adopt.moved import source_digests
from compiler.adopt.needs import needs_of
from compiler.adopt.read import RunningSource
from compiler.adopt.receipt import Receipt, ReceiptChange, ReceiptRow, data_digest
from compiler.adopt.release_names import release_name, release_names
from compiler.adopt.release_overrides import first_deployment, rollout_as_deployment
from compiler.adopt.release_spec import UnsayableError
from compiler.adopt.running import Beside, RunningObject, RunningWorkload
from compiler.adopt.way_in import way_in_of
from compiler.assemble.extras import EXTRAS
from compiler.model.objects import mapping_items, mapping_or_empty, nested_value, object_key
from compiler.pipeline import documents_of
from compiler.plan.masking import HIDDEN
from compiler.rules.overrides import WORKLOADS
from compiler.source.workspace import ENVIRONMENTS, Sources
from compiler.validate.external_references import references_in

ADDED_REASON: Final = "every release has it"
RENAMED_REASON: Final = "a track would take the name of another object that runs (`--release` gives another name)"
ROLLOUT_REASON: Final = "its pods run beside the Rollout's until the Service selects them"
WITHHELD_REASON: Final = "specs contain no secrets: the value comes from a Secret"


@dataclass(frozen=True, slots=True)
class Adoption:
    """What comes of a source: the releases, what stays beside them, and the receipt."""

    releases: tuple[AdoptedRelease, ...]
    beside: tuple[Beside, ...]
    receipt: Receipt

    @property
    def files(self) -> dict[str, str]:
        """The specs' texts by path."""
        files = {release.file: release.text for release in self.releases}
        for release in self.releases:
            folder = release.file.rpartition("/")[0]
            files |= {f"{folder}/{name}": text for name, text in release.extras.items()}
        return files


@dataclass(frozen=True, slots=True)
class AdoptionRequest:
    """What a user asks for: `origin` names the source, `release` its only workload's release; who applies it today."""

    origin: str
    release: str | None = None
    application: Mapping[str, Any] | None = None


def adopt_source(source: RunningSource, request: AdoptionRequest, environment: Sources) -> Adoption:
    """Every workload of the source as a release of the environment. Raises Rejected where one name is for several."""
    grouping = grouped_objects(source.objects)
    titles = frozenset(each.title for each in source.objects)
    names = release_names(grouping.workloads, request.release, titles)
    secrets = known_secrets([*source.objects, *(each.source for each in source.beside)])
    around = Surroundings(titles, selected_label_keys(source.objects), secrets, traffic_providers(environment))
    releases: list[AdoptedRelease] = []
    beside = [*source.beside, *grouping.beside]
    for group in grouping.workloads:
        file = f"{ENVIRONMENTS}/{environment.name}/{names[group.source.title]}.yaml"
        try:
            releases.append(adopt_workload(group, names[group.source.title], around, environment, file))
        except UnsayableError as error:
            beside += left_workload(group, str(error))
    beside += [each for release in releases for each in release.beside]
    placed = with_extras(releases, beside, environment)
    receipt = receipt_of(source, request, environment, placed)
    return Adoption(placed.releases, placed.beside, receipt)


def known_secrets(objects: Iterable[RunningObject]) -> frozenset[str]:
    """The names of the Secrets that are among the objects, that one of them brings, or that their pods name."""
    names: set[str] = set()
    for each in objects:
        if each.kind in ("Secret", "SealedSecret", "ExternalSecret"):
            names |= {each.name, str(nested_value(each.object, "spec", "target", "name"))}
        names |= {name for kind, name in references_in(dict(each.pod)) if kind == "Secret"}
    return frozenset(names)


def selected_label_keys(objects: Iterable[RunningObject]) -> frozenset[str]:
    """The keys of labels by which any object finds pods: those stay on the pods."""
    keys: set[str] = set()
    for each in objects:
        for field in ("selector", "podSelector"):
            selector = mapping_or_empty(each.spec.get(field))
            keys |= set(mapping_or_empty(selector.get("matchLabels"))) or set(selector) - {"matchExpressions"}
            keys |= {str(term.get("key")) for term in mapping_items(selector.get("matchExpressions"))}
    return frozenset(keys)


def receipt_of(
    source: RunningSource,
    request: AdoptionRequest,
    environment: Sources,
    placed: PlacedExtras,
) -> Receipt:
    """The receipt: a row for each object of the source, and for each that the releases add."""
    releases, beside = placed.releases, placed.beside
    services = {each.title: each for each in source.objects if each.kind == "Service"}
    rows = [row for release in releases for row in release_rows(release, services)]
    rows += [_beside_row(each) for each in beside]
    digests = source_digests(source)
    return Receipt(
        request.origin,
        environment.name,
        data_digest(digests),
        digests,
        {release.name: str(release.group.source.key) for release in releases},
        tuple(rows),
        needs_of(releases, beside),
        way_in=tuple(row for release in releases for row in way_in_of(release, source.objects)),
        hand_over=hand_over_commands(environment.name, request.origin, source.raw, request.application, releases)
        if releases
        else (),
        premises=source.premises,
    )


def traffic_providers(environment: Sources) -> dict[str, Any]:
    """The environment's traffic providers by name, each with its settings."""
    return {each.name: each.model for each in documents_of(replace(environment, others=())).environment.traffic}


def release_rows(release: AdoptedRelease, services: Mapping[str, RunningObject]) -> list[ReceiptRow]:
    """A row for each object that the release writes: over one that runs, or anew; `services` as the source has them."""
    written = {}
    for running in release.group.members:
        ours = release.written(running)
        if ours is not None:
            written[running.title] = compared_row(services.get(running.title, running), ours, release.name)
    for word, job in release.group.jobs.items():
        ours = release.job(word)
        written[f"{ours['kind']}/{ours['metadata']['name']}"] = compared_row(job, ours, release.name)
    rows = list(written.values())
    if release.group.source.kind == ROLLOUT:
        rows.append(rollout_row(release))
    for manifest in release.compiled.manifests:
        title = f"{manifest.kind}/{manifest.name}"
        if title not in written and manifest.origin.via != EXTRAS:
            left_out = "" if manifest.kind in WORKLOADS else f"overrides: {{{title}: null}}"
            change = ReceiptChange("", None, manifest.kind, ADDED_REASON, left_out)
            rows.append(ReceiptRow(str(object_key(manifest.object)), "added", release.name, changes=(change,)))
    return [with_withheld(row, release) for row in rows]


def rollout_row(release: AdoptedRelease) -> ReceiptRow:
    """The row of a Rollout: its pods as those of a Deployment, its strategy as the release's."""
    source, ours = release.group.source, first_deployment(release.compiled) or {}
    row = compared_row(rollout_as_deployment(source, str(nested_value(ours, "metadata", "name"))), ours, release.name)
    changes = [ReceiptChange("kind", ROLLOUT, "Deployment", ROLLOUT_REASON)]
    if release.name != release_name(source.name):
        changes.append(ReceiptChange("metadata.name", source.name, release.name, RENAMED_REASON))
    changes += [*release.spec.notes, *row.changes]
    return replace(row, object=str(source.key), standing="changed", changes=tuple(changes))


def with_withheld(row: ReceiptRow, release: AdoptedRelease) -> ReceiptRow:
    """The workload's row with a change for each variable whose secret value the spec does not hold."""
    if row.object != str(release.group.source.key) or not release.withheld:
        return row
    changes = [
        ReceiptChange(f"env.{name}", HIDDEN, f"{{secret: {release.secret}, key: {name}}}", WITHHELD_REASON)
        for name in release.withheld
    ]
    return replace(row, standing="changed", changes=(*row.changes, *changes))


def left_workload(group: RunningWorkload, reason: str) -> list[Beside]:
    """A workload that no release writes, and all that goes with it: as they are."""
    rest = f"{group.source.title} is not adopted: {reason}"
    return [
        Beside(each, reason if each is group.source else rest, "untouched" if untouched_reason(each, ()) else "extras")
        for each in group.everything
    ]


def _beside_row(each: Beside) -> ReceiptRow:
    location = "" if each.source.loc is None else str(each.source.loc)
    place = f"extras: {each.file}" if each.file else each.where
    return ReceiptRow(str(each.source.key), "beside", each.release, reason=each.reason, place=place, location=location)
