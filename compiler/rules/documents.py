"""The rules of specs as they stand, before anything is lowered: of the place, of groups, of each release by itself."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.diagnostics.model import Diagnostic, Problem, has_errors
from compiler.model.compiled import KnownReleases, no_release
from compiler.model.course import STRATEGY, Membership, Subject
from compiler.rules.groups import check_groups, memberships
from compiler.rules.identity import check_identity
from compiler.rules.observe import check_observe
from compiler.rules.overrides import check_jobs, check_protected_paths
from compiler.rules.place import check_place
from compiler.rules.release import check_release
from compiler.spec.analysis import Watched
from compiler.spec.documents import Documents, EnvironmentDocument, ReleaseDocument
from compiler.strategies import STRATEGIES


def check_documents(folder: str, documents: Documents, known: KnownReleases = no_release) -> list[Diagnostic]:
    """What is wrong with the environment in `folder`; with its releases only where it and its groups are right.

    The releases that are `known` were checked before.
    """
    environment = documents.environment
    observed = map(environment.document.diagnose, check_observe(environment.model.spec))
    diagnostics = [*check_place(folder, documents), *observed, *check_groups(documents)]
    return diagnostics if has_errors(diagnostics) else [*diagnostics, *check_release_documents(documents, known)]


def check_release_documents(documents: Documents, known: KnownReleases) -> Iterator[Diagnostic]:
    """What is wrong with each release by itself."""
    members = memberships(documents)
    for source in documents.releases:
        membership = members.get(source.name)
        if known(documents, source, membership) is None:
            problems = release_problems(documents.environment, source, membership)
            yield from map(source.document.diagnose, problems)


def release_problems(
    environment: EnvironmentDocument, source: ReleaseDocument, membership: Membership | None
) -> list[Problem]:
    subject = Subject(source.model, source.strategy.model, membership)
    return [
        *check_release(environment, source, membership),
        *check_identity(source),
        *analysis_problems(environment, source),
        *check_protected_paths(source.model.spec.overrides),
        *check_jobs(source.model),
        *STRATEGIES[source.strategy.name].check(subject),
    ]


def analysis_problems(environment: EnvironmentDocument, source: ReleaseDocument) -> list[Problem]:
    """What is wrong with the analysis of the release's strategy, where it has one."""
    strategy = source.strategy.model
    if not isinstance(strategy, Watched) or strategy.analysis is None:
        return []
    from compiler.rules.analysis import check_analysis  # noqa: PLC0415 - the parser of PromQL, which few specs need

    where = (*STRATEGY, source.strategy.name, "analysis")
    return list(check_analysis(environment.model.spec, source.strategy.name, strategy.analysis, where))
