"""One edit of a text: the characters that go, and those that come in their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compiler.edit import value_text as words
from compiler.edit.layout import LayoutEntry, LayoutNode, line_end, line_start

Splice = tuple[int, int, str]
"""Start and end of what goes, and what comes."""


class UnsafeEdit(Exception):  # noqa: N818  a refusal that `change` turns into a diagnostic
    """The layout allows no safe edit here; the argument says why."""


@dataclass(frozen=True, slots=True)
class EditableText:
    """A text with its layout's habits: line break, indentation step, and quotes by key."""

    text: str
    newline: str
    step: str
    habits: words.QuoteStyles

    @classmethod
    def of(cls, text: str, root: LayoutNode) -> EditableText:
        """The habits of a text, which its first line break and first nested map tell."""
        first = text.find("\n")
        newline = "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
        return cls(text, newline, " " * _indentation_step(text, root), words.quote_styles(root))

    def replaced(self, entry: LayoutEntry, value: Any) -> list[Splice]:
        """The value of an entry becomes `value`, on the entry's line."""
        node = entry.value
        quote = node.style if node.style in ('"', "'") else ""
        new = words.flow_text(value, quote or self.habits.get(str(entry.key), ""), self.habits)
        if node.start == node.end or self.text.count("\n", entry.key_end, node.start) == 0:
            return [(node.start, node.end, self._spaced(entry, new))]
        return self._lifted(entry, new)

    def _lifted(self, entry: LayoutEntry, new: str) -> list[Splice]:
        """As `replaced`, where the old value stands on the lines below its key: comments between the two stay."""
        at = self.text.index(":", entry.key_end) + 1 if isinstance(entry.key, str) else entry.key_end + 1
        first = line_start(self.text, entry.value.start)
        return [(at, at, f" {new}"), (first, line_end(self.text, entry.value.end), "")]

    def _spaced(self, entry: LayoutEntry, new: str) -> str:
        """The new value with the `: ` or blank that an empty old value did not need."""
        node = entry.value
        before = self.text[node.start - 1 : node.start]
        if node.start < node.end:
            return new
        glue = self.text[entry.key_end : node.start]
        if isinstance(entry.key, str) and ":" not in glue:
            return f": {new}"
        return new if before in (" ", "\n") else f" {new}"

    def inserted(self, parent: LayoutNode, key: str | int, value: Any) -> list[Splice]:
        """A new last entry of a map, or a new item before the one that has the index `key`."""
        if parent.style == "flow":
            return self._into_flow(parent, key, value)
        return self._into_block(parent, key, value)

    def _into_block(self, parent: LayoutNode, key: str | int, value: Any) -> list[Splice]:
        before = parent.entry(key) if isinstance(key, int) else None
        column = self._column(parent.entries[0].start)
        indent = " " * column
        if isinstance(key, str):
            new = self._block_entry(parent, key, value, indent)
        else:
            new = [f"{indent}- {words.flow_text(value, '', self.habits)}"]
        if before is None:
            return [self._after(parent.entries[-1].value.end, new)]
        at = line_start(self.text, before.start)
        if self.text[at : before.start].strip(" "):
            raise UnsafeEdit("the list does not begin on its own line")
        return [(at, at, "".join(f"{line}{self.newline}" for line in new))]

    def _block_entry(self, parent: LayoutNode, key: str, value: Any, indent: str) -> list[str]:
        siblings = [entry.value for entry in parent.entries if entry.value.entries]
        if isinstance(value, dict) and siblings and all(node.style == "flow" for node in siblings):
            return [f"{indent}{words.entry_inline(key, value, self.habits)}"]
        return words.entry_lines(key, value, indent, self.step, self.habits)

    def _after(self, index: int, new: list[str]) -> Splice:
        """New lines below the line that holds the character before `index`."""
        at = line_end(self.text, max(index - 1, 0)) if self.text[index - 1 : index] != "\n" else index
        lead = "" if at == 0 or self.text[at - 1] == "\n" else self.newline
        trail = self.newline if not lead else ""
        return at, at, lead + self.newline.join(new) + trail

    def _into_flow(self, parent: LayoutNode, key: str | int, value: Any) -> list[Splice]:
        if isinstance(key, str):
            new = words.entry_inline(key, value, self.habits)
        else:
            new = words.flow_text(value, "", self.habits)
        if not parent.entries:
            return [(parent.start + 1, parent.start + 1, new)]
        before = parent.entry(key) if isinstance(key, int) else None
        if before is not None:
            return [(before.start, before.start, f"{new}, ")]
        return self._last_in_flow(parent, new)

    def _last_in_flow(self, parent: LayoutNode, new: str) -> list[Splice]:
        last = parent.entries[-1]
        tail = self.text[last.value.end : parent.end - 1]
        if "\n" not in tail:
            return [(last.value.end, last.value.end, f", {new}")]
        comma = "" if "," in tail.split("#")[0] else ","
        indent = " " * self._column(last.start)
        below = line_end(self.text, last.value.end)
        return [
            (last.value.end, last.value.end, comma),
            (below, below, f"{indent}{new}{'' if comma else ','}{self.newline}"),
        ]

    def deleted(self, parent: LayoutNode, entry: LayoutEntry) -> list[Splice]:
        """An entry goes that is not its parent's only one."""
        if parent.style == "flow":
            return [self._from_flow(parent, entry)]
        start = line_start(self.text, entry.start)
        if not self.text[start : entry.start].strip(" "):
            return [(start, line_end(self.text, max(entry.start, entry.value.end - 1)), "")]
        return [self._from_item(parent, entry)]

    def _from_item(self, parent: LayoutNode, entry: LayoutEntry) -> Splice:
        """The first entry of a map that begins beside a `-`: the next one moves up."""
        following = parent.entries[parent.entries.index(entry) + 1]
        if "#" in self.text[entry.value.end : following.start]:
            raise UnsafeEdit("a comment stands below the entry, which shares its line with a '-'")
        return entry.start, following.start, ""

    def _from_flow(self, parent: LayoutNode, entry: LayoutEntry) -> Splice:
        start, end = line_start(self.text, entry.start), line_end(self.text, entry.value.end)
        rest = self.text[entry.value.end : end].split("#")[0]
        if not self.text[start : entry.start].strip(" ") and rest.strip(" \r\n") in ("", ","):
            return start, end, ""
        index = parent.entries.index(entry)
        if index + 1 < len(parent.entries):
            start, end = entry.start, parent.entries[index + 1].start
        else:
            start, end = parent.entries[index - 1].value.end, entry.value.end
        if "#" in self.text[start : entry.start] or "#" in self.text[entry.value.end : end]:
            raise UnsafeEdit("a comment stands between the braces")
        return start, end, ""

    def _column(self, index: int) -> int:
        return index - line_start(self.text, index)


def apply_splices(text: str, splices: list[Splice]) -> str:
    """The text after all of the splices, whose places are those of the text before."""
    for start, end, new in sorted(splices, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _indentation_step(text: str, node: LayoutNode) -> int:
    for entry in node.entries:
        value = entry.value
        if value.kind == "map" and value.style == "block" and value.entries:
            step = _column_of(text, value.entries[0].start) - _column_of(text, entry.start)
            if step > 0:
                return step
    return 2


def _column_of(text: str, index: int) -> int:
    return index - line_start(text, index)
