"""How a spec is composed: whatever makes a line mean other than what it shows is refused."""

from __future__ import annotations

from typing import Any

from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from compiler.diagnostics.model import Loc, Path
from compiler.source.characters import hidden_character_in_value, is_clean
from compiler.source.compose import Composer, Event


class SpecComposer(Composer):
    """Refuses anchors, aliases, merge keys, tags, keys that are not text, and escapes of invisible characters."""

    def _quoted(self, event: Event) -> str:
        value = str(event.value)
        if not is_clean(value):
            result = hidden_character_in_value(value, self.loc(event))
            if result is not None:
                self.report(result.code, result.message, self.loc(event), result.help)
        return value

    def _key(self, event: Event) -> str:
        if not event.implicit[0]:
            return self._quoted(event)
        value = self._plain(event)
        if isinstance(value, str):
            return value
        self.report(
            "yaml-key-not-text",
            f"the key {event.value or '(nothing)'} is not text but {_key_type(value)}",
            self.loc(event),
            f'write "{event.value}"' if event.value else "write the key's name before the colon",
        )
        return str(event.value)

    def _odd_key(self, event: Event, path: Path) -> str:
        if isinstance(event, ScalarEvent | AliasEvent):
            self._node(event, path)
            return str(getattr(event, "value", ""))
        self._report_collection(event)
        self._node(event, path)
        return "?"

    def _report_collection(self, event: Event) -> None:
        if self._text.startswith("{{", event.start_mark.index - 1):
            message, fix = (
                "a template in {{ }} is not filled in",
                "write the value itself, or fill the template in before",
            )
            loc = Loc(self.file, event.start_mark.line + 1, event.start_mark.column)
        else:
            message, fix, loc = "a key cannot be a list or a map", "write a word as the key", self.loc(event)
        self.report("yaml-key-not-text", message, loc, fix)

    def _alias(self, event: Event) -> None:
        self.report(
            "yaml-alias",
            f"the alias *{event.anchor} stands for text elsewhere",
            self.loc(event),
            "write the value out; releases share values through spec.extends",
        )

    def _decorated(self, event: Event, path: Path) -> Any:
        if event.anchor is not None:
            self.report(
                "yaml-alias",
                f"the anchor &{event.anchor} is not allowed in a spec",
                self.loc(event),
                "remove the anchor: specs have no aliases",
            )
        if event.tag is not None:
            self.report(
                "yaml-tag",
                f"the tag {_tag_text(event.tag)} is not allowed in a spec",
                self.loc(event),
                "remove the tag: specs are plain data",
            )
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            return self._collection(event, path)
        return str(event.value)

    def _merge(self, into: dict[str, Any], event: Event, path: Path) -> None:  # noqa: ARG002  a hook
        self.report(
            "yaml-merge-key",
            "the merge key << copies keys from elsewhere",
            self.loc(event),
            "write the keys out; releases share values through spec.extends",
        )
        self._node(event, path)


def _key_type(value: object) -> str:
    if isinstance(value, bool):
        return "a boolean"
    return "nothing" if value is None else "a number"


def _tag_text(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!", 1)
