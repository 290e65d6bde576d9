"""The product on one screen: specs in, the published tree out.

    files ─▶ read ─▶ check ─▶ lower ─▶ route ─▶ check together ─▶ for each release: assemble ─▶ validate ─▶ render

Reading is at the start; what follows is pure. Publishing and reports start from what `build_environment` returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from compiler.assemble.environment import own_objects, traced_own_objects
from compiler.assemble.release import assemble_release, traced_objects
from compiler.diagnostics.model import Rejected, accepted, has_errors
from compiler.model.compiled import (
    CompiledEnvironment,
    CompiledRelease,
    KnownReleases,
    ReadEnvironment,
    ReadRelease,
    UncompiledRelease,
    no_release,
)
from compiler.model.course import Membership
from compiler.rules.documents import check_documents
from compiler.rules.groups import check_groups, memberships, read_with_strategy, releases_as_read
from compiler.rules.together import check_together
from compiler.source.document import Files
from compiler.source.kept_specs import source_digest
from compiler.source.workspace import Sources, extra_documents
from compiler.spec.documents import (
    Documents,
    EnvironmentDocument,
    ReleaseDocument,
    read_documents,
    read_environment_document,
)
from compiler.strategies import strategy_models
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
    from compiler.tree.render import (
        BuiltEnvironment,
        PublishDestination,
        RenderedApplications,
        RenderedEnvironment,
        RenderedRelease,
    )


def documents_of(sources: Sources, before: Documents | None = None) -> Documents:
    """read. Raises Rejected for specs that do not have the form; what was read for `before` is not read again."""
    return read_documents(sources.environment, sources.others, strategy_models(), provider_models(), before)


def environment_document(sources: Sources) -> EnvironmentDocument:
    """read, of the environment alone: where it is published. Raises Rejected; what releases say does not matter."""
    read = read_environment_document(sources.environment, provider_models())
    if read.value is None:
        raise Rejected(read.diagnostics)
    return read.value


def compile_documents(
    name: str, documents: Documents, data: Mapping[str, Files], known: KnownReleases = no_release
) -> CompiledEnvironment:
    """check, lower, route, check together. Raises Rejected with all findings of the stage that refuses."""
    environment = documents.environment
    warnings = accepted(check_documents(name, documents, known))
    releases = compiled_releases(documents, data, known)
    texts = data.get(environment.document.file, {})
    extras = extra_documents(environment.document, texts) if environment.model.spec.extras else ()
    warnings = accepted([*warnings, *check_together(environment, releases, extras)])
    own = own_objects(environment.model, extras)
    return CompiledEnvironment(name, documents, releases, own, warnings, traced_own_objects, extras)


def compiled_releases(
    documents: Documents, data: Mapping[str, Files], known: KnownReleases
) -> tuple[CompiledRelease, ...]:
    """Each release as it is known, or compiled."""
    members = memberships(documents)
    return tuple(
        known(documents, each, members.get(each.name))
        or compiled_anew(documents, each, members.get(each.name), data[each.document.file])
        for each in documents.releases
    )


def compile_release(read: ReadRelease) -> CompiledRelease:
    """lower, route: by the release's strategy, and by the environment's providers."""
    topology = read.lowered()
    exposures = exposures_of(read.environment, read.subject, topology)
    extras = extra_documents(read.document, read.files) if read.source.model.spec.extras else ()
    facts = (read.environment, read.source, read.subject, read.strategy, read.files)
    return CompiledRelease(*facts, topology, exposures, extras, assemble_release, traced_objects)


def checked_release(held: Set[str], release: CompiledRelease) -> ValidatedRelease:
    """assemble, validate: one release's objects, made and let go. Those of another shard are only named."""
    manifests = assemble_release(release)
    return validate_release(release, manifests) if release.name in held else outline_release(manifests)


def written_release(
    sources: Sources, held: Set[str], release: CompiledRelease
) -> tuple[ValidatedRelease, RenderedRelease | None]:
    """assemble, validate, render: one release as files; none where one is wrong, or where another shard has it."""
    from compiler.tree.render import release_content, render_release  # noqa: PLC0415 - `check` renders nothing

    manifests = assemble_release(release)
    if release.name not in held:
        return outline_release(manifests), release_content(release, manifests)
    validated = validate_release(release, manifests)
    return validated, None if has_errors(validated.findings) else render_release(sources, release, manifests)


