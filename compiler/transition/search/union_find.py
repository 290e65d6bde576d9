"""Groups of whatever has to do with each other."""

from __future__ import annotations

from collections.abc import Hashable


class UnionFind:
    """Union-find over whatever has to do with each other."""

    def __init__(self) -> None:
        self.parents: dict[Hashable, Hashable] = {}

    def root(self, item: Hashable) -> Hashable:
        """The one that stands for the item's group."""
        while self.parents.setdefault(item, item) != item:
            self.parents[item] = self.parents[self.parents[item]]
            item = self.parents[item]
        return item

    def join(self, first: Hashable, *others: Hashable) -> None:
        """Puts all of them into one group."""
        for other in others:
            self.parents[self.root(other)] = self.root(first)

    def members(self) -> list[list[Hashable]]:
        """The groups."""
        groups: dict[Hashable, list[Hashable]] = {}
        for item in list(self.parents):
            groups.setdefault(self.root(item), []).append(item)
        return list(groups.values())
