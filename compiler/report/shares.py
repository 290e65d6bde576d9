"""How requests are divided among tracks: in words, and as a bar of twelve cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from compiler.model.plan import TrackView
from compiler.report.phrases import percent_text

BAR_CELLS: Final = 12
GLYPHS: Final = "█▒░▓"


def shares_text(tracks: Sequence[TrackView]) -> str:
    """`stable 75 % · canary 25 %` in the order of the bar; the tracks' own requests where no track has a share."""
    ordered = in_stack_order(tracks)
    shares = [f"{track.track} {percent_text(track.share)}" for track in ordered if track.share]
    own_requests = [f"{track.track} {track.requests}" for track in ordered if track.share is None]
    return " · ".join(shares or own_requests)


def version_key(track: TrackView) -> str:
    """What a picture colors: the version, of a group's member with the member's name."""
    member, _, _ = track.track.rpartition(" ")
    return f"{member} {track.version}" if member else track.version


def version_names(tracks: Iterable[TrackView]) -> list[str]:
    """The versions in the order of every stack and of its colors: older numbers first, a group's members as they come.

    So a version has one color in all plans of a course, whichever track holds it.
    """
    listed = list(tracks)
    members = list(dict.fromkeys(track.track.rpartition(" ")[0] for track in listed))
    placed = {version_key(track): members.index(track.track.rpartition(" ")[0]) for track in listed}
    return sorted(placed, key=lambda name: (placed[name], _numbers_first(name)))


def in_stack_order(tracks: Sequence[TrackView]) -> list[TrackView]:
    """The tracks in the order in which bars show their versions."""
    names = version_names(tracks)
    return sorted(tracks, key=lambda track: names.index(version_key(track)))


def _numbers_first(name: str) -> list[tuple[int, int, str]]:
    """`1.9.0` before `1.10.0`: digits compare as numbers."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts]


def share_cells(tracks: Sequence[TrackView], names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The bar's parts in order: the place of a version in `names`, and how many cells it gets.

    Whoever gets any request has at least one cell.
    """
    shares = [sum(track.share or 0.0 for track in tracks if version_key(track) == name) for name in names]
    served = [index for index, share in enumerate(shares) if share][:BAR_CELLS]
    drawn, reached = 0, 0.0
    for place, index in enumerate(served, start=1):
        reached += shares[index]
        room = BAR_CELLS - (len(served) - place)
        end = min(room, max(drawn + 1, round(reached * BAR_CELLS / 100)))
        yield index, end - drawn
        drawn = end


def plain_share_bar(tracks: Sequence[TrackView], names: Sequence[str]) -> str:
    """The bar without colors: each version has a glyph of its own, the rest is left empty."""
    return "".join(GLYPHS[index % len(GLYPHS)] * cells for index, cells in share_cells(tracks, names))
