"""What a freeze lets through: the way back of one unit, and nothing that waits in the specs beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from compiler.diagnostics.model import Diagnostic
from compiler.plan.facts import PublishFacts
from compiler.plan.freezes import freeze_finding
from compiler.plan.undo import SHORT_COMMIT
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment

MAX_LISTED_FOLDERS: Final = 8


@dataclass(frozen=True, slots=True)
class WayBackAlone:
    """A unit that goes back, its folders, and the command that takes it back."""

    name: str
    folders: tuple[str, ...]
    command: str


def refused_beside_way_back(built: BuiltEnvironment, facts: PublishFacts, way: WayBackAlone) -> Iterator[Diagnostic]:
    """In a freeze, that the way back would take along what else waits in the specs, and how it goes alone."""
    frozen = freeze_finding(built.compiled.documents.environment, facts.now)
    waiting = sorted(set(_folders_beside(built, facts.base, way))) if frozen is not None else []
    if frozen is None or not waiting:
        return
    message = (
        f"{frozen.message}; this would publish not only {way.name}, but also other changes that wait in the "
        f"specs: {_listed(waiting)}"
    )
    together = f"all of it: `shipway publish {built.compiled.name} --allow frozen --reason …`"
    source = (facts.published_source or "")[:SHORT_COMMIT]
    alone = f"{way.name} alone, from the specs that are published: `git worktree add --detach ../published {source}`, "
    help_text = f"{alone}then there `{way.command}`; {together}" if source else together
    yield replace(frozen, message=message, help=help_text)


def _folders_beside(built: BuiltEnvironment, base: PublishedTree, way: WayBackAlone) -> Iterator[str]:
    """The folders whose manifests would change besides those of the unit; its own Application goes with it."""
    application = f"application-{built.compiled.name}-{way.name}.yaml"
    for path in base.files.keys() | built.files.keys():
        folder, _, name = path.rpartition("/")
        own = folder in way.folders or (folder == built.environment.spec.argocd.path and name == application)
        if path.endswith(".yaml") and not own and base.files.get(path) != built.files.get(path):
            yield folder


def _listed(names: Sequence[str]) -> str:
    more = [f"{len(names) - MAX_LISTED_FOLDERS} more"] if len(names) > MAX_LISTED_FOLDERS else []
    return ", ".join([*names[:MAX_LISTED_FOLDERS], *more])
