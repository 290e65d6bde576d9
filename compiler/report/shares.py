"""How requests are divided among tracks: in words, and as a bar of twelve cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from compiler.model.plan import TrackView
from compiler.report.phrases import percent_text

BAR_CELLS: Final = 12
GLYPHS: Final = "█▒░▓"


def shares_text(tracks: Sequence[TrackView]) -> str:
    """`stable 75 % · canary 25 %`; the tracks' own requests where no track has a share."""
    shares = [f"{track.track} {percent_text(track.share)}" for track in tracks if track.share]
    own_requests = [f"{track.track} {track.requests}" for track in tracks if track.share is None]
    return " · ".join(shares or own_requests)


def version_key(track: TrackView) -> str:
    """What a picture colors: the version, of a group's member with the member's name."""
    member, _, _ = track.track.rpartition(" ")
    return f"{member} {track.version}" if member else track.version


def version_names(tracks: Iterable[TrackView]) -> list[str]:
    """The versions in the order in which they first appear, which is the order of every stack."""
    return list(dict.fromkeys(map(version_key, tracks)))


def share_cells(tracks: Sequence[TrackView], names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The bar's parts in order: the place of a version in `names`, and how many cells it gets.

    Whoever gets any request has at least one cell.
    """
    drawn, reached = 0, 0.0
    for index, name in enumerate(names):
        share = sum(track.share or 0.0 for track in tracks if version_key(track) == name)
        if not share or drawn >= BAR_CELLS:
            continue
        reached += share
        end = min(BAR_CELLS, max(drawn + 1, round(reached * BAR_CELLS / 100)))
        yield index, end - drawn
        drawn = end


def plain_share_bar(tracks: Sequence[TrackView], names: Sequence[str]) -> str:
    """The bar without colors: each version has a glyph of its own, the rest is left empty."""
    return "".join(GLYPHS[index % len(GLYPHS)] * cells for index, cells in share_cells(tracks, names))