def build_environment(
    rendered: RenderedEnvironment, destination: PublishDestination, before: RenderedApplications | None = None
) -> BuiltEnvironment:
    """The published tree as it will stand at the destination. Raises Rejected for what Argo CD would refuse.

    `before` are Argo CD's objects as they were accepted and rendered before.
    """
    from compiler.tree.render import applications_digest, argocd_objects, render_applications, tree_of  # noqa: PLC0415 - `check` renders nothing

    applications = argocd_objects(rendered, destination)
    if before is None or before.source != applications_digest(rendered, applications):
        accepted(validate_applications(rendered.compiled, applications))
        before = render_applications(rendered, applications)
    return tree_of(rendered, destination, applications, before)


def check_environment(sources: Sources) -> CompiledEnvironment:
    """The environment, validated. Raises Rejected with all findings of the first stage that has errors."""
    return check_sources(sources)[0]


def check_sources(
    sources: Sources, shard: Shard = WHOLE
) -> tuple[CompiledEnvironment, list[tuple[CompiledRelease, ValidatedRelease]]]:
    """The environment, and what the releases of the shard write, validated. Raises as `check_environment` does."""
    compiled = compile_documents(sources.name, documents_of(sources), sources.data)
    held = compiled.held_by(shard)
    checked = checked_releases(compiled.needed_by(shard), held)
    return with_findings(compiled, checked), [each for each in checked if each[0].name in held]


def check_edited(before: Documents, sources: Sources) -> CompiledEnvironment:
    """The environment of edited specs, as `check_environment`; what was read for `before` is not read again."""
    compiled = compile_documents(sources.name, documents_of(sources, before), sources.data)
    return with_findings(compiled, checked_releases(compiled.releases, compiled.held_by(WHOLE)))


def render_environment(
    sources: Sources, kept: Mapping[str, RenderedRelease] = MappingProxyType({}), shard: Shard = WHOLE
) -> RenderedEnvironment:
    """The environment, and the releases of the shard as files, validated. Raises as `check_environment` does.

    `kept` are releases without findings that were rendered before, by their names.
    """
    from compiler.tree.render import RenderedEnvironment  # noqa: PLC0415 - `check` renders nothing

    known = rendered_before(sources, kept) if kept else no_release
    compiled = compile_documents(sources.name, documents_of(sources), sources.data, known)
    releases = compiled.needed_by(shard)
    before = [None if each.claims is None else kept[each.name] for each in releases]
    written = written_releases(sources, compiled.held_by(shard), releases, before)
    validated = [(release, each) for release, (each, _) in zip(releases, written, strict=True)]
    rendered = tuple(rendered for _, rendered in written if rendered is not None)
    return RenderedEnvironment(with_findings(compiled, validated), sources, rendered, shard)


def rendered_before(sources: Sources, kept: Mapping[str, RenderedRelease]) -> KnownReleases:
    """The releases that were rendered from the same texts, and are compiled when they are asked for."""

    def known(documents: Documents, source: ReleaseDocument, membership: Membership | None) -> CompiledRelease | None:
        before, files = kept.get(source.name), sources.data[source.document.file]
        same = source_digest(sources.environment_digest, source.document, files, membership)
        if before is None or before.claims is None or before.source != same:
            return None
        compiled = partial(compiled_anew, documents, source, membership, files)
        return UncompiledRelease(source, membership, before.claims, compiled)

    return known


def compiled_anew(
    documents: Documents, source: ReleaseDocument, membership: Membership | None, files: Files
) -> CompiledRelease:
    return compile_release(read_with_strategy(documents, source, membership, files))


def checked_releases(
    releases: Sequence[CompiledRelease], held: Set[str]
) -> list[tuple[CompiledRelease, ValidatedRelease]]:
    """Each release with what it writes, judged if it is one of `held`."""
    return list(zip(releases, parallel_map(partial(checked_release, held), releases, "releases checked"), strict=True))


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


def with_findings(
    compiled: CompiledEnvironment, releases: Sequence[tuple[CompiledRelease, ValidatedRelease]]
) -> CompiledEnvironment:
    """The environment with all its warnings. Raises Rejected with every error of every object."""
    return replace(compiled, warnings=accepted([*compiled.warnings, *validate_together(compiled, releases)]))


def read_environment(sources: Sources) -> ReadEnvironment:
    """What the specs say of each release, neither checked nor lowered: a verb decides its edit from that.

    Raises Rejected for specs that do not have the form, and for groups whose members are not there.
    """
    documents = documents_of(sources)
    if has_errors(check_groups(documents)):
        check_read(sources.name, documents)
    return ReadEnvironment(sources.name, documents, releases_as_read(documents, sources.data))


def check_read(name: str, documents: Documents) -> None:
    """Raises Rejected for specs that are wrong as they stand, each by itself."""
    accepted(check_documents(name, documents))
