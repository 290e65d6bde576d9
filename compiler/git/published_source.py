"""How the specs' commit stands to the one that is published."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from compiler.diagnostics.model import Diagnostic
from compiler.git.clone import Clone
from compiler.git.history import last_publish
from compiler.git.source_repository import Relation, SourceCommit, source_relation
from compiler.tree.published_tree import PublishedTree

RELATION_MESSAGES: Final[dict[Relation, str]] = {
    "older": "the specs at {ours} are older than {published}, from which the environment was published",
    "unknown": "the environment was published from {published}, which this shallow checkout at {ours} does not have: "
    "a publish could undo what that commit changed",
    "apart": "the environment was published from {published}, which is not in the history of {ours}: "
    "a publish would undo what only that commit changed",
}
REFUSED_RELATIONS: Final[dict[Relation, tuple[str, str]]] = {
    "older": ("publish-older-source", "update the checkout of the specs, then publish again"),
    "apart": (
        "publish-source-apart",
        "merge that commit, then publish again; to undo it on purpose, "
        "`shipway publish --allow publish-source-apart --reason …`",
    ),
    "unknown": (
        "publish-source-apart",
        "fetch the whole history (`git fetch --unshallow`; in CI `fetch-depth: 0`), then publish again",
    ),
}


def compare_with_published(
    clone: Clone, base: PublishedTree, folder: Path, source: SourceCommit | None
) -> tuple[Relation, str]:
    """How the specs' commit `source` stands to the one that `base` was published from, and what a person should know.

    Where there is nothing to compare they are "same", and nothing is said.
    """
    if source is None or base.commit is None or not base.folders:
        return "same", ""
    last = last_publish(clone, base.commit, sourced=True)
    if last is None or last.facts.source is None:
        return "same", ""
    stands = source_relation(folder, source, last.facts.source, last.facts.source_time)
    return stands, RELATION_MESSAGES.get(stands, "").format(ours=source.commit[:12], published=last.facts.source[:12])


def source_refusal(relation: Relation, message: str) -> Diagnostic | None:
    """Why specs in this relation to what is published are not published; None where they may be."""
    if relation not in REFUSED_RELATIONS:
        return None
    code, remedy = REFUSED_RELATIONS[relation]
    return Diagnostic(code, message, None, remedy)
