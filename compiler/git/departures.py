"""Releases that a branch held once and holds no more: what they were when they left, and whether it went with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.git.clone import Clone
from compiler.git.history import Publish
from compiler.git.unconfirmed_history import folder_blobs
from compiler.tree.departure import Departure
from compiler.tree.published_tree import PublishedTree

FINALIZER = b"resources-finalizer.argocd.argoproj.io"


def departures(
    clone: Clone, base: PublishedTree, publishes: Sequence[Publish], applications: str
) -> tuple[Departure, ...]:
    """The releases that left, the newest first, by the publishes of all history (newest first).

    `applications` is the folder of Argo CD's objects. May raise `GitError`.
    """
    left = _last_publishes(base, publishes)
    return tuple(_departure(clone, name, publish, applications) for name, publish in left if publish.parents)


def _last_publishes(base: PublishedTree, publishes: Sequence[Publish]) -> Iterator[tuple[str, Publish]]:
    """Each release that is not published now, with the publish that took it away."""
    seen = set(base.folders)
    for publish in publishes:
        for name in publish.facts.releases:
            if name not in seen:
                seen.add(name)
                yield name, publish


def _departure(clone: Clone, name: str, publish: Publish, applications: str) -> Departure:
    listing = folder_blobs(clone, publish.parents[0], [name, applications])
    contents = clone.blobs(list(listing.values()))
    files = {path: contents[oid] for path, oid in listing.items()}
    environment = clone.target.environment
    application = files.get(f"{applications}/application-{environment}-{name}.yaml", b"")
    return Departure(
        name=name,
        commit=publish.commit,
        files={path: data for path, data in files.items() if path.startswith(f"{name}/")},
        cascade=FINALIZER in application,
    )
