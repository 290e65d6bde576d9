"""The product on one screen: specs in, the published tree out.

    files ─▶ read ─▶ check ─▶ lower ─▶ route ─▶ check together ─▶ for each release: assemble ─▶ validate ─▶ render

Reading is at the start; what follows is pure. Publishing and reports start from what `build_environment` returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from compiler.assemble.environment import environment_objects
from compiler.assemble.extras import EXTRAS, extra_manifests, extras_with_origins
from compiler.assemble.release import assemble_release
from compiler.diagnostics.model import accepted, has_errors
from compiler.model.compiled import CompiledEnvironment, CompiledRelease, ReadEnvironment, ReadRelease
from compiler.model.course import Membership, Subject, traced_membership
from compiler.model.manifest import Manifest
from compiler.model.provenance import with_field_origins
from compiler.rules.documents import check_documents
from compiler.rules.groups import check_groups, memberships
from compiler.rules.together import check_together
from compiler.source.document import Document, Files
from compiler.source.workspace import Sources, extra_documents
from compiler.spec.documents import (
    Documents,
    EnvironmentDocument,
    ReleaseDocument,
    read_documents,
    traced_environment,
    traced_release,
)
from compiler.strategies import STRATEGIES, strategy_models
from compiler.support.parallel import WHOLE, Shard, parallel_map
from compiler.traffic.providers import exposures_of, provider_models
from compiler.validate.spec_findings import (
    ValidatedRelease,
    outline_release,
    validate_applications,
    validate_release,
    validate_together,
)

if TYPE_CHECKING:
    from compiler.tree.render import BuiltEnvironment, PublishDestination, RenderedEnvironment, RenderedRelease


def check_environment(sources: Sources) -> CompiledEnvironment:
    """The environment, validated. Raises Rejected with all findings of the first stage that has errors."""
    return check_sources(sources)[0]


def check_sources(
    sources: Sources, shard: Shard = WHOLE
) -> tuple[CompiledEnvironment, list[tuple[CompiledRelease, ValidatedRelease]]]:
    """The environment, and what the releases of the shard write, validated. Raises as `check_environment` does."""
    compiled = compile_sources(sources)
    held = held_releases(compiled, shard)
    checked = checked_releases(needed_releases(compiled, shard, held), held)
    return with_findings(compiled, checked), [each for each in checked if each[0].name in held]


def check_edited(before: Documents, sources: Sources) -> CompiledEnvironment:
    """The environment of edited specs, validated. Raises Rejected as `check_environment` does.

    The specs that are as they were for `before` were read then.
    """
    compiled = compile_documents(sources.name, documents_of(sources, before), sources.data)
    return with_findings(compiled, checked_releases(compiled.releases, compiled.by_name.keys()))


def render_environment(
    sources: Sources, kept: Mapping[bytes, RenderedRelease] | None = None, shard: Shard = WHOLE
) -> RenderedEnvironment:
    """The environment, and the releases of the shard as files, validated. Raises as `check_environment` does.

    `kept` are releases without findings that were rendered before, by the digest of what they were made from.
    """
    from compiler.tree.render import RenderedEnvironment, source_digest  # noqa: PLC0415 - `check` renders nothing

    compiled = compile_sources(sources)
    held = held_releases(compiled, shard)
    releases = needed_releases(compiled, shard, held)
    before = [kept.get(source_digest(sources, each)) if kept else None for each in releases]
    written = written_releases(sources, held, releases, before)
    compiled = with_findings(
        compiled, [(each, validated) for each, (validated, _) in zip(releases, written, strict=True)]
    )
    rendered = tuple(rendered for _, rendered in written if rendered is not None)
    return RenderedEnvironment(compiled, sources, rendered, shard)


def held_releases(compiled: CompiledEnvironment, shard: Shard) -> frozenset[str]:
    """The releases whose files the shard writes; a group is never divided."""
    groups = {each.name: each.subject.membership for each in compiled.releases}
    units = {name: name if group is None else group.group for name, group in groups.items()}
    return frozenset(name for name, unit in units.items() if shard.holds(f"{compiled.name}/{unit}"))


def needed_releases(compiled: CompiledEnvironment, shard: Shard, held: Set[str]) -> Sequence[CompiledRelease]:
    """The releases to assemble: where the environment's own objects are written, all, for what Argo CD must know."""
    if shard.holds(compiled.name):
        return compiled.releases
    return [release for release in compiled.releases if release.name in held]


def build_environment(rendered: RenderedEnvironment, destination: PublishDestination) -> BuiltEnvironment:
    """The published tree as it will stand at the destination. Raises Rejected for what Argo CD would refuse."""
    from compiler.tree.render import argocd_objects, tree_of  # noqa: PLC0415 - `check` renders nothing

    applications = argocd_objects(rendered, destination)
    accepted(validate_applications(rendered.compiled, applications))
    return tree_of(rendered, destination, applications)


def compile_sources(sources: Sources) -> CompiledEnvironment:
    return compile_documents(sources.name, documents_of(sources), sources.data)


def read_environment(sources: Sources) -> ReadEnvironment:
    """What the specs say of each release, neither checked nor lowered: a verb decides its edit from that.

    Raises Rejected for specs that do not have the form, and for groups whose members cannot be told.
    """
    documents = documents_of(sources)
    if has_errors(check_groups(documents)):
        check_read(sources.name, documents)
    return ReadEnvironment(sources.name, documents, releases_as_read(documents, sources.data))


