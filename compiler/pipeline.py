"""The product on one screen: specs in, the published tree out.

    files ─▶ read_environment ─▶ read_documents ─▶ compile_documents ─▶ validate ─▶ render ─▶ {path: bytes}

Reading is at the start; what follows is pure. Publishing and reports start from what `build` returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from compiler.compile import CompiledEnvironment, compile_documents
from compiler.diagnostics.model import Diagnostic
from compiler.judge import validate, validate_applications
from compiler.render import Destination, applications, render
from compiler.spec.documents import read_documents
from compiler.spec.environment import Environment
from compiler.strategies import STRATEGIES
from compiler.traffic import PROVIDERS
from compiler.workspace import Sources

Locate = Callable[[Environment], Destination]


@dataclass(frozen=True, slots=True)
class Built:
    """An environment ready to be written: its objects, its tree below the GitOps path, and warnings."""

    compiled: CompiledEnvironment
    files: Mapping[str, bytes]
    warnings: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    data: Mapping[str, Mapping[str, str]]
    """the text of each file that a spec names, by spec"""


def check(sources: Sources) -> CompiledEnvironment:
    """The environment's objects, validated. Raises Rejected with all findings of the first stage that has errors."""
    strategies = {name: strategy.SPEC for name, strategy in STRATEGIES.items()}
    providers = {name: provider.SPEC for name, provider in PROVIDERS.items()}
    documents = read_documents(sources.environment, sources.others, strategies, providers)
    compiled = compile_documents(sources.name, documents, sources.data)
    return validate(compiled)


def build(sources: Sources, locate: Locate) -> Built:
    """The environment's published tree, as it will stand where `locate` says. Raises Rejected as `check` does."""
    compiled = check(sources)
    destination = locate(compiled.documents.environment.model)
    wanted = applications(compiled, destination)
    validate_applications(compiled, wanted)
    return Built(
        compiled, render(compiled, sources, destination, wanted), compiled.warnings, sources.texts, sources.data
    )
