"""One object as one YAML document, in block style, as `kubectl get -o yaml` lays it out."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NoReturn

from compiler.diagnostics.model import Path
from compiler.model.manifest import Object
from compiler.source.characters import SKIP_MARK
from compiler.tree.yaml.errors import UnwritableError
from compiler.tree.yaml.scalars import floating_point, integer, literal, string

_SKIP_BYTES = SKIP_MARK.encode()
_DEEPER = {"  " * depth: "  " * (depth + 1) for depth in range(100)}
"""By an indentation the one below it: a look is a third of a call, and each map and list needs one."""
_BREAK = "\n"
_LONGEST_KEY = 1000  # readers look for the colon of a key no further than 1,024 characters

_INLINE: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    int: integer,
    float: floating_point,
    type(None): lambda _: "null",
}


def emit(obj: Object) -> bytes:
    """`obj` as UTF-8 YAML: its keys in their order, a line break at the end, no `---`.

    The same data gives the same bytes whatever the hash seed; what occurs twice is written twice.
    Raises UnwritableError for what readers would not agree on (keys that are not strings, non-finite or huge
    numbers, lone surrogates, other types and their subclasses, more than a hundred levels), and for the mark
    that makes Argo CD ignore a file (reposerver/repository/repository.go, `skipFileRenderingMarker`).
    """
    if type(obj) is not dict:
        raise UnwritableError(f"an object is a map, not {type(obj).__name__}")
    lines: list[str] = []
    _write_map(obj, "", "", lines)
    data = ("\n".join(lines) + "\n" if lines else "{}\n").encode()
    if _SKIP_BYTES in data:
        fault = f"the text {SKIP_MARK} makes Argo CD ignore the file and prune its objects"
        raise UnwritableError(fault, _place_of_mark(obj) or ())
    return data


def _place_of_mark(value: object) -> Path | None:
    """Where the mark stands in a key or a text, or None."""
    if isinstance(value, str):
        return () if SKIP_MARK in value else None
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, inner in items:
        rest = () if isinstance(part, str) and SKIP_MARK in part else _place_of_mark(inner)
        if rest is not None:
            return (part, *rest)
    return None


def _write_map(items: dict[str, Any], lead: str, indent: str, lines: list[str]) -> None:
    """Appends the lines of `items`; `lead` stands before the first, `indent` before the others."""
    key: Any = None
    try:
        for key, value in items.items():
            kind = type(value)
            if kind is str and type(key) is str and _BREAK not in value:
                lines.append(_text_entry(lead, key, value))
            elif kind is str:
                lines.append(f"{lead}{_map_key(key)}: {_string_value(value, indent)}")
            elif kind is dict and value:
                lines.append(_opening(lead, key))
                inner = _DEEPER.get(indent) or _refuse_depth()
                _write_map(value, inner, inner, lines)
            elif kind is list and value:
                lines.append(_opening(lead, key))
                _write_list(value, indent, indent, lines)
            elif kind is int:
                lines.append(_number_entry(lead, key, value))
            else:
                lines.append(f"{lead}{_map_key(key)}: {_inline(value)}")
            lead = indent
    except UnwritableError as error:
        raise error.within(key) from None


@lru_cache(maxsize=1 << 14)  # objects share most of their lines: a fifth of the time of writing them
def _text_entry(lead: str, key: str, value: str) -> str:
    """The line of a text without line breaks."""
    return f"{lead}{_map_key(key)}: {string(value)}"


@lru_cache(maxsize=1 << 12, typed=True)  # as texts; typed: a boolean is equal to a number
def _number_entry(lead: str, key: object, value: int) -> str:
    """The line of a whole number."""
    return f"{lead}{_map_key(key)}: {integer(value)}"


@lru_cache(maxsize=1 << 12, typed=True)
def _opening(lead: str, key: object) -> str:
    """The line above what a map or list holds."""
    return f"{lead}{_map_key(key)}:"


def _write_list(items: list[Any], lead: str, indent: str, lines: list[str]) -> None:
    inner = _DEEPER.get(indent) or _refuse_depth()
    head = f"{lead}- "
    index = 0
    try:
        for index, value in enumerate(items):  # noqa: B007  read in the handler
            kind = type(value)
            if kind is str:
                lines.append(head + _string_value(value, indent))
            elif kind is dict and value:
                _write_map(value, head, inner, lines)
            elif kind is list and value:
                _write_list(value, head, inner, lines)
            else:
                lines.append(head + _inline(value))
            head = f"{indent}- "
    except UnwritableError as error:
        raise error.within(index) from None


def _refuse_depth() -> NoReturn:
    raise UnwritableError("more than a hundred levels of nesting, or an object that contains itself")


@lru_cache(maxsize=1 << 12, typed=True)  # typed: a subclass of str is not its equal here
def _map_key(key: object) -> str:
    if type(key) is not str:
        raise UnwritableError(f"a key is text, not {type(key).__name__}")
    if len(text := string(key)) > _LONGEST_KEY:
        raise UnwritableError(f"a key of more than {_LONGEST_KEY:,} characters")
    return text


def _string_value(text: str, indent: str) -> str:
    if "\n" not in text:
        return string(text)
    return literal(text, indent + "  ") or string(text)


def _inline(value: object) -> str:
    """A number, boolean, null or empty container on one line."""
    write = _INLINE.get(type(value))
    if write is not None:
        return write(value)
    if value == {} and type(value) is dict:
        return "{}"
    if value == [] and type(value) is list:
        return "[]"
    raise UnwritableError(f"a manifest holds plain data, not {type(value).__name__}")
