"""The rules of what was lowered together: what a provider cannot write, what releases do to each other, the quota."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.diagnostics.model import Diagnostic
from compiler.model.compiled import CompiledRelease
from compiler.rules.extras import check_extras
from compiler.rules.identity import check_kept_identity
from compiler.rules.neighbors import check_sibling_releases
from compiler.rules.ports import check_service_names
from compiler.rules.quota import check_costs
from compiler.rules.tls import check_tls_hosts
from compiler.source.document import Document
from compiler.spec.documents import EnvironmentDocument
from compiler.traffic.providers import providers
from compiler.traffic.service import provider as service


def check_together(
    environment: EnvironmentDocument, releases: Sequence[CompiledRelease], extras: Sequence[Document]
) -> Iterator[Diagnostic]:
    """What is wrong with the environment's releases now that their tracks and routes are known."""
    names = {provider.name for provider in environment.traffic}
    yield from check_extras(extras, environment.model.spec.namespace)
    for release in releases:
        yield from check_routes(release)
    regex = any(providers()[name].REWRITES_BY_PATTERN for name in names)
    yield from check_sibling_releases(releases, routed=names != {service.NAME}, regex=regex)
    yield from check_costs(environment.model.spec.quota, releases)


def check_routes(release: CompiledRelease) -> Iterator[Diagnostic]:
    """What the release's providers cannot express of it."""
    routed = set(release.exposures) != {service.NAME}
    problems = check_tls_hosts(release.subject.release.spec.expose, release.topology, routed=routed)
    problems += [problem for name, each in release.exposures.items() for problem in providers()[name].check(each)]
    problems += [*check_kept_identity(release), *check_service_names(release)]
    yield from map(release.document.diagnose, problems)
    yield from check_extras(release.extras, release.environment.model.spec.namespace)
