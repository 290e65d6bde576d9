"""Earlier states of a published branch that the cluster may still hold, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from compiler.tree.published_tree import manifests_by_folder


@dataclass(frozen=True)
class UnconfirmedState:
    """What some folders held at an earlier commit: contents by path below the published path."""

    commit: str
    subject: str
    files: Mapping[str, bytes]

    @cached_property
    def manifests(self) -> Mapping[str, Mapping[str, bytes]]:
        return manifests_by_folder(self.files)


@dataclass(frozen=True, slots=True)
class UnconfirmedHistory:
    """Earlier states of some folders, the newest first, the newest commit itself left out; `complete` False: the
    history is cut.
    """

    states: tuple[UnconfirmedState, ...]
    complete: bool
    folders: frozenset[str] = frozenset()


NO_HISTORY = UnconfirmedHistory((), complete=True)
