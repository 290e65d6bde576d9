"""Times validation and emission of this repository's own environments: `python benchmarks/validate.py`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from compiler.model.compiled import CompiledRelease
from compiler.model.manifest import Manifest
from compiler.pipeline import compile_documents
from compiler.source.workspace import read_sources
from compiler.spec.documents import read_documents
from compiler.strategies import strategy_models
from compiler.traffic.providers import provider_models
from compiler.tree.yaml import emit
from compiler.validate import PolicyRequirements, validate_objects, validate_policy, validate_references
from compiler.validate.external_references import external_objects_of
from compiler.validate.kind_schemas import kind_schema
from compiler.validate.spec_findings import validation_policy

KUBERNETES = "1.34"


def compiled(root: Path, name: str) -> tuple[Sequence[CompiledRelease], PolicyRequirements]:
    """The releases of one environment, and its policy."""
    sources = read_sources(root, name)
    documents = read_documents(sources.environment, sources.others, strategy_models(), provider_models())
    environment = compile_documents(sources.name, documents, sources.data)
    return environment.releases, validation_policy(environment.documents.environment.model.spec)


def accepts(manifest: Manifest) -> bool:
    """The answer of the compiled schema alone."""
    form = kind_schema(KUBERNETES, manifest.object["apiVersion"], manifest.kind)
    return form is not None and form.accepts(manifest.object)


def timed(name: str, objects: int, work: Callable[[], object]) -> None:
    """Prints the median of 25 runs per object."""
    spans = []
    for _ in range(25):
        start = time.perf_counter()
        work()
        spans.append(time.perf_counter() - start)
    print(f"{name:12} {statistics.median(spans) / objects * 1e6:6.1f} µs an object")


def main() -> None:
    """Prints the costs per object, warm."""
    root = Path(__file__).parent.parent
    releases, policy = compiled(root, "prod")
    sets = [(release.manifests, external_objects_of(release)) for release in releases]
    count = sum(len(manifests) for manifests, _ in sets)
    print(f"{count} objects of prod, Kubernetes {KUBERNETES}")
    timed("schemas", count, lambda: [accepts(manifest) for manifests, _ in sets for manifest in manifests])
    timed("objects", count, lambda: [validate_objects(manifests, KUBERNETES) for manifests, _ in sets])
    timed("references", count, lambda: [validate_references(manifests, outside) for manifests, outside in sets])
    timed("policy", count, lambda: [validate_policy(manifests, policy) for manifests, _ in sets])
    timed("emit", count, lambda: [emit(manifest.object) for manifests, _ in sets for manifest in manifests])


if __name__ == "__main__":
    main()
