"""The rules of specs as they stand, before anything is lowered: of the place, of groups, of each release by itself."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.diagnostics.accept import has_errors
from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.course import Membership, Subject
from compiler.rules.groups import check_groups, memberships
from compiler.rules.identity import check_identity
from compiler.rules.overrides import check_protected_paths
from compiler.rules.place import check_place
from compiler.rules.release import check_release
from compiler.spec.documents import Documents, EnvironmentDocument, ReleaseDocument
from compiler.strategies import STRATEGIES


def check_documents(folder: str, documents: Documents) -> list[Diagnostic]:
    """What is wrong with the environment in `folder`; with its releases only where it and its groups are right."""
    diagnostics = [*check_place(folder, documents), *check_groups(documents)]
    return diagnostics if has_errors(diagnostics) else [*diagnostics, *check_release_documents(documents)]


def check_release_documents(documents: Documents) -> Iterator[Diagnostic]:
    """What is wrong with each release by itself."""
    members = memberships(documents)
    for source in documents.releases:
        for problem in release_problems(documents.environment, source, members.get(source.name)):
            yield source.document.diagnose(problem)


def release_problems(
    environment: EnvironmentDocument, source: ReleaseDocument, membership: Membership | None
) -> list[Problem]:
    subject = Subject(source.model, source.strategy.model, membership)
    return [
        *check_release(environment, source, membership),
        *check_identity(source),
        *check_protected_paths(source.model.spec.overrides),
        *STRATEGIES[source.strategy.name].check(subject),
    ]
