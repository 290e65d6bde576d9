"""A running object beside the one that the first publish writes: fields that are the same, and those that change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from compiler.adopt.change_reasons import DEAD_PORT, OWN_LABELS, change_reason
from compiler.adopt.clean import authored_object
from compiler.adopt.patch import keyed_items
from compiler.adopt.receipt import ReceiptChange, ReceiptRow, Standing
from compiler.adopt.running import RunningObject
from compiler.diagnostics.model import Path
from compiler.model.manifest import Object
from compiler.model.quantity import quantity_value

IGNORED: Final[frozenset[Path]] = frozenset(
    {("metadata", "namespace"), ("spec", "template", "spec", "automountServiceAccountToken")}
)
"""Fields that say the same written or not: the Application's namespace, and what the account says of its token."""


@dataclass(frozen=True, slots=True)
class LeafPair:
    """The two values at one path; None where a side has none."""

    path: Path
    before: Any
    after: Any

    @property
    def same(self) -> bool:
        if self.before == self.after:
            return True
        quantities = self.path[-2:-1] in (("limits",), ("requests",))
        return quantities and None not in (self.before, self.after) and _equal_quantities(self.before, self.after)


def compared_row(running: RunningObject, ours: Object, release: str) -> ReceiptRow:
    """The row of an object that the release writes in place."""
    pairs = [pair for pair in leaf_pairs(running.object, authored_object(ours)) if not _is_ignored(pair)]
    labels = [pair for pair in pairs if pair.path[-2:-1] == ("labels",) and pair.before is None]
    differing = [pair for pair in pairs if not pair.same and pair not in labels]
    changes = tuple(_described_change(running.kind, running.name, pair) for pair in differing)
    changes += tuple(_added_labels(labels))
    same = sum(pair.same for pair in pairs)
    standing: Standing = "changed" if changes else "same"
    location = "" if running.loc is None else str(running.loc)
    return ReceiptRow(str(running.key), standing, release, same, changes, location=location)


def leaf_pairs(before: Any, after: Any, path: Path = ()) -> Iterator[LeafPair]:
    """Every leaf of either side; items of lists with a key are told apart by it, other lists are one leaf."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from _entry_pairs(before.get(key), after.get(key), (*path, key))
    else:
        yield LeafPair(path, before, after)


def _entry_pairs(before: Any, after: Any, path: Path) -> Iterator[LeafPair]:
    above, field = _field_above(path), str(path[-1])
    old, new = keyed_items(before, above, field), keyed_items(after, above, field)
    if isinstance(before or {}, dict) and isinstance(after or {}, dict) and (before or after):
        yield from leaf_pairs(before or {}, after or {}, path)
    elif (old is not None or before is None) and (new is not None or after is None) and (before or after):
        yield from leaf_pairs(old or {}, new or {}, path)
    else:
        yield LeafPair(path, before, after)


def _added_labels(pairs: Sequence[LeafPair]) -> Iterator[ReceiptChange]:
    """The labels that a release adds, those of one place together."""
    places: dict[Path, dict[str, Any]] = {}
    for pair in pairs:
        places.setdefault(pair.path[:-1], {})[str(pair.path[-1])] = pair.after
    for path, labels in places.items():
        yield ReceiptChange(".".join(str(part) for part in path), None, labels, OWN_LABELS)


def _field_above(path: Path) -> str:
    """The field that holds the map with the last field: the items of a list stand between the two."""
    for part in reversed(path[:-1]):
        if part in ("spec", "containers", "initContainers"):
            return str(part)
    return ""


def _equal_quantities(before: Any, after: Any) -> bool:
    return quantity_value(before) == quantity_value(after)


def _is_ignored(pair: LeafPair) -> bool:
    return pair.path in IGNORED and None in (pair.before, pair.after)


def _described_change(kind: str, name: str, pair: LeafPair) -> ReceiptChange:
    gone = pair.after is None and kind == "Service" and pair.path[:2] == ("spec", "ports")
    reason = DEAD_PORT if gone else change_reason(kind, name, pair.path, pair.before)
    shown = ".".join(str(part) for part in pair.path)
    return ReceiptChange(shown, pair.before, pair.after, reason.why, reason.keep)
