"""New values as YAML text, in the style of what stands around them."""

from __future__ import annotations

from typing import Any

from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.edit.layout import LayoutNode
from compiler.tree.yaml.errors import UnwritableError
from compiler.tree.yaml.scalars import double_quoted, floating_point, integer, string

QuoteStyles = dict[str, str]
"""For a key, the quote (`"` or `'`) that the file already puts around its values."""

_NOT_IN_FLOW = frozenset(",[]{}")


def quote_styles(root: LayoutNode) -> QuoteStyles:
    """The quoting habit of a file, by key: the first value of each key that is quoted."""
    habits: QuoteStyles = {}
    for entry in root.entries:
        if isinstance(entry.key, str) and entry.value.style in ('"', "'"):
            habits.setdefault(entry.key, entry.value.style)
        for key, quote in quote_styles(entry.value).items():
            habits.setdefault(key, quote)
    return habits


def flow_text(value: Any, quote: str, habits: QuoteStyles) -> str:
    """`value` on one line, maps and lists as `{ }` and `[ ]`, safe inside both. Raises Rejected."""
    if isinstance(value, dict):
        items = (f"{_key_text(key)}: {flow_text(each, habits.get(key, ''), habits)}" for key, each in value.items())
        return f"{{{', '.join(items)}}}"
    if isinstance(value, list):
        return f"[{', '.join(flow_text(each, '', habits) for each in value)}]"
    return scalar_on_one_line(value, quote)


def scalar_on_one_line(value: Any, quote: str) -> str:
    """A scalar on one line, text in the given quotes if they can hold it. Raises Rejected."""
    try:
        if isinstance(value, str):
            return _scalar_text(value, quote)
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if isinstance(value, int):
            return integer(value)
        if isinstance(value, float):
            return floating_point(value)
    except UnwritableError as error:
        raise Rejected([_unwritable(str(error))]) from error
    raise Rejected([_unwritable(f"{type(value).__name__} is not a type that YAML has")])


def block_lines(value: Any, indent: str, step: str, habits: QuoteStyles) -> list[str]:
    """`value` as block lines at `indent`, without line breaks; scalars and empty collections make one line."""
    if isinstance(value, dict) and value:
        return [line for key, each in value.items() for line in entry_lines(key, each, indent, step, habits)]
    if isinstance(value, list) and value:
        return [f"{indent}- {flow_text(each, '', habits)}" for each in value]
    return [f"{indent}{flow_text(value, '', habits)}"]


def entry_lines(key: str, value: Any, indent: str, step: str, habits: QuoteStyles) -> list[str]:
    """`key: value` as block lines at `indent`."""
    if isinstance(value, dict | list) and value:
        return [f"{indent}{_key_text(key)}:", *block_lines(value, indent + step, step, habits)]
    return [f"{indent}{entry_inline(key, value, habits)}"]


def entry_inline(key: str, value: Any, habits: QuoteStyles) -> str:
    """`key: value` on one line, for a place between braces or a line of its own."""
    return f"{_key_text(key)}: {flow_text(value, habits.get(key, ''), habits)}"


def _key_text(key: object) -> str:
    if not isinstance(key, str):
        raise Rejected([_unwritable(f"the key {key!r} is not text")])
    return scalar_on_one_line(key, "")


def _scalar_text(text: str, quote: str) -> str:
    if quote == "'" and text.isprintable():
        escaped = text.replace("'", "''")
        return f"'{escaped}'"
    plain = string(text)
    return double_quoted(text) if quote == '"' or _NOT_IN_FLOW.intersection(plain) else plain


def _unwritable(reason: str) -> Diagnostic:
    return Diagnostic(
        "edit-value",
        (f"the value cannot be written into a spec: {reason}"),
        None,
        "use text, a number, a list or a map",
    )
