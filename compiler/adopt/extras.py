"""Objects that go beside the specs as they stand: each into the file of the release that it is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from compiler.adopt.adopted_release import AdoptedRelease, adopted_sources
from compiler.adopt.beside import backend_names
from compiler.adopt.read import GIVEN
from compiler.adopt.release_spec import UnsayableError
from compiler.adopt.running import Beside, RunningObject
from compiler.adopt.spec_text import adopted_document, spec_file_text
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.model.objects import equality_selector_matches, label_selector_accepts, mapping_or_empty
from compiler.pipeline import check_sources
from compiler.source.workspace import Sources
from compiler.traffic.adoption import adopted_routes
from compiler.tree.yaml import UnwritableError, emit
from compiler.validate.external_references import external_objects_of, references_in

FOLDER: Final = "extras"


@dataclass(frozen=True, slots=True)
class PlacedExtras:
    """The releases with what stands beside them, and every object beside with the place that it came to."""

    releases: tuple[AdoptedRelease, ...]
    beside: tuple[Beside, ...]


def with_extras(releases: Sequence[AdoptedRelease], beside: Sequence[Beside], environment: Sources) -> PlacedExtras:
    """Every object that can stand beside the specs, in the file of its release; the others stay untouched."""
    placed = [each for each in beside if each.where == "untouched"]
    candidates = [each for each in beside if each.where == "extras"]
    if not releases:
        return PlacedExtras((), (*placed, *(replace(each, where="untouched") for each in candidates)))
    owned: dict[str, list[Beside]] = {release.name: [] for release in releases}
    for each in candidates:
        owned[owner_of(each.source, releases).name].append(each)
    done = [_release_with_extras(release, owned[release.name], environment) for release in releases]
    return PlacedExtras(
        tuple(each.releases[0] for each in done), (*placed, *(item for each in done for item in each.beside))
    )


def owner_of(each: RunningObject, releases: Sequence[AdoptedRelease]) -> AdoptedRelease:
    """The release that the object is of: by what its pods name, by selector, by backend; else the first."""
    return next((release for release in releases if _belongs(each, release)), releases[0])


def _belongs(each: RunningObject, release: AdoptedRelease) -> bool:
    group = release.group
    account = group.source.pod.get("serviceAccountName")
    named = {*references_in(dict(group.source.pod)), ("ServiceAccount", account)}
    if (each.kind, each.name) in named or each in group.doors:
        return True
    services = {door.name for door in group.doors}
    if services & set(backend_names(each)) or _selects(each, group.source.pod_labels):
        return True
    subjects = each.object.get("subjects")
    subjects = subjects if isinstance(subjects, list) else ()
    return account is not None and any(mapping_or_empty(subject).get("name") == account for subject in subjects)


def _selects(each: RunningObject, labels: Mapping[str, str]) -> bool:
    """Whether the object selects pods of these labels: a policy, a budget, a monitor of pods, a Service."""
    if each.kind == "Service":
        return equality_selector_matches(mapping_or_empty(each.spec.get("selector")), labels)
    selector = each.spec.get("podSelector") or each.spec.get("selector")
    return bool(selector) and label_selector_accepts(selector, labels)


def _release_with_extras(release: AdoptedRelease, extras: Sequence[Beside], environment: Sources) -> PlacedExtras:
    """The release with those of the objects beside it that are valid; each of the others stays, and says why."""
    kept, refused = list(extras), list[Beside]()
    while kept:
        file = f"{FOLDER}/{release.name}.yaml"
        try:
            done = _compiled_with(release, file, [each.source for each in kept], environment)
        except Rejected as rejected:
            number, reason = _refused_document(rejected, [each.source for each in kept])
            dropped = kept if number is None else [kept[number]]
            refused += [replace(each, where="untouched", reason=f"{each.reason}; {reason}") for each in dropped]
            kept = [each for each in kept if each not in dropped]
            continue
        folder = release.file.rpartition("/")[0]
        beside = [replace(each, file=f"{folder}/{file}", release=release.name) for each in kept]
        return PlacedExtras((done,), (*beside, *refused))
    return PlacedExtras((release,), tuple(refused))


def _compiled_with(
    release: AdoptedRelease, file: str, extras: Sequence[RunningObject], environment: Sources
) -> AdoptedRelease:
    """The release with its file of extras, compiled and validated. Raises Rejected."""
    text = extras_text(extras)
    spec = release.spec.data["spec"]
    overrides = {"overrides": spec["overrides"]} if "overrides" in spec else {}
    rest = {key: value for key, value in spec.items() if key != "overrides"}
    outside = named_outside(extras, release)
    more = {"extras": [file], **({"outside": outside} if outside else {})}
    data = {**release.spec.data, "spec": {**rest, **more, **overrides}}
    own = spec_file_text(data)
    document = adopted_document(own, release.file)
    compiled = check_sources(adopted_sources(environment, document, {file: text}))[0]
    return replace(
        release,
        spec=replace(release.spec, data=data),
        text=own,
        document=document,
        environment=compiled,
        extras={file: text},
    )


def named_outside(extras: Sequence[RunningObject], release: AdoptedRelease) -> list[str]:
    """What the pods and routes among the objects name that neither they nor the release write: it has to exist."""
    written = {(each.kind, each.name) for each in extras}
    written |= {(each.kind, each.name) for each in release.compiled.manifests}
    named: set[tuple[str, str]] = set()
    for each in extras:
        named |= {("Service", name) for name in backend_names(each)}
        certificates = {"tls": each.spec.get("tls")} if each.key[:2] in adopted_routes() else {}
        named |= set(references_in([dict(each.pod), certificates]))
    known = external_objects_of(release.compiled)
    return sorted(f"{kind}/{name}" for kind, name in named - written - known - GIVEN)


def extras_text(extras: Sequence[RunningObject]) -> str:
    """The objects as the documents of one file, without the namespace, which is the environment's."""
    return "---\n".join(_document_text(each) for each in extras)


def _document_text(each: RunningObject) -> str:
    metadata = {key: value for key, value in each.object["metadata"].items() if key != "namespace"}
    try:
        return emit({**each.object, "metadata": metadata}).decode()
    except UnwritableError as error:
        raise UnsayableError(f"{each.title}: {error}") from None


def _refused_document(rejected: Rejected, extras: Sequence[RunningObject]) -> tuple[int | None, str]:
    """Which of the documents the first error is in (None: it is elsewhere), and what it says."""
    first = next(each for each in rejected.diagnostics if each.severity == "error")
    return _document_at(first, extras), f"{first.message} ({first.code})"


def _document_at(diagnostic: Diagnostic, extras: Sequence[RunningObject]) -> int | None:
    if diagnostic.loc is None or f"/{FOLDER}/" not in diagnostic.loc.file:
        return None
    line = 1
    for number, each in enumerate(extras):
        line += _document_text(each).count("\n") + 1
        if diagnostic.loc.line < line:
            return number
    return None
