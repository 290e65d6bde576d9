"""The picture of a transition or a course: who gets which share of the requests, and pods, state beside state.

It is made of shapes, plain values, so that one picture becomes a file of SVG and a part of the HTML page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from compiler.model.plan import TrackView, UnitPlan
from compiler.model.verdict import Safety, TraceState
from compiler.report.line_diff import shortened
from compiler.report.phrases import percent_text
from compiler.report.story import NO_BACKEND

GUTTER: Final = 76
COLUMN: Final = 124
BAR: Final = 62
TRAFFIC_TOP, TRAFFIC = 58, 104
PODS_TOP, PODS = 196, 72
HEIGHT: Final = 296
MAX_COLUMNS: Final = 14
TONES: Final = 8
UNSERVED: Final = "nobody"

_KNOWN: Final = {"blue": 0, "green": 1, "stable": 2, "canary": 3, "main": 4}


@dataclass(frozen=True, slots=True)
class Column:
    """One state: shares of the requests in percent and ready (or wanted) pods by track or workload."""

    title: str
    note: str
    shares: Mapping[str, float]
    pods: Mapping[str, int]
    mark: Safety | None = None
    here: bool = False
    apart: tuple[str, ...] = ()
    """tracks that have requests of their own, so that there is no share to draw"""


@dataclass(frozen=True, slots=True)
class SvgShape:
    """An element of SVG: its name, its attributes, its text."""

    tag: str
    attributes: Mapping[str, str | float]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes in a box of `width` × `height` units, what they show in words, and tones by track for a legend."""

    width: int
    height: int
    title: str
    shapes: tuple[SvgShape, ...]
    legend: tuple[tuple[str, str], ...] = field(default=())


def course_picture(unit: UnitPlan) -> Picture | None:
    """What is published now and every step after it; None where nothing is to come."""
    if not unit.steps:
        return None
    columns = [_track_column("now", "published", unit.before, None, False)] if unit.before else []
    for step in unit.steps[:MAX_COLUMNS]:
        note = "" if step.command else unit.position
        columns.append(_track_column(step.name, note, step.tracks, step.verdict.verdict, not step.command))
    return draw_columns(columns, f"The course of {unit.name}")


def trace_picture(trace: Sequence[TraceState]) -> Picture | None:
    """The states of a trace: of the first request class that they tell of, and all pods."""
    if not trace:
        return None
    request = next((name for state in trace for name in state.serving), "")
    columns = []
    serving: Mapping[str, float] = {}
    for number, state in enumerate(trace[:MAX_COLUMNS]):
        serving = state.serving.get(request, serving)
        last = number == len(trace) - 1
        pods = {name: count.ready for name, count in state.pods.items()}
        mark: Safety | None = "unsafe" if last else None
        columns.append(Column(f"state {number}", "", _served_shares(serving), pods, mark, last))
    return draw_columns(columns, f"Who answers {shortened(request, 120)}" if request else "Pods, state by state")


def draw_columns(columns: Sequence[Column], title: str) -> Picture:
    """The columns as shapes."""
    names = list(dict.fromkeys(name for each in columns for name in (*each.shares, *each.pods, *each.apart)))
    tones = tones_of(names)
    shapes: list[SvgShape] = [*_frame_shapes(len(columns)), *_reviewed_background(columns)]
    most = max((sum(each.pods.values()) for each in columns), default=0) or 1
    for number, (one, other) in enumerate(pairwise(columns)):
        shapes += _ribbon_shapes(number, one.shares, other.shares, tones)
    for number, column in enumerate(columns):
        shapes += _column_shapes(number, column, tones, most)
    legend = tuple((name, tones[name]) for name in names)
    return Picture(GUTTER + COLUMN * len(columns), HEIGHT, title, tuple(shapes), legend)


def tones_of(names: Sequence[str]) -> dict[str, str]:
    """A tone for each name: the usual ones for the tracks that everybody knows, no tone twice while there are any."""
    tones: dict[str, str] = {}
    free = [number for number in range(TONES) if number not in _KNOWN.values()] + list(_KNOWN.values())
    for name in names:
        known = _KNOWN.get(name.rpartition("-")[2].rpartition(" ")[2])
        if name == UNSERVED:
            tones[name] = "lost"
        elif known is not None and f"t{known}" not in tones.values():
            tones[name] = f"t{known}"
        else:
            unused = [number for number in free if f"t{number}" not in tones.values()]
            tones[name] = f"t{(unused or free)[len(tones) % len(unused or free)]}"
    return tones


def _track_column(title: str, note: str, tracks: Sequence[TrackView], mark: Safety | None, here: bool) -> Column:
    shares = {track.track: track.share for track in tracks if track.share}
    pods = {track.track: track.pods for track in tracks}
    apart = tuple(track.track for track in tracks if track.share is None)
    return Column(title, note, shares, pods, mark, here, () if shares else apart)


