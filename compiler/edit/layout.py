"""Where everything in a spec's text begins and ends, and in which style it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from yaml._yaml import CParser
from yaml.events import MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

from compiler.diagnostics.model import Path

NodeKind = Literal["scalar", "map", "list"]
_BLOCK_TEXT = ("|", ">")


@dataclass(frozen=True, slots=True)
class LayoutEntry:
    """A key with its value, or an item: `start` is the key's (or `-`'s, or the item's in `[ ]`) first character."""

    key: str | int
    start: int
    key_end: int
    value: LayoutNode


@dataclass(frozen=True, slots=True)
class LayoutNode:
    """A value: characters `start` to `end` of the text, without the blank lines and comments that follow it.

    `style` is `flow` or `block` for maps and lists; for scalars the opening quote or `|`, `>`, or "" if plain.
    """

    kind: NodeKind
    style: str
    start: int
    end: int
    entries: tuple[LayoutEntry, ...] = ()

    def entry(self, key: str | int) -> LayoutEntry | None:
        """The entry of that key or index."""
        return next((entry for entry in self.entries if entry.key == key), None)


def read_layout(text: str) -> LayoutNode:
    """The root of a text that `source.parse` accepts."""
    reader = _LayoutReader(text)
    return reader.root()


def node_at(root: LayoutNode, path: Path) -> LayoutNode | None:
    """The node at a path."""
    node: LayoutNode | None = root
    for key in path:
        entry = node.entry(key) if node is not None else None
        node = entry.value if entry is not None else None
    return node


def line_start(text: str, index: int) -> int:
    """The index of the first character of the line that holds `index`."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """The index after the line break of the line that holds `index`, or the text's end."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


class _LayoutReader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._following: Callable[[], Any] = CParser(text).get_event

    def root(self) -> LayoutNode:
        event = self._following()
        while type(event) not in (ScalarEvent, MappingStartEvent, SequenceStartEvent):
            event = self._following()
        return self._node(event)

    def _node(self, event: Any) -> LayoutNode:
        if type(event) is ScalarEvent:
            return self._scalar(event)
        start = event.start_mark.index
        style = "flow" if event.flow_style else "block"
        is_map = type(event) is MappingStartEvent
        entries, end = self._map() if is_map else self._list(style, event.start_mark.column)
        if style == "block" and entries:
            end = entries[-1].value.end
        return LayoutNode("map" if is_map else "list", style, start, end, tuple(entries))

    def _scalar(self, event: Any) -> LayoutNode:
        start, end = _event_span(event)
        if event.style in _BLOCK_TEXT:
            end = start + len(self._text[start:end].rstrip(" \r\n"))
        return LayoutNode("scalar", event.style or "", start, end)

    def _map(self) -> tuple[list[LayoutEntry], int]:
        entries: list[LayoutEntry] = []
        event: Any = self._following()
        while type(event) is ScalarEvent:
            entries.append(LayoutEntry(event.value, *_event_span(event), self._node(self._following())))
            event = self._following()
        return entries, _event_span(event)[1]

    def _list(self, style: str, column: int) -> tuple[list[LayoutEntry], int]:
        entries: list[LayoutEntry] = []
        event: Any = self._following()
        while type(event) is not SequenceEndEvent:
            value = self._node(event)
            start = value.start if style == "flow" else self._dash(value.start, column)
            entries.append(LayoutEntry(len(entries), start, start, value))
            event = self._following()
        return entries, _event_span(event)[1]

    def _dash(self, index: int, column: int) -> int:
        """The item's `-`: in the list's column of the item's line, or of a line above if the item begins below it."""
        start = line_start(self._text, index)
        while start > 0 and not self._is_dash(start, column, index):
            start = line_start(self._text, start - 1)
        return start + column

    def _is_dash(self, start: int, column: int, index: int) -> bool:
        at = start + column
        before = self._text[start:at]
        return (
            at <= index
            and "\n" not in before
            and self._text[at : at + 1] == "-"
            and not before.lstrip(" ").startswith("#")
        )


def _event_span(event: Any) -> tuple[int, int]:
    return event.start_mark.index, event.end_mark.index
