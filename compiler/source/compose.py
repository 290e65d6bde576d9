"""From libyaml's events to plain data with places: one pass, no nodes in between."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NoReturn

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

from compiler.diagnostics.model import Diagnostic, Loc, Path, Related
from compiler.source.dialects import Dialect
from compiler.source.document import SourceSpan, UnreadableStreamError
from compiler.source.scalars import ScalarError
from compiler.source.syntax import syntax_diagnostic

Event = Any
"""An event of libyaml's: PyYAML sets its attributes where no type checker sees them."""


class Composer(ABC):
    """Reads the documents of one text, one after the other; what it finds wrong is in `findings`.

    What a dialect does about anchors, tags and odd keys is in its subclass.
    """

    def __init__(self, text: str, file: str, dialect: Dialect) -> None:
        self.file = file
        self.dialect = dialect
        self.findings: list[Diagnostic] = []
        self.positions: dict[Path, SourceSpan] = {}
        self._text = text
        self._following: Callable[[], Event] = CParser(text).get_event
        self._depth = 0
        self._most_values = dialect.limits.values

    def start_document(self) -> Event | None:
        """The event that opens the next document, or None at the end of the text. Raises Unreadable."""
        try:
            while True:
                event = self._following()
                if type(event) is StreamEndEvent:
                    return None
                if type(event) is DocumentStartEvent:
                    return event
        except YAMLError as error:
            self._syntax(error)

    def document(self) -> Any:
        """The data of the document that was just opened; its places are in `positions`. Raises Unreadable."""
        self.positions = {}
        try:
            event = self._following()
            self._place((), event)
            return self._node(event, ())
        except YAMLError as error:
            self._syntax(error)

    def report(self, code: str, message: str, loc: Loc, help: str, *related: Related) -> None:
        """Adds a finding; raises Unreadable when there are too many to be worth more."""
        self.findings.append(Diagnostic(code, message, loc, help, related=related))
        if len(self.findings) >= self.dialect.limits.findings:
            raise UnreadableStreamError

    def loc(self, event: Event) -> Loc:
        """Where an event begins."""
        return Loc(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _syntax(self, error: YAMLError) -> NoReturn:
        self.findings.append(syntax_diagnostic(error, self._text, self.file))
        raise UnreadableStreamError from error

    def _place(self, path: Path, event: Event) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        self.positions[path] = (self.file, line, column, line, column)

    def _node(self, event: Event, path: Path) -> Any:
        if type(event) is AliasEvent:
            return self._alias(event)
        if event.tag is not None or event.anchor is not None:
            return self._decorated(event, path)
        if type(event) is ScalarEvent:
            return self._plain(event) if event.implicit[0] else self._quoted(event)
        return self._collection(event, path)

    def _collection(self, event: Event, path: Path) -> Any:
        self._depth += 1
        if self._depth > self.dialect.limits.depth:
            self._stop("yaml-too-deep", f"nested more than {self.dialect.limits.depth} levels deep", event)
        inside = self._mapping if type(event) is MappingStartEvent else self._sequence
        data = inside(path)
        self._depth -= 1
        return data

    def _mapping(self, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        positions, file, following, most = self.positions, self.file, self._following, self._most_values
        while type(event := following()) is not MappingEndEvent:
            key = self._key(event) if _is_bare(event) else self._odd_key(event, path)
            value = following()
            if key == "<<" and type(event) is ScalarEvent and event.implicit[0]:
                self._merge(result, value, path)
                continue
            child = (*path, key)
            if child in positions:
                self._duplicate(result, event, value, child)
                continue
            mark, at = event.start_mark, value.start_mark
            positions[child] = (file, at.line + 1, at.column + 1, mark.line + 1, mark.column + 1)
            result[key] = self._node(value, child)
            if len(positions) > most:
                self._stop("yaml-too-many-values", f"more than {most:,} values", event)
        return result

    def _sequence(self, path: Path) -> list[Any]:
        result: list[Any] = []
        positions, following, most = self.positions, self._following, self._most_values
        while type(event := following()) is not SequenceEndEvent:
            child = (*path, len(result))
            self._place(child, event)
            result.append(self._node(event, child))
            if len(positions) > most:
                self._stop("yaml-too-many-values", f"more than {most:,} values", event)
        return result

    def _plain(self, event: Event) -> Any:
        try:
            return self.dialect.plain(event.value)
        except ScalarError as error:
            self.report(error.code, error.message, self.loc(event), error.help)
            return None

    def _duplicate(self, into: dict[str, Any], event: Event, value: Event, path: Path) -> None:  # noqa: ARG002 - for ArgoCDComposer
        """The key of `path` stands in the map already: a finding, and its second value is read past."""
        file, _, _, line, column = self.positions[path]
        first = Related(Loc(file, line, column), "first given here")
        message = f"the key {path[-1]!r} is given twice"
        self.report("yaml-duplicate-key", message, self.loc(event), "remove one of the two", first)
        self._node(value, path)

    def _stop(self, code: str, message: str, event: Event) -> NoReturn:
        self.findings.append(
            Diagnostic(code, message, self.loc(event), "split the document, or flatten what is nested")
        )
        raise UnreadableStreamError

    def _quoted(self, event: Event) -> str:
        return str(event.value)

    @abstractmethod
    def _key(self, event: Event) -> str:
        """The text of a plain or quoted key."""

    @abstractmethod
    def _odd_key(self, event: Event, path: Path) -> str:
        """The text of a key that is no scalar, after the finding that it deserves."""

    @abstractmethod
    def _alias(self, event: Event) -> Any:
        """The value that an alias stands for."""

    @abstractmethod
    def _decorated(self, event: Event, path: Path) -> Any:
        """The value of a node with a tag or an anchor."""

    @abstractmethod
    def _merge(self, into: dict[str, Any], event: Event, path: Path) -> None:
        """What `<<` brings into a map."""


def _is_bare(event: Event) -> bool:
    return type(event) is ScalarEvent and event.tag is None and event.anchor is None
