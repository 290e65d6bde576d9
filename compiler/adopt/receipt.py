"""The receipt of an adoption: of each object what is the same, what changes and why, and where it went."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

RECEIPT_FORMAT = 1
Standing = Literal["same", "changed", "added", "beside"]


@dataclass(frozen=True, slots=True)
class ReceiptChange:
    """One field that the first publish changes: from, to, why, and the line of the spec that would keep it."""

    path: str
    before: Any
    after: Any
    reason: str
    keep: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """What becomes of one object. `same` counts fields; `place` is where an object beside the releases went."""

    object: str
    standing: Standing
    release: str = ""
    same: int = 0
    changes: tuple[ReceiptChange, ...] = ()
    reason: str = ""
    place: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """An object that has to exist before the first publish: who needs it, and where it is to come from."""

    object: str
    release: str
    reason: str


@dataclass(frozen=True, slots=True)
class CommitStanding:
    """One commit on the way in: its verdict, and how it stands to what a plain change of an image loses today."""

    release: str
    title: str
    verdict: str
    standing: str
    sentence: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """All of an adoption; `source` is the digest of the objects that were read."""

    origin: str
    environment: str
    source: str
    objects: Mapping[str, str]
    """the digest of each object of the source, by its key"""
    releases: Mapping[str, str]
    """the object that each release was adopted from, by the release's name"""
    rows: tuple[ReceiptRow, ...]
    needs: tuple[Need, ...] = ()
    way_in: tuple[CommitStanding, ...] = ()
    hand_over: tuple[str, ...] = ()
    premises: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many objects there are of each standing."""
        return {name: sum(row.standing == name for row in self.rows) for name in ("same", "changed", "added", "beside")}

    @property
    def digest(self) -> str:
        """What stands for the whole receipt, in reviews and in `--check`."""
        return data_digest([self.environment, self.source, [receipt_row_data(row) for row in self.rows]])


def receipt_row_data(row: ReceiptRow) -> dict[str, Any]:
    """A row as plain data."""
    changes = [
        {"path": each.path, "from": each.before, "to": each.after, "why": each.reason, "keep": each.keep}
        for each in row.changes
    ]
    return {
        "object": row.object,
        "standing": row.standing,
        "release": row.release or None,
        "same": row.same,
        "changes": changes,
        "why": row.reason or None,
        "where": row.place or None,
        "location": row.location or None,
    }


def data_digest(data: Any) -> str:
    """`sha256:` and the digest of plain data; the order of keys does not count."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
