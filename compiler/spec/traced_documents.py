"""Documents whose models know the line of each of their values: what `why` and errors build from."""

from __future__ import annotations

from dataclasses import replace

from compiler.diagnostics.model import Path
from compiler.model.manifest import Origin
from compiler.model.provenance import traced_by
from compiler.spec.documents import ChosenOption, EnvironmentDocument, ReleaseDocument


def traced_release(source: ReleaseDocument) -> ReleaseDocument:
    strategy = source.strategy
    traced_strategy = replace(strategy, model=traced_by(strategy.model, release_origin, strategy.path))
    return ReleaseDocument(source.document, traced_by(source.model, release_origin), traced_strategy)


def release_origin(path: Path) -> Origin:
    return Origin(path, "overrides" if path[:2] == ("spec", "overrides") else "spec")


def traced_environment(source: EnvironmentDocument) -> EnvironmentDocument:
    model = traced_by(source.model, lambda path: Origin(path, "environment", "environment"))
    return EnvironmentDocument(source.document, model, tuple(map(traced_provider, source.traffic)))


def traced_provider(provider: ChosenOption) -> ChosenOption:
    via = f"provider {provider.name}"
    model = traced_by(provider.model, lambda path: Origin(path, via, "environment"), provider.path)
    return replace(provider, model=model)