def check_read(name: str, documents: Documents) -> None:
    """Raises Rejected for specs that are wrong as they stand, each by itself."""
    accepted(check_documents(name, documents))


def documents_of(sources: Sources, before: Documents | None = None) -> Documents:
    return read_documents(sources.environment, sources.others, strategy_models(), provider_models(), before)


def compile_documents(name: str, documents: Documents, data: Mapping[str, Files]) -> CompiledEnvironment:
    """The environment, its objects still to be made. Raises Rejected with all findings of the stage that refuses."""
    warnings = accepted(check_documents(name, documents))
    releases = tuple(map(compile_release, releases_as_read(documents, data)))
    environment = documents.environment
    texts = data.get(environment.document.file, {})
    extras = extra_documents(environment.document, texts) if environment.model.spec.extras else ()
    warnings = accepted([*warnings, *check_together(environment, releases, extras)])
    own = (*environment_objects(environment.model), *extra_manifests(extras, environment.model.spec.namespace))
    return CompiledEnvironment(name, documents, releases, own, warnings, traced_environment_objects, extras)


def releases_as_read(documents: Documents, data: Mapping[str, Files]) -> tuple[ReadRelease, ...]:
    members = memberships(documents)
    return tuple(
        release_as_read(documents.environment, each, members.get(each.name), data[each.document.file])
        for each in documents.releases
    )


def release_as_read(
    environment: EnvironmentDocument, source: ReleaseDocument, membership: Membership | None, files: Files
) -> ReadRelease:
    subject = Subject(source.model, source.strategy.model, membership)
    return ReadRelease(environment, source, subject, STRATEGIES[source.strategy.name], files)


def compile_release(read: ReadRelease) -> CompiledRelease:
    """The release, lowered by its strategy and routed by the environment's providers."""
    topology = read.lowered()
    return CompiledRelease(
        read.environment,
        read.source,
        read.subject,
        read.strategy,
        read.files,
        topology,
        exposures_of(read.environment, read.subject, topology),
        extra_documents(read.document, read.files) if read.source.model.spec.extras else (),
        assemble_release,
        traced_objects,
    )


def traced_objects(release: CompiledRelease) -> tuple[Manifest, ...]:
    """The release's objects anew, by the same builders over traced specs: each field knows where it came from."""
    environment, source = traced_environment(release.environment), traced_release(release.source)
    read = release_as_read(environment, source, traced_membership(release.subject.membership), release.files)
    return tuple(with_origins(manifest, release.extras) for manifest in assemble_release(compile_release(read)))


def traced_environment_objects(compiled: CompiledEnvironment) -> tuple[Manifest, ...]:
    """The environment's own objects anew, likewise."""
    environment = traced_environment(compiled.documents.environment).model
    extras = extra_manifests(compiled.extras, compiled.documents.environment.model.spec.namespace)
    return tuple(with_origins(each, compiled.extras) for each in (*environment_objects(environment), *extras))


def with_origins(manifest: Manifest, extras: Sequence[Document]) -> Manifest:
    if manifest.origin.via == EXTRAS:
        return extras_with_origins(manifest, extras)
    return with_field_origins(manifest)


def checked_releases(
    releases: Sequence[CompiledRelease], held: Set[str]
) -> list[tuple[CompiledRelease, ValidatedRelease]]:
    """Each release with what it writes, judged if it is one of `held`."""
    return list(zip(releases, parallel_map(partial(checked_release, held), releases, "releases checked"), strict=True))


def checked_release(held: Set[str], release: CompiledRelease) -> ValidatedRelease:
    """One release's objects, validated and let go: the next release's take their place in the processor's cache.

    Those of another shard are only named.
    """
    manifests = assemble_release(release)
    return validate_release(release, manifests) if release.name in held else outline_release(manifests)


def written_releases(
    sources: Sources,
    held: Set[str],
    releases: Sequence[CompiledRelease],
    before: Sequence[RenderedRelease | None],
) -> list[tuple[ValidatedRelease, RenderedRelease | None]]:
    """Each release as it was written before, or made anew."""
    new = [release for release, known in zip(releases, before, strict=True) if known is None]
    made = iter(parallel_map(partial(written_release, sources, held), new, "releases rendered"))
    return [next(made) if known is None else (ValidatedRelease(known.objects, ()), known) for known in before]


def written_release(
    sources: Sources, held: Set[str], release: CompiledRelease
) -> tuple[ValidatedRelease, RenderedRelease | None]:
    """One release's objects, validated, and as files; no files where one is wrong, or where another shard has it."""
    from compiler.tree.render import release_content, render_release  # noqa: PLC0415 - `check` renders nothing

    manifests = assemble_release(release)
    if release.name not in held:
        return outline_release(manifests), release_content(release, manifests)
    validated = validate_release(release, manifests)
    return validated, None if has_errors(validated.findings) else render_release(sources, release, manifests)


def with_findings(
    compiled: CompiledEnvironment, releases: Sequence[tuple[CompiledRelease, ValidatedRelease]]
) -> CompiledEnvironment:
    """The environment with all its warnings. Raises Rejected with every error of every object."""
    return replace(compiled, warnings=accepted([*compiled.warnings, *validate_together(compiled, releases)]))