def _served_shares(serving: Mapping[str, float]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for name, share in serving.items():
        workload = name.partition("@")[0]
        who = UNSERVED if workload == NO_BACKEND else workload
        shares[who] = shares.get(who, 0.0) + share
    return shares


def _frame_shapes(number: int) -> Iterator[SvgShape]:
    width = GUTTER + COLUMN * number
    for label, top, height in (("requests", TRAFFIC_TOP, TRAFFIC), ("pods", PODS_TOP, PODS)):
        yield _text_shape(label, 0, top + height / 2 + 4, "axis")
        yield SvgShape("line", {"class": "rule", "x1": GUTTER, "x2": width, "y1": top + height, "y2": top + height})


def _reviewed_background(columns: Sequence[Column]) -> Iterator[SvgShape]:
    """What lies under everything else: the ground of the state that the reader asks about."""
    for number, column in enumerate(columns):
        if column.here:
            box = {"x": GUTTER + number * COLUMN + 4, "y": 2, "width": COLUMN - 8, "height": HEIGHT - 4, "rx": 10}
            yield SvgShape("rect", {"class": "here", **box})


def _column_left(number: int) -> float:
    return GUTTER + number * COLUMN + (COLUMN - BAR) / 2


def _ribbon_shapes(
    number: int, one: Mapping[str, float], other: Mapping[str, float], tones: Mapping[str, str]
) -> Iterator[SvgShape]:
    """How shares go over from one state into the next."""
    left, right = _column_left(number) + BAR, _column_left(number + 1)
    middle = (left + right) / 2
    for name in dict.fromkeys((*one, *other)):
        top, low = _share_span(one, name)
        next_top, next_low = _share_span(other, name)
        path = (
            f"M{left:g} {top:g}C{middle:g} {top:g} {middle:g} {next_top:g} {right:g} {next_top:g}"
            f"L{right:g} {next_low:g}C{middle:g} {next_low:g} {middle:g} {low:g} {left:g} {low:g}Z"
        )
        yield SvgShape("path", {"class": f"ribbon {tones[name]}", "d": path})


def _share_span(shares: Mapping[str, float], wanted: str) -> tuple[float, float]:
    """Where in the stack of shares a track lies: the first one at the bottom."""
    reached = 0.0
    for name, share in shares.items():
        top = TRAFFIC_TOP + TRAFFIC - (reached + share) * TRAFFIC / 100
        low = TRAFFIC_TOP + TRAFFIC - reached * TRAFFIC / 100
        if name == wanted:
            return round(top, 1), round(low, 1)
        reached += share
    end = TRAFFIC_TOP + TRAFFIC - reached * TRAFFIC / 100
    return round(end, 1), round(end, 1)


def _column_shapes(number: int, column: Column, tones: Mapping[str, str], most: int) -> Iterator[SvgShape]:
    left = _column_left(number)
    center = left + BAR / 2
    yield _text_shape(shortened(column.title, 16), center, 24, "head")
    yield _text_shape(shortened(column.note, 20), center, 42, "note")
    for name, share in column.shares.items():
        top, low = _share_span(column.shares, name)
        yield _bar_shape(tones[name], left, top, low - top)
        if low - top >= 15:
            yield _text_shape(
                UNSERVED if name == UNSERVED else percent_text(share), center, (top + low) / 2 + 4, "inside"
            )
    for place, name in enumerate(column.apart[:4]):
        yield _text_shape(shortened(name, 18), center, TRAFFIC_TOP + 30 + 20 * place, "apart")
    yield from _pod_shapes(column, tones, left, most)
    if column.mark is not None:
        words = {"safe": "✓ safe", "unsafe": "✗ unsafe", "unknown": "? unknown"}[column.mark]
        yield _text_shape(words, center, HEIGHT - 10, f"mark {column.mark}")


def _pod_shapes(column: Column, tones: Mapping[str, str], left: float, most: int) -> Iterator[SvgShape]:
    total, low = sum(column.pods.values()), float(PODS_TOP + PODS)
    room = PODS - 16
    for name, count in column.pods.items():
        height = round(count * room / most, 1)
        low = round(low - height, 1)
        if height:
            yield _bar_shape(tones[name], left, low, height)
        if height >= 15:
            yield _text_shape(str(count), left + BAR / 2, low + height / 2 + 4, "inside")
    yield _text_shape(str(total), left + BAR / 2, low - 5, "total")


def _bar_shape(tone: str, left: float, top: float, height: float) -> SvgShape:
    box: dict[str, str | float] = {"x": left, "y": top, "width": BAR, "height": round(height, 1)}
    return SvgShape("rect", {"class": f"bar {tone}", **box})


def _text_shape(text: str, x: float, y: float, style: str) -> SvgShape:
    return SvgShape("text", {"class": style, "x": round(x, 1), "y": round(y, 1)}, text)
