"""The product on one screen: specs in, the published tree out.

    files ─▶ read_environment ─▶ read_documents ─▶ compile_documents ─▶ validate ─▶ render ─▶ {path: bytes}

Reading is at the start; what follows is pure. Publishing and reports start from what `build` returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from compiler.compile import CompiledEnvironment, CompiledRelease, compile_documents
from compiler.diagnostics.model import Diagnostic
from compiler.judge import ReleaseFinisher, validate_applications, validate_environment
from compiler.model.manifest import Manifest, Object
from compiler.source.workspace import Sources
from compiler.spec.documents import read_documents
from compiler.spec.environment import Environment
from compiler.strategies import STRATEGIES
from compiler.traffic.providers import PROVIDERS

if TYPE_CHECKING:
    from compiler.tree.render import PublishDestination

R = TypeVar("R")
DestinationLookup = Callable[[Environment], "PublishDestination"]


@dataclass(frozen=True)
class BuiltEnvironment:
    """An environment ready to be written: its tree below the GitOps path, Argo CD's objects in it, and warnings."""

    compiled: CompiledEnvironment
    files: Mapping[str, bytes]
    applications: tuple[Object, ...]
    warnings: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    data: Mapping[str, Mapping[str, str]]
    """the text of each file that a spec names, by spec"""

    @cached_property
    def manifests(self) -> Mapping[str, Mapping[str, bytes]]:
        from compiler.git.tree import manifests_by_folder  # noqa: PLC0415 - `check` needs none of it: 10 ms

        return manifests_by_folder(self.files)


def check_environment(sources: Sources) -> CompiledEnvironment:
    """The environment, validated. Raises Rejected with all findings of the first stage that has errors."""
    return compile_and_validate(sources, manifest_count)[0]


def compile_and_validate(sources: Sources, finish: ReleaseFinisher[R]) -> tuple[CompiledEnvironment, list[R]]:
    """The environment, validated, and what `finish` makes of each release. Raises Rejected as `check` does."""
    strategies = {name: strategy.SPEC for name, strategy in STRATEGIES.items()}
    providers = {name: provider.SPEC for name, provider in PROVIDERS.items()}
    documents = read_documents(sources.environment, sources.others, strategies, providers)
    return validate_environment(compile_documents(sources.name, documents, sources.data), finish)


def manifest_count(_release: CompiledRelease, manifests: Sequence[Manifest]) -> int:
    """How many objects the release writes."""
    return len(manifests)


def build_environment(sources: Sources, locate: DestinationLookup) -> BuiltEnvironment:
    """The environment's published tree, as it will stand where `locate` says. Raises Rejected as `check` does."""
    from compiler.tree.render import argocd_objects, render_environment, render_release  # noqa: PLC0415 - as above

    compiled, releases = compile_and_validate(sources, partial(render_release, sources))
    destination = locate(compiled.documents.environment.model)
    wanted = argocd_objects(compiled, destination, {each.name: each.content for each in releases})
    validate_applications(compiled, wanted)
    files = render_environment(compiled, sources, destination, releases, wanted)
    return BuiltEnvironment(compiled, files, wanted, compiled.warnings, sources.texts, sources.data)
