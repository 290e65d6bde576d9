"""Objects into the published tree: one object a file, an index a folder, a README, Argo CD's Applications."""

from __future__ import annotations

import hashlib
import marshal
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, reduce
from hashlib import sha256
from operator import or_
from typing import Final

from compiler import __version__
from compiler.diagnostics.model import Diagnostic
from compiler.model.address import ENVIRONMENT
from compiler.model.claims import ReleaseClaims
from compiler.model.compiled import CompiledEnvironment, CompiledRelease
from compiler.model.manifest import Manifest, Object, ObjectName
from compiler.model.unit import CompiledUnit, units_of
from compiler.model.unit_facts import UnitFacts
from compiler.source import Document
from compiler.source.document import Files
from compiler.source.kept_specs import source_digest
from compiler.source.workspace import Sources
from compiler.spec.environment import Environment
from compiler.support.parallel import WHOLE, Shard
from compiler.tree.applications import EnvironmentFacts, SyncedContent, SyncedUnit, bootstrap_objects, synced_content
from compiler.tree.index import with_index
from compiler.tree.ownership import DesiredFiles
from compiler.tree.paths import join_path, parent_folder, top_folder
from compiler.tree.published_tree import manifests_by_folder
from compiler.tree.yaml import emit

NO_PATH_CHARACTER = re.compile(r"[^A-Za-z0-9_.-]")
WITHOUT_REFERENCES: Final = 2
"""The version of marshal whose bytes do not depend on how many hold a value beside it."""
ARGOCD_LEFT_OUT = (
    "Argo CD's projects and Applications are left out, because Argo CD could not read this repository: it has no "
    "remote `origin`, and the environment names no `gitops.repository`"
)


@dataclass(frozen=True, slots=True)
class PublishDestination:
    """Where the tree will stand: what the Applications must name. `path` is below the repository's top.

    `repository` None: in no repository that Argo CD could reach, so there are no Applications to write.
    """

    repository: str | None
    branch: str
    path: str


@dataclass(frozen=True, slots=True)
class RenderedRelease:
    """One release as it will be written: its folder's files, and what Argo CD must know of them.

    `objects` are the names of the objects in the files; `source` is the digest of all that they were made from.
    `claims`, of one that was kept, are what the rules between releases compare.
    """

    name: str
    files: Mapping[str, bytes]
    content: SyncedContent
    objects: tuple[ObjectName, ...]
    source: bytes
    claims: ReleaseClaims | None = None


@dataclass(frozen=True, slots=True)
class RenderedApplications:
    """Argo CD's objects as they will be written, by the names of their files; `source` is the digest of the objects."""

    source: bytes
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class RenderedEnvironment:
    """An environment whose releases are files: what is left depends on where the tree will stand."""

    compiled: CompiledEnvironment
    sources: Sources
    releases: tuple[RenderedRelease, ...]
    """where the environment's own objects are written, all: those of other shards without files"""
    shard: Shard = WHOLE

    @property
    def environment(self) -> Environment:
        return self.compiled.documents.environment.model


