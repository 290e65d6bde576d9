"""How requests are divided among tracks: in words, and as a bar of twenty cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from compiler.model.plan import TrackView
from compiler.report.phrases import percent_text

BAR_CELLS: Final = 20
GLYPHS: Final = "█▒░▓"


def shares_text(tracks: Sequence[TrackView]) -> str:
    """`stable 75 % · canary 25 %`; the tracks' own requests where no track has a share."""
    shares = [f"{track.track} {percent_text(track.share)}" for track in tracks if track.share]
    own_requests = [f"{track.track} {track.requests}" for track in tracks if track.share is None]
    return " · ".join(shares or own_requests)


def share_cells(tracks: Sequence[TrackView], names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The bar's parts in order: the place of the track's name in `names`, and how many cells it gets.

    Whoever gets any request has at least one cell.
    """
    drawn, reached = 0, 0.0
    for track in tracks:
        if not track.share or drawn >= BAR_CELLS:
            continue
        reached += track.share
        end = min(BAR_CELLS, max(drawn + 1, round(reached * BAR_CELLS / 100)))
        yield names.index(track.track), end - drawn
        drawn = end


def plain_share_bar(tracks: Sequence[TrackView], names: Sequence[str]) -> str:
    """The bar without colors: each track has a glyph of its own, the rest is left empty."""
    return "".join(GLYPHS[index % len(GLYPHS)] * cells for index, cells in share_cells(tracks, names))
