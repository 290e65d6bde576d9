"""The quick way through a spec: the data alone, of a text in which nothing is odd."""

from __future__ import annotations

from typing import Any

from yaml._yaml import CParser
from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from compiler.source.characters import is_clean
from compiler.source.dialects import SPEC
from compiler.source.scalars import ScalarError


class NeedsFullParseError(Exception):
    """Something in the text deserves a finding, or more care."""


def plain_data(text: str) -> dict[str, Any] | None:
    """The data that `SpecComposer` would compose, or None where it may have to say something.

    Places take a third of the time that reading a spec takes (127 → 85 µs), and only what is wrong is ever located.
    """
    # a value is a character at least
    if len(text) > SPEC.limits.values or not is_clean(text.replace("\r\n", " \n")):
        return None
    try:
        return _PlainSpecReader(text).document()
    except (YAMLError, ScalarError, NeedsFullParseError):
        return None


class _PlainSpecReader:
    def __init__(self, text: str) -> None:
        self._following = CParser(text).get_event
        self._plain = SPEC.plain
        self._depth = 0

    def document(self) -> dict[str, Any]:
        following = self._following
        following()  # the stream's start
        start = following()
        if type(start) is not DocumentStartEvent or start.version is not None or start.tags:
            raise NeedsFullParseError
        data = self._value(following())
        following()  # the document's end
        if type(following()) is not StreamEndEvent or type(data) is not dict:
            raise NeedsFullParseError
        return data

    def _value(self, event: Any) -> Any:
        kind = type(event)
        if kind is AliasEvent or event.anchor is not None or event.tag is not None:
            raise NeedsFullParseError
        if kind is ScalarEvent:
            return self._plain(event.value) if event.implicit[0] else _require_clean_text(event.value)
        self._depth += 1
        if self._depth > SPEC.limits.depth:
            raise NeedsFullParseError
        data = self._mapping() if kind is MappingStartEvent else self._sequence()
        self._depth -= 1
        return data

    def _mapping(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        following, value = self._following, self._value
        while type(event := following()) is not MappingEndEvent:
            key = value(event)
            if type(key) is not str or key in data or key == "<<":
                raise NeedsFullParseError
            data[key] = value(following())
        return data

    def _sequence(self) -> list[Any]:
        data: list[Any] = []
        following, value = self._following, self._value
        while type(event := following()) is not SequenceEndEvent:
            data.append(value(event))
        return data


def _require_clean_text(text: str) -> str:
    if not is_clean(text):
        raise NeedsFullParseError
    return text
