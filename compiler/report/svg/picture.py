"""The picture of a transition or a course: who gets which share of the requests, and pods, state beside state.

It is made of shapes, plain values, so that one picture becomes a file of SVG and a part of the HTML page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from compiler.model.plan import TrackView, UnitPlan
from compiler.model.verdict import Safety, TraceState
from compiler.report.line_diff import shortened
from compiler.report.phrases import percent_text
from compiler.report.shares import version_key, version_names
from compiler.report.story import NO_BACKEND

GUTTER: Final = 76
COLUMN: Final = 132
BAR: Final = 76
TRAFFIC_TOP, TRAFFIC = 58, 104
PODS_TOP, PODS = 196, 72
HEIGHT: Final = 296
MAX_COLUMNS: Final = 14
TONES: Final = 8
UNSERVED: Final = "nobody"
_LINE: Final = 15
_MAX_OWN: Final = 3

# neighbors in this order differ most
_VERSION_TONES: Final = (0, 1, 3, 5, 6, 4, 2, 7)
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
    own: Mapping[str, str] = field(default_factory=dict)
    """who has requests of its own, so that there is no share to draw, and which requests"""
    peak: int = 0
    """how many pods run at most while this state is reached"""
    named: bool = False
    """names stand in the bars"""


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
    """What is published now and every step after it; None where nothing is to come.

    Colors and stacks follow versions, not tracks: where `finish` moves a version to another track, nothing moves.
    """
    if not unit.steps:
        return None
    columns = [_track_column("now", "published", unit.before)] if unit.before else []
    for step in unit.steps[:MAX_COLUMNS]:
        here = not step.command
        column = _track_column(step.name, unit.position if here else "", step.tracks)
        columns.append(replace(column, mark=step.verdict.verdict, here=here, peak=step.peak.pods))
    tracks = [*unit.before, *(track for step in unit.steps for track in step.tracks)]
    return draw_columns(columns, f"The course of {unit.name}", version_legend(tracks))


def course_strip(unit: UnitPlan) -> tuple[SvgShape, ...]:
    """The course in a box of 100 × 16 units, without words: the requests of every state, side by side."""
    states = [unit.before] if unit.before else []
    states += [step.tracks for step in unit.steps[:MAX_COLUMNS]]
    columns = [_track_column("", "", tracks) for tracks in states]
    names = version_names(track for tracks in states for track in tracks)
    tones = version_tones(names)
    width = 100 / max(1, len(columns))
    shapes: list[SvgShape] = []
    for number, column in enumerate(columns):
        reached = 0.0
        shares = column.shares or dict.fromkeys(column.own, 100 / max(1, len(column.own)))
        for name in (name for name in names if shares.get(name)):
            height = shares[name] * 16 / 100
            reached += height
            box = {"x": f"{number * width + 0.5:.2f}", "y": f"{16 - reached:.2f}", "height": f"{height:.2f}"}
            shapes.append(SvgShape("rect", {"class": f"bar {tones[name]}", "width": f"{width - 1:.2f}", **box}))
    return tuple(shapes)


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


def draw_columns(columns: Sequence[Column], title: str, legend: Mapping[str, str] | None = None) -> Picture:
    """The columns as shapes, every stack in the order of `legend` (its parts in words), or else as parts appear."""
    names = list(legend or dict.fromkeys(name for each in columns for name in (*each.shares, *each.pods, *each.own)))
    tones = tones_of(names) if legend is None else version_tones(names)
    columns = [_in_order(each, names) for each in columns]
    shapes: list[SvgShape] = [*_frame_shapes(len(columns)), *_reviewed_background(columns)]
    most = max((max(sum(each.pods.values()), each.peak) for each in columns), default=0) or 1
    for number, (one, other) in enumerate(pairwise(columns)):
        if not one.own and not other.own:
            shapes += _ribbon_shapes(number, one.shares, other.shares, tones)
    for number, column in enumerate(columns):
        shapes += _column_shapes(number, column, tones, most)
    words = tuple(((legend or {}).get(name, name), tones[name]) for name in names)
    return Picture(GUTTER + COLUMN * len(columns), HEIGHT, title, tuple(shapes), words)


def _in_order(column: Column, names: Sequence[str]) -> Column:
    # who has no share keeps its place in the stack, so that no ribbon crosses another
    shares = {name: column.shares.get(name, 0.0) for name in names}
    pods = {name: column.pods[name] for name in names if name in column.pods}
    return replace(column, shares=shares, pods=pods)


def version_legend(tracks: Sequence[TrackView]) -> dict[str, str]:
    """Each version with the tracks that hold it, in the order of every stack: `1.5.0 · canary, stable`."""
    holders: dict[str, dict[str, None]] = {}
    for track in tracks:
        holders.setdefault(version_key(track), {})[track.track.rpartition(" ")[2]] = None
    return {key: f"{key} · {', '.join(holders[key])}" for key in version_names(tracks)}


def version_tones(keys: Sequence[str]) -> dict[str, str]:
    """A tone for each version of `version_names`."""
    return {key: f"t{_VERSION_TONES[number % TONES]}" for number, key in enumerate(keys)}


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


def _track_column(title: str, note: str, tracks: Sequence[TrackView]) -> Column:
    shares: dict[str, float] = {}
    pods: dict[str, int] = {}
    for track in tracks:
        key = version_key(track)
        pods[key] = pods.get(key, 0) + track.pods
        if track.share:
            shares[key] = shares.get(key, 0.0) + track.share
    own = {version_key(track): track.requests for track in tracks if track.share is None and track.requests}
    return Column(title, note, shares, pods, own={} if shares else own, named=True)


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
    yield _text_shape(shortened_label(column.title, 17), center, 24, "head")
    yield _text_shape(shortened_label(column.note, 20), center, 42, "note")
    for name, share in column.shares.items():
        if not share:
            continue
        top, low = _share_span(column.shares, name)
        yield _bar_shape(tones[name], left, top, low - top)
        yield from _inside_texts(_share_words(column, name, share), center, top, low)
    yield from _own_request_shapes(column, tones, left)
    yield from _pod_shapes(column, tones, left, most)
    if column.mark is not None:
        words = {"safe": "✓ safe", "unsafe": "✗ unsafe", "unknown": "? unknown"}[column.mark]
        yield _text_shape(words, center, HEIGHT - 10, f"mark {column.mark}")


def _share_words(column: Column, name: str, share: float) -> tuple[str, ...]:
    if name == UNSERVED:
        return (UNSERVED,)
    return (name.rpartition(" ")[2], percent_text(share)) if column.named else (percent_text(share),)


def _inside_texts(words: Sequence[str], center: float, top: float, low: float) -> Iterator[SvgShape]:
    """As many of the words as the bar has room for, below each other."""
    room = int((low - top) // _LINE)
    shown = words if room >= len(words) else (" ".join(words),)[:room]
    first = (top + low) / 2 + 4 - (len(shown) - 1) * _LINE / 2
    for place, word in enumerate(shown):
        yield _text_shape(shortened_label(word, 12), center, first + place * _LINE, "inside")


def _own_request_shapes(column: Column, tones: Mapping[str, str], left: float) -> Iterator[SvgShape]:
    """Versions beside each other, each with all of its own requests."""
    names = list(column.own)[:_MAX_OWN]
    width = BAR / max(1, len(names))
    for place, name in enumerate(names):
        x = left + place * width
        yield SvgShape("rect", _box(tones[name], x, TRAFFIC_TOP, width - 2, TRAFFIC))
        room = int(width / 6.6)
        for line, word in enumerate((name.rpartition(" ")[2], column.own[name])):
            y = TRAFFIC_TOP + TRAFFIC / 2 - 4 + line * _LINE
            yield _text_shape(shortened_label(word, room), x + width / 2 - 1, y, "inside")


def shortened_label(text: str, most: int) -> str:
    """The text, cut where a bar or a column ends."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _pod_shapes(column: Column, tones: Mapping[str, str], left: float, most: int) -> Iterator[SvgShape]:
    total, low = sum(column.pods.values()), float(PODS_TOP + PODS)
    room = PODS - 16
    for name, count in column.pods.items():
        height = round(count * room / most, 1)
        low = round(low - height, 1)
        if height:
            yield _bar_shape(tones[name], left, low, height)
        if height >= _LINE:
            yield _text_shape(str(count), left + BAR / 2, low + height / 2 + 4, "inside")
    if column.peak > total:
        top = round(PODS_TOP + PODS - column.peak * room / most, 1)
        yield SvgShape("line", {"class": "peak", "x1": left, "x2": left + BAR, "y1": top, "y2": top})
        yield _text_shape(f"{total}, peak {column.peak}", left + BAR / 2, top - 5, "total")
    else:
        yield _text_shape(str(total), left + BAR / 2, low - 5, "total")


def _bar_shape(tone: str, left: float, top: float, height: float) -> SvgShape:
    return SvgShape("rect", _box(tone, left, top, BAR, height))


def _box(tone: str, left: float, top: float, width: float, height: float) -> dict[str, str | float]:
    return {"class": f"bar {tone}", "x": left, "y": top, "width": round(width, 1), "height": round(height, 1)}


def _text_shape(text: str, x: float, y: float, style: str) -> SvgShape:
    return SvgShape("text", {"class": style, "x": round(x, 1), "y": round(y, 1)}, text)
