"""Edits of a spec's text that change what is meant and nothing else: comments, order, quotes and layout stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compiler.diagnostics.model import Path, Problem, Rejected
from compiler.edit.data import (
    MISSING,
    deep_equal,
    value_or_missing,
    with_inserted_value,
    with_replaced_value,
    without_entry,
)
from compiler.edit.layout import LayoutEntry, LayoutNode, node_at, read_layout
from compiler.edit.ruamel_check import ruamel_data
from compiler.edit.splice import EditableText, Splice, UnsafeEdit, apply_splices
from compiler.source import Document, parse

_Edit = Callable[[EditableText, LayoutNode], list[Splice]]


def set_value(text: str, path: Path, value: Any, file: str = "spec") -> str:
    """The text with `value` at `path`; equal parts of a map or list that stands there keep their lines. What is not
    there is inserted, with the maps above it that are missing.

    `file` is the name that errors carry. Raises Rejected: the text is not a spec, the path leads through a scalar or
    past a list's end, the value is not one that YAML has, or the layout allows no edit that reads back as exactly this.
    """
    return _verified_text(_set_at(parse(text, file), path, value), path)


def insert(text: str, path: Path, value: Any, file: str = "spec") -> str:
    """The text with a new entry at `path`: the last of its map, or the item before the one of that index (the last
    if the index is the list's length). Maps above it that are missing are made.

    Raises Rejected as `set_value` does, and where a map holds something at `path` already.
    """
    return _verified_text(_insert_at(parse(text, file), path, value), path)


def delete(text: str, path: Path, file: str = "spec") -> str:
    """The text without the entry at `path`; a map or list that thereby becomes empty stays as `{}` or `[]`.

    Raises Rejected: nothing stands there, or the layout allows no edit that keeps every other comment.
    """
    return _verified_text(_delete_at(parse(text, file), path), path)


def _verified_text(document: Document, path: Path) -> str:
    """The document's text, if a reader that knows nothing of ours takes it for the same data."""
    text = _source_text(document)
    try:
        read = ruamel_data(text)
    except ValueError as error:
        raise _manual_edit_error(document, path, str(error).partition("\n")[0]) from error
    if not deep_equal(read, document.data):
        raise _manual_edit_error(document, path, "two YAML readers would read the result differently")
    return text


def _source_text(document: Document) -> str:
    return document.texts[document.file]


def _set_at(document: Document, path: Path, value: Any) -> Document:
    old = value_or_missing(document.data, path)
    if old is MISSING:
        return _insert_at(document, path, value)
    if isinstance(old, dict) and isinstance(value, dict) and old and value:
        return _set_map(document, path, old, value)
    if isinstance(old, list) and isinstance(value, list) and old and value:
        return _set_list(document, path, old, value)
    return document if deep_equal(old, value) else _replace(document, path, value)


def _set_map(document: Document, path: Path, old: dict[str, Any], value: dict[str, Any]) -> Document:
    # What is new comes before what is old goes, lest the map be empty in between and change its style.
    for key, each in value.items():
        document = _set_at(document, (*path, key), each)
    for key in old:
        if key not in value:
            document = _delete_at(document, (*path, key))
    return document


def _set_list(document: Document, path: Path, old: list[Any], value: list[Any]) -> Document:
    for index, each in enumerate(value):
        document = _set_at(document, (*path, index), each)
    for index in range(len(old) - 1, len(value) - 1, -1):
        document = _delete_at(document, (*path, index))
    return document


def _replace(document: Document, path: Path, value: Any) -> Document:
    if not path:
        raise _edit_error("edit-by-hand", "the whole spec cannot be replaced", document, path)

    def edit(page: EditableText, root: LayoutNode) -> list[Splice]:
        return page.replaced(_entry(root, path)[1], value)

    return _edited_document(document, path, with_replaced_value(document.data, path, value), edit)


def _insert_at(document: Document, path: Path, value: Any) -> Document:
    above = max(len(path) - 1, 0)
    while above > 0 and value_or_missing(document.data, path[:above]) is MISSING:
        above -= 1
    for missing in reversed(path[above + 1 :]):
        value = {missing: value}
    return _insert_into(document, path[:above], path[above : above + 1], value)


def _insert_into(document: Document, parent: Path, end: Path, value: Any) -> Document:
    container = value_or_missing(document.data, parent)
    path = (*parent, *end)
    if value_or_missing(document.data, path) is not MISSING and not isinstance(container, list):
        raise _edit_error("edit-exists", "a value exists here already", document, path)
    if container is None and parent and isinstance(end[0], str):
        return _replace(document, parent, {end[0]: value})
    if not _accepts_key(container, end[0]):
        raise _edit_error("edit-missing", "the map or list that should contain it does not exist", document, path)

    def edit(page: EditableText, root: LayoutNode) -> list[Splice]:
        node = node_at(root, parent)
        if node is None:
            raise UnsafeEdit("its position in the file was not found")
        return page.inserted(node, end[0], value)

    return _edited_document(document, path, with_inserted_value(document.data, path, value), edit)


def _accepts_key(container: Any, key: str | int) -> bool:
    if isinstance(container, list):
        return isinstance(key, int) and 0 <= key <= len(container)
    return isinstance(container, dict) and isinstance(key, str)


def _delete_at(document: Document, path: Path) -> Document:
    container = value_or_missing(document.data, path[:-1])
    if not path or value_or_missing(document.data, path) is MISSING:
        raise _edit_error("edit-missing", "nothing exists here to remove", document, path)
    if len(container) == 1 and len(path) > 1:
        return _replace(document, path[:-1], type(container)())

    def edit(page: EditableText, root: LayoutNode) -> list[Splice]:
        return page.deleted(*_entry(root, path))

    return _edited_document(document, path, without_entry(document.data, path), edit)


def _entry(root: LayoutNode, path: Path) -> tuple[LayoutNode, LayoutEntry]:
    parent = node_at(root, path[:-1])
    entry = parent.entry(path[-1]) if parent is not None else None
    if parent is None or entry is None:
        raise UnsafeEdit("its position in the file was not found")
    return parent, entry


def _edited_document(document: Document, path: Path, intended: Any, edit: _Edit) -> Document:
    """The document after the edit, if its text reads back as exactly what was intended."""
    text = _source_text(document)
    root = read_layout(text)
    try:
        result = parse(apply_splices(text, edit(EditableText.of(text, root), root)), document.file)
    except UnsafeEdit as error:
        raise _manual_edit_error(document, path, str(error)) from error
    except Rejected as error:
        if error.diagnostics[0].code == "edit-value":
            raise
        raise _manual_edit_error(document, path, error.diagnostics[0].message) from error
    if not deep_equal(result.data, intended):
        raise _manual_edit_error(document, path, "the result would mean something else")
    return result


def _manual_edit_error(document: Document, path: Path, reason: str) -> Rejected:
    return _edit_error("edit-by-hand", f"Shipway cannot edit this safely: {reason}", document, path)


def _edit_error(code: str, message: str, document: Document, path: Path) -> Rejected:
    shown = ".".join(map(str, path)) or "the whole spec"
    advice = {
        "edit-exists": "change that value instead",
        "edit-missing": "look for it in the base that this file extends",
    }
    problem = Problem(code, f"{shown}: {message}", path, advice.get(code, "make this change by hand"), on_key=True)
    return Rejected([document.diagnose(problem)])