@dataclass(frozen=True)
class BuiltEnvironment:
    """An environment ready to be written: its tree below the GitOps path, Argo CD's objects in it, and warnings.

    `shard`: what of it is made here. `kept` are the folders of `files` that stay as they were published.
    """

    compiled: CompiledEnvironment
    files: Mapping[str, bytes]
    applications: tuple[Object, ...]
    rendered_applications: RenderedApplications
    warnings: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    data: Mapping[str, Files]
    """the text of each file that a spec names, by spec"""
    shard: Shard = WHOLE
    kept: frozenset[str] = frozenset()
    unit_facts: Mapping[str, UnitFacts] = field(default_factory=dict)
    """what is known of units by name, without a look at their objects"""

    @property
    def holds_own_objects(self) -> bool:
        """Whether the environment's own objects and Argo CD's are made here, and what has left is removed."""
        return self.shard.holds(self.compiled.name)

    @property
    def desired(self) -> DesiredFiles:
        """What a publish writes."""
        if not self.kept:
            return DesiredFiles(self.files)
        return DesiredFiles({p: data for p, data in self.files.items() if top_folder(p) not in self.kept}, self.kept)

    def folders_of_others(self, existing: Set[str]) -> frozenset[str]:
        """Which of the folders that are there other shards write or remove."""
        own = {top_folder(path) for path in self.files}
        if self.holds_own_objects:
            existing = existing & self.compiled.by_name.keys()
        return frozenset(existing - own)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what the tree lacks."""
        return (ARGOCD_LEFT_OUT,) if self.holds_own_objects and not self.applications else ()

    @property
    def environment(self) -> Environment:
        return self.compiled.documents.environment.model

    @cached_property
    def units(self) -> tuple[CompiledUnit, ...]:
        """All its units, in the order of their names."""
        return units_of(self.compiled)

    @cached_property
    def folders(self) -> frozenset[str]:
        """The folders of all its files."""
        return frozenset(map(parent_folder, self.files))

    @cached_property
    def manifests(self) -> Mapping[str, Mapping[str, bytes]]:
        """The manifests by their folder, then by their path."""
        return manifests_by_folder(self.files)


def render_release(sources: Sources, release: CompiledRelease, manifests: Sequence[Manifest]) -> RenderedRelease:
    objects = manifest_objects(manifests)
    files = folder_files(release.name, object_files(objects), input_digest(sources, release.document))
    names = tuple((manifest.kind, manifest.name) for manifest in manifests)
    source = source_digest(sources.environment_digest, release.document, release.files, release.membership)
    return RenderedRelease(release.name, files, synced_content(objects), names, source)


def release_content(release: CompiledRelease, manifests: Sequence[Manifest]) -> RenderedRelease:
    """What Argo CD must know of a release whose files another shard writes."""
    names = tuple((manifest.kind, manifest.name) for manifest in manifests)
    return RenderedRelease(release.name, {}, synced_content(manifest_objects(manifests)), names, b"")


def applications_digest(rendered: RenderedEnvironment, applications: Sequence[Object]) -> bytes:
    """Of the objects, and of the version that they were validated for."""
    kubernetes = rendered.environment.spec.kubernetes
    return sha256(marshal.dumps((kubernetes, list(applications)), WITHOUT_REFERENCES)).digest()


def render_applications(rendered: RenderedEnvironment, applications: Sequence[Object]) -> RenderedApplications:
    return RenderedApplications(applications_digest(rendered, applications), object_files(applications))


def tree_of(
    rendered: RenderedEnvironment,
    destination: PublishDestination,
    applications: tuple[Object, ...],
    written: RenderedApplications,
) -> BuiltEnvironment:
    """The tree below the GitOps path with the Applications in it: equal specs give equal bytes."""
    compiled, sources = rendered.compiled, rendered.sources
    files: dict[str, bytes] = {}
    for release in rendered.releases:
        files |= release.files
    parts = compiled, files, applications, written, compiled.warnings, sources.texts, sources.data, rendered.shard
    if not rendered.shard.holds(compiled.name):
        return BuiltEnvironment(*parts)
    own = input_digest(sources, sources.environment)
    files |= folder_files(ENVIRONMENT, object_files(manifest_objects(compiled.own)), own)
    if applications:
        folder = compiled.documents.environment.model.spec.argocd.path
        files |= folder_files(folder, written.files, own)
    files |= folder_files("", {"README.md": readme_text(compiled, destination)}, own)
    return BuiltEnvironment(*parts)


def folder_files(folder: str, files: Mapping[str, bytes], source: str) -> dict[str, bytes]:
    """The files of a folder and their index, by path."""
    prefix = f"{folder}/" if folder else ""
    return {prefix + name: content for name, content in with_index(files, __version__, source).items()}


def object_files(objects: Sequence[Object]) -> dict[str, bytes]:
    return {file_name(obj): emit(obj) for obj in objects}


def file_name(obj: Object) -> str:
    """`deployment-recommender-blue.yaml`: it depends on the object alone, never on what else exists.

    A name of RBAC may have characters that no path has (Kubernetes, pkg/api/validation/path): `role-web+3aleader.yaml`.
    """
    name = NO_PATH_CHARACTER.sub(lambda match: f"+{ord(match[0]):02x}", str(obj["metadata"]["name"]))
    return f"{obj['kind'].lower()}-{name}.yaml"


def input_digest(sources: Sources, document: Document) -> str:
    """One digest of all that a release is made from: its spec, its bases, the files it names, the environment."""
    named = sources.data.get(document.file, {})
    texts = {*sources.environment.texts.items(), *document.texts.items(), *named.items()}
    content = hashlib.sha256()
    for name, text in sorted(texts):
        content.update(f"{len(name)}:{name}{len(text)}:{text}".encode())
    return f"sha256:{content.hexdigest()}"


def argocd_objects(rendered: RenderedEnvironment, destination: PublishDestination) -> tuple[Object, ...]:
    """Argo CD's projects and Applications for the environment; none where Argo CD could not read the tree."""
    if destination.repository is None or not rendered.shard.holds(rendered.compiled.name):
        return ()
    contents = {each.name: each.content for each in rendered.releases}
    synced = [synced_unit(unit, contents) for unit in units_of(rendered.compiled)]
    return bootstrap_objects(argocd_facts(rendered.compiled, destination, destination.repository, synced))


