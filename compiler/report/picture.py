"""The picture of a transition or a course: who gets which share of the requests, and pods, state beside state.

It is made of shapes, plain values, so that the same picture becomes a file of SVG and a part of the HTML page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from compiler.plan.model import TrackView, UnitPlan
from compiler.report.lines import cut
from compiler.report.phrases import percent
from compiler.report.story import NOBODY
from compiler.transition.model import Safety, TraceState

GUTTER: Final = 76
COLUMN: Final = 124
BAR: Final = 62
TRAFFIC_TOP, TRAFFIC = 58, 104
PODS_TOP, PODS = 196, 72
HEIGHT: Final = 296
MOST: Final = 14
TONES: Final = 8
LOST: Final = "nobody"

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
class Shape:
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
    shapes: tuple[Shape, ...]
    legend: tuple[tuple[str, str], ...] = field(default=())


def course_picture(unit: UnitPlan) -> Picture | None:
    """What is published now and every step after it; None where nothing is to come."""
    if not unit.steps:
        return None
    columns = [_of_tracks("now", "published", unit.before, None, False)] if unit.before else []
    for step in unit.steps[:MOST]:
        note = "" if step.command else unit.position
        columns.append(_of_tracks(step.name, note, step.tracks, step.verdict.verdict, not step.command))
    return drawn(columns, f"The course of {unit.name}")


def trace_picture(trace: Sequence[TraceState]) -> Picture | None:
    """The states of a trace: of the first request class that they tell of, and all pods."""
    if not trace:
        return None
    request = next((name for state in trace for name in state.serving), "")
    columns = []
    serving: Mapping[str, float] = {}
    for number, state in enumerate(trace[:MOST]):
        serving = state.serving.get(request, serving)
        last = number == len(trace) - 1
        pods = {name: count.ready for name, count in state.pods.items()}
        mark: Safety | None = "unsafe" if last else None
        columns.append(Column(f"state {number}", "", _answerers(serving), pods, mark, last))
    return drawn(columns, f"Who answers {cut(request, 120)}" if request else "Pods, state by state")


def drawn(columns: Sequence[Column], title: str) -> Picture:
    """The columns as shapes."""
    names = list(dict.fromkeys(name for each in columns for name in (*each.shares, *each.pods, *each.apart)))
    tones = tones_of(names)
    shapes: list[Shape] = [*_frame(len(columns)), *_here(columns)]
    most = max((sum(each.pods.values()) for each in columns), default=0) or 1
    for number, (one, other) in enumerate(pairwise(columns)):
        shapes += _ribbons(number, one.shares, other.shares, tones)
    for number, column in enumerate(columns):
        shapes += _column(number, column, tones, most)
    legend = tuple((name, tones[name]) for name in names)
    return Picture(GUTTER + COLUMN * len(columns), HEIGHT, title, tuple(shapes), legend)


def tones_of(names: Sequence[str]) -> dict[str, str]:
    """A tone for each name: the usual ones for the tracks that everybody knows, no tone twice while there are any."""
    tones: dict[str, str] = {}
    free = [number for number in range(TONES) if number not in _KNOWN.values()] + list(_KNOWN.values())
    for name in names:
        known = _KNOWN.get(name.rpartition("-")[2].rpartition(" ")[2])
        if name == LOST:
            tones[name] = "lost"
        elif known is not None and f"t{known}" not in tones.values():
            tones[name] = f"t{known}"
        else:
            unused = [number for number in free if f"t{number}" not in tones.values()]
            tones[name] = f"t{(unused or free)[len(tones) % len(unused or free)]}"
    return tones


def _of_tracks(title: str, note: str, tracks: Sequence[TrackView], mark: Safety | None, here: bool) -> Column:
    shares = {track.track: track.share for track in tracks if track.share}
    pods = {track.track: track.pods for track in tracks}
    apart = tuple(track.track for track in tracks if track.share is None)
    return Column(title, note, shares, pods, mark, here, () if shares else apart)


def _answerers(serving: Mapping[str, float]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for name, share in serving.items():
        workload = name.partition("@")[0]
        who = LOST if workload == NOBODY else workload
        shares[who] = shares.get(who, 0.0) + share
    return shares


def _frame(number: int) -> Iterator[Shape]:
    width = GUTTER + COLUMN * number
    for label, top, height in (("requests", TRAFFIC_TOP, TRAFFIC), ("pods", PODS_TOP, PODS)):
        yield _text(label, 0, top + height / 2 + 4, "axis")
        yield Shape("line", {"class": "rule", "x1": GUTTER, "x2": width, "y1": top + height, "y2": top + height})


def _here(columns: Sequence[Column]) -> Iterator[Shape]:
    """What lies under everything else: the ground of the state that the reader asks about."""
    for number, column in enumerate(columns):
        if column.here:
            box = {"x": GUTTER + number * COLUMN + 4, "y": 2, "width": COLUMN - 8, "height": HEIGHT - 4, "rx": 10}
            yield Shape("rect", {"class": "here", **box})


def _left(number: int) -> float:
    return GUTTER + number * COLUMN + (COLUMN - BAR) / 2


def _ribbons(
    number: int, one: Mapping[str, float], other: Mapping[str, float], tones: Mapping[str, str]
) -> Iterator[Shape]:
    """How shares go over from one state into the next."""
    left, right = _left(number) + BAR, _left(number + 1)
    middle = (left + right) / 2
    for name in dict.fromkeys((*one, *other)):
        top, low = _span(one, name)
        next_top, next_low = _span(other, name)
        path = (
            f"M{left:g} {top:g}C{middle:g} {top:g} {middle:g} {next_top:g} {right:g} {next_top:g}"
            f"L{right:g} {next_low:g}C{middle:g} {next_low:g} {middle:g} {low:g} {left:g} {low:g}Z"
        )
        yield Shape("path", {"class": f"ribbon {tones[name]}", "d": path})


def _span(shares: Mapping[str, float], wanted: str) -> tuple[float, float]:
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


def _column(number: int, column: Column, tones: Mapping[str, str], most: int) -> Iterator[Shape]:
    left = _left(number)
    center = left + BAR / 2
    yield _text(cut(column.title, 16), center, 24, "head")
    yield _text(cut(column.note, 20), center, 42, "note")
    for name, share in column.shares.items():
        top, low = _span(column.shares, name)
        yield _bar(tones[name], left, top, low - top)
        if low - top >= 15:
            yield _text(LOST if name == LOST else percent(share), center, (top + low) / 2 + 4, "inside")
    for place, name in enumerate(column.apart[:4]):
        yield _text(cut(name, 18), center, TRAFFIC_TOP + 30 + 20 * place, "apart")
    yield from _pods(column, tones, left, most)
    if column.mark is not None:
        words = {"safe": "✓ safe", "unsafe": "✗ unsafe", "unknown": "? unknown"}[column.mark]
        yield _text(words, center, HEIGHT - 10, f"mark {column.mark}")


def _pods(column: Column, tones: Mapping[str, str], left: float, most: int) -> Iterator[Shape]:
    total, low = sum(column.pods.values()), float(PODS_TOP + PODS)
    room = PODS - 16
    for name, count in column.pods.items():
        height = round(count * room / most, 1)
        low = round(low - height, 1)
        if height:
            yield _bar(tones[name], left, low, height)
        if height >= 15:
            yield _text(str(count), left + BAR / 2, low + height / 2 + 4, "inside")
    yield _text(str(total), left + BAR / 2, low - 5, "total")


def _bar(tone: str, left: float, top: float, height: float) -> Shape:
    box: dict[str, str | float] = {"x": left, "y": top, "width": BAR, "height": round(height, 1)}
    return Shape("rect", {"class": f"bar {tone}", **box})


def _text(text: str, x: float, y: float, style: str) -> Shape:
    return Shape("text", {"class": style, "x": round(x, 1), "y": round(y, 1)}, text)
