"""How the manifests of other tools are composed: as kubectl and Argo CD read them, with aliases counted."""

from __future__ import annotations

import copy
from typing import Any

from yaml.events import MappingStartEvent, SequenceStartEvent

from compiler.diagnostics.model import Path
from compiler.source.compose import Composer, Event
from compiler.source.dialects import Dialect

_YAML = "tag:yaml.org,2002:"
_TYPES = {"int": (int,), "float": (int, float), "bool": (bool,), "null": (type(None),)}


class ManifestComposer(Composer):
    """Expands aliases and merge keys up to a limit, obeys the plain tags, writes keys as JSON would.

    Source: sigs.k8s.io/yaml, yaml.go (`convertToJSONableObject`) and goyaml.v2/decode.go (`mapping`, `merge`).
    """

    def __init__(self, text: str, file: str, dialect: Dialect) -> None:
        super().__init__(text, file, dialect)
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._expansion_left = dialect.limits.expansion

    def start_document(self) -> Event | None:
        self._anchors = {}
        return super().start_document()

    def _key(self, event: Event) -> str:
        return self._text_of_key(event, self._plain(event) if event.implicit[0] else str(event.value))

    def _odd_key(self, event: Event, path: Path) -> str:
        return self._text_of_key(event, self._node(event, path))

    def _text_of_key(self, event: Event, value: Any) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return f"{value:g}" if isinstance(value, float) else str(value)
        self.report("yaml-key-not-text", "a key is neither text nor a number", self.loc(event), "quote the key")
        return "?"

    def _alias(self, event: Event) -> Any:
        value, size = self._anchors.get(event.anchor, (None, 0))
        if size == 0:
            self.report(
                "yaml-alias-unknown",
                f"the alias *{event.anchor} has no anchor &{event.anchor} before it",
                self.loc(event),
                f"define &{event.anchor} above the alias",
            )
        self._expansion_left -= size
        if self._expansion_left < 0:
            self._stop(
                "yaml-alias-expansion",
                f"aliases stand for more than {self.dialect.limits.expansion:,} values",
                event,
            )
        return copy.deepcopy(value)

    def _decorated(self, event: Event, path: Path) -> Any:
        before = len(self.positions) - self._expansion_left
        if event.tag is not None and event.tag != "!" and event.tag not in self.dialect.tags:
            self._unknown_tag(event)
        is_collection = isinstance(event, MappingStartEvent | SequenceStartEvent)
        value = self._collection(event, path) if is_collection else self._tagged_scalar(event, event.tag)
        if event.anchor is not None:
            size = 1 + len(self.positions) - self._expansion_left - before
            self._anchors[event.anchor] = (value, size)
        return value

    def _unknown_tag(self, event: Event) -> None:
        written = event.tag.replace(_YAML, "!!", 1)
        self.report(
            "yaml-tag",
            (f"the tag {written} is not allowed: manifests are plain data"),
            self.loc(event),
            "remove the tag",
        )

    def _tagged_scalar(self, event: Event, tag: str | None) -> Any:
        if tag is None:
            return self._plain(event) if event.implicit[0] else str(event.value)
        name = tag.removeprefix(_YAML)
        if name in ("!", "str"):
            return str(event.value)
        if name not in _TYPES:
            return None
        value = self._plain(event)
        if type(value) in _TYPES[name]:
            return value
        self.report(
            "yaml-tag",
            (f"{event.value!r} is not a valid !!{name}"),
            self.loc(event),
            "remove the tag, or fix the value",
        )
        return None

    def _merge(self, into: dict[str, Any], event: Event, path: Path) -> None:
        value = self._node(event, (*path, "<<"))
        mappings = [value] if isinstance(value, dict) else value
        if not isinstance(mappings, list) or not all(isinstance(each, dict) for each in mappings):
            self.report(
                "yaml-merge-key",
                "<< needs a mapping or a list of mappings",
                self.loc(event),
                "name an anchored mapping",
            )
            return
        for each in reversed(mappings):
            into.update(each)