def synced_unit(unit: CompiledUnit, contents: Mapping[str, SyncedContent]) -> SyncedUnit:
    return SyncedUnit(unit.name, unit.folders, reduce(or_, (contents[folder] for folder in unit.folders)))


def argocd_facts(
    compiled: CompiledEnvironment, destination: PublishDestination, repository: str, synced: Sequence[SyncedUnit]
) -> EnvironmentFacts:
    """The environment as Argo CD sees it."""
    spec = compiled.documents.environment.model.spec
    target = spec.argocd.destination
    return EnvironmentFacts(
        name=compiled.name,
        namespace=spec.namespace,
        repository=repository,
        branch=destination.branch,
        path=destination.path,
        own_path=join_path(destination.path, spec.argocd.path),
        project=spec.argocd.project or compiled.name,
        destination={"server": target.server} if target.server is not None else {"name": target.name or ""},
        units=tuple(synced),
        own=synced_content(manifest_objects(compiled.own)),
        argocd_namespace=spec.argocd.namespace,
        cascade=spec.argocd.cascade,
        signature_keys=spec.argocd.signature_keys,
        permits=frozenset((each.group, each.kind) for each in spec.argocd.permits),
    )


def sync_application(compiled: CompiledEnvironment, unit: CompiledUnit) -> Object:
    """The Application that syncs the unit, for its options: they are the same wherever the tree stands."""
    synced = SyncedUnit(unit.name, unit.folders, synced_content(unit.objects))
    return application_named(compiled, f"{compiled.name}-{unit.name}", [synced])


def environment_application(compiled: CompiledEnvironment) -> Object:
    """The Application that syncs the environment's own objects, for its options."""
    return application_named(compiled, f"{compiled.name}-environment", [])


def application_named(compiled: CompiledEnvironment, name: str, units: Sequence[SyncedUnit]) -> Object:
    place = PublishDestination(None, "", compiled.name)
    applications = bootstrap_objects(argocd_facts(compiled, place, "https://localhost/specs", units))
    return next(each for each in applications if each["metadata"]["name"] == name)


def manifest_objects(manifests: Sequence[Manifest]) -> list[Object]:
    return [manifest.object for manifest in manifests]


def readme_text(compiled: CompiledEnvironment, destination: PublishDestination) -> bytes:
    """What the folder is and how to make it again; nothing in it changes by itself."""
    names = "".join(f"- `{release.name}/`\n" for release in compiled.releases)
    return f"""# {compiled.name}

Rendered by Shipway {__version__} from `environments/{compiled.name}/` of the repository of specs.
Do not edit: a change by hand is refused at the next publish. Change the specs instead.

Argo CD syncs from branch `{destination.branch}`, one Application for each release or group:

{names}
To reproduce this folder at the specs' commit (trailer `Shipway-Source` of this commit):

    shipway build {compiled.name} --out DIR
""".encode()
