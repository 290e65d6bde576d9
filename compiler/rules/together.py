"""The rules of what was lowered together: what a provider cannot write, what releases do to each other, the quota."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.compiled import CompiledRelease
from compiler.model.objects import CLUSTER_SCOPED, mapping_or_empty
from compiler.rules.claims import release_claims
from compiler.rules.identity import check_kept_identity
from compiler.rules.neighbors import check_sibling_releases
from compiler.rules.ports import check_service_names
from compiler.rules.quota import check_costs
from compiler.rules.tls import check_tls_hosts
from compiler.source.document import Document
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.environment import ARGOCD_KINDS
from compiler.traffic.providers import providers
from compiler.traffic.service import provider as service


def check_together(
    environment: EnvironmentDocument, releases: Sequence[CompiledRelease], extras: Sequence[Document]
) -> Iterator[Diagnostic]:
    """What is wrong with the environment's releases now that their tracks and routes are known."""
    names = {provider.name for provider in environment.traffic}
    yield from check_extras(extras, environment.model.spec.namespace)
    for release in releases:
        if release.claims is None:
            yield from check_routes(release)
    claims = [release_claims(release) for release in releases]
    regex = any(providers()[name].REWRITES_BY_PATTERN for name in names)
    yield from check_sibling_releases(releases, claims, routed=names != {service.NAME}, regex=regex)
    yield from check_costs(environment.model.spec.quota, releases, claims)


def check_routes(release: CompiledRelease) -> Iterator[Diagnostic]:
    """What the release's providers cannot express of it."""
    routed = set(release.exposures) != {service.NAME}
    problems = check_tls_hosts(release.subject.release.spec.expose, release.topology, routed=routed)
    problems += [problem for name, each in release.exposures.items() for problem in providers()[name].check(each)]
    problems += [*check_kept_identity(release), *check_service_names(release)]
    yield from map(release.document.diagnose, problems)
    yield from check_extras(release.extras, release.environment.model.spec.namespace)


def check_extras(documents: Sequence[Document], namespace: str) -> Iterator[Diagnostic]:
    """What is no object of the environment's namespace."""
    for document in documents:
        for problem in extra_problems(document.data, namespace):
            yield document.diagnose(problem)


def extra_problems(data: Any, namespace: str) -> Iterator[Problem]:
    metadata = mapping_or_empty(data.get("metadata"))
    texts = {"apiVersion": data.get("apiVersion"), "kind": data.get("kind"), "metadata.name": metadata.get("name")}
    missing = [name for name, value in texts.items() if not isinstance(value, str) or not value]
    if missing or data["kind"] == "List":
        message = (
            (f"this is not a Kubernetes object: `{missing[0]}` is missing")
            if missing
            else "a List is not a single object"
        )
        fix = "write each object as a manifest of its own, with apiVersion, kind and metadata.name"
        yield Problem("extra-not-object", message, (), fix)
    elif data["kind"] in ARGOCD_KINDS and data["apiVersion"].startswith("argoproj.io/"):
        message = f"an object of the kind {data['kind']} could deploy anything anywhere, so a release cannot write it"
        yield Problem("extra-of-argocd", message, ("kind",), "publish it where Argo CD's own objects are")
    elif data["kind"] in CLUSTER_SCOPED:
        message = f"a {data['kind']} belongs to the whole cluster, but an environment is one namespace"
        yield Problem("extra-cluster-scoped", message, ("kind",), "publish it where the cluster's own objects are")
    elif metadata.get("namespace") not in (None, namespace):
        message = f"the environment's namespace is {namespace}, not {metadata['namespace']}"
        fix = "remove the namespace, or publish the object with the environment of that namespace"
        yield Problem("extra-namespace", message, ("metadata", "namespace"), fix)
