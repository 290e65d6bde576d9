"""Why `publish` takes nothing now: edits by hand, a freeze, exceptions that have expired, older specs, a base that no
trusted key signed, a release that goes while it serves, a kind that goes together with its permission.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.plan.facts import PublishFacts
from compiler.plan.freezes import freeze_finding
from compiler.plan.permissions import prunes_not_permitted
from compiler.plan.removals import removals_while_serving
from compiler.rules.exceptions import expired_exceptions
from compiler.tree.ownership import FileChanges, existing_files, file_changes
from compiler.tree.render import BuiltEnvironment

MAX_REFUSAL_NOTES = 5


@dataclass(frozen=True, slots=True)
class PublishRefusals:
    """The refusals of an environment at one moment: those that stand, and those that somebody may answer for."""

    firm: tuple[Diagnostic, ...]
    answerable: tuple[Diagnostic, ...] = ()
    changes: FileChanges | None = None
    """what a publish writes and removes; None where files were edited by hand"""

    @property
    def all(self) -> tuple[Diagnostic, ...]:
        return self.firm + self.answerable

    def without(self, allowed: Collection[str]) -> tuple[Diagnostic, ...]:
        """Those that are left where somebody answers for the codes `allowed`."""
        return self.firm + tuple(each for each in self.answerable if each.code not in allowed)


def publish_refusals(built: BuiltEnvironment, facts: PublishFacts) -> PublishRefusals:
    """The refusals of an environment at one moment."""
    environment = built.compiled.documents.environment
    expired = tuple(expired_exceptions(environment, facts.now.date()))
    try:
        differing = file_changes(existing_files(facts.base), built.desired)
    except Rejected as rejected:
        return PublishRefusals((*expired, *rejected.diagnostics))
    # a freeze stands in the environment's spec, so its own coming changes every index
    frozen = freeze_finding(environment, facts.now) if differing.beyond_indexes else None
    conditional = [
        frozen,
        facts.source_refusal if differing else None,
        facts.signature_refusal,
        *removals_while_serving(built, facts),
        *prunes_not_permitted(built, facts),
    ]
    return PublishRefusals(expired, tuple(each for each in conditional if each is not None), differing)


def refusal_notes(refusals: Sequence[Diagnostic]) -> list[str]:
    """A line for each refusal, and how many more there are."""
    shown = [f"publish refuses: {each.message}" for each in refusals[:MAX_REFUSAL_NOTES]]
    more = len(refusals) - len(shown)
    return shown + ([f"publish refuses {more} more files"] if more else [])
