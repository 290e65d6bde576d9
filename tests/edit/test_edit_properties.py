"""Random specs in random layouts, random edits: what is meant changes as intended, every other line stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.diagnostics import Rejected
from compiler.diagnostics.model import Path
from compiler.edit import delete, insert, set_value
from compiler.edit.data import (
    MISSING,
    deep_equal,
    value_or_missing,
    with_inserted_value,
    with_replaced_value,
    without_entry,
)
from compiler.edit.value_text import flow_text
from compiler.source import parse

pytestmark = pytest.mark.e2e

KEYS = st.sampled_from(["a", "b", "version", "on", "x y", "日", "1", "a:b"])
WORDS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "1.4.2", "off", "x, y", "# no", "a: b", "it's", '"', "two\nlines", "日本", "- x", "{", "1e3", " pad "]
    ),
)
VALUES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


@st.composite
def specs(draw: st.DrawFn) -> str:
    """A spec's text: block and flow, comments, blank lines, several indentations, both line ends."""
    data = draw(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
    lines = written(draw, data, "")
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return newline.join(lines) + draw(st.sampled_from([newline, ""]))


def written(draw: st.DrawFn, data: dict[str, Any], indent: str) -> list[str]:
    lines: list[str] = []
    for key, value in data.items():
        lines += draw(st.sampled_from([[], [""], [f"{indent}# about {len(lines)}"]]))
        note = draw(st.sampled_from(["", "  # note"]))
        head = f"{indent}{flow_text(key, '', {})}:"
        if draw(st.booleans()) and value and isinstance(value, dict):
            lines += [f"{head}{note}", *written(draw, value, indent + draw(st.sampled_from(["  ", "    "])))]
        elif draw(st.booleans()) and value and isinstance(value, list):
            dash = indent + draw(st.sampled_from(["", "  "]))
            lines += [f"{head}{note}", *(f"{dash}- {flow_text(each, '', {})}{note}" for each in value)]
        else:
            quote = draw(st.sampled_from(["", '"', "'"]))
            lines.append(f"{head} {flow_text(value, quote, {})}{note}")
    return lines


def paths_of(value: Any, path: Path) -> list[Path]:
    collected: list[Path] = [path]
    if isinstance(value, dict):
        return collected + [each for key, inner in value.items() for each in paths_of(inner, (*path, key))]
    if isinstance(value, list):
        return collected + [each for index, inner in enumerate(value) for each in paths_of(inner, (*path, index))]
    return collected


def untouched(text: str, path: Path) -> list[str]:
    """The comment lines and blank lines outside what stands at `path`, and the lines of all other top-level keys."""
    document = parse(text, "r.yaml")
    starts = sorted(document.locate((key,), on_key=True).line for key in document.data)
    first = document.locate(path[:1], on_key=True).line if path[0] in document.data else len(text.split("\n")) + 1
    after = next((line for line in starts if line > first), None)
    lines = text.split("\n")
    return lines[: first - 1] + (lines[after - 1 :] if after is not None else [])


def check(before: str, after: str, path: Path, intended: Any) -> None:
    assert deep_equal(parse(after, "r.yaml").data, intended)
    kept = untouched(before, path)
    if "\n".join(kept).strip():
        remaining = iter(after.split("\n"))
        assert all(line in remaining or line.strip() == "" for line in kept[:-1])


@settings(max_examples=400, deadline=None)
@given(specs(), st.data())
def test_setting_a_value(text: str, data: st.DataObject) -> None:
    before = parse(text, "r.yaml").data
    path = data.draw(st.sampled_from(paths_of(before, ())[1:]))
    value = data.draw(VALUES)
    try:
        after = set_value(text, path, value)
    except Rejected as caught:
        assert caught.diagnostics[0].code == "edit-by-hand"
        return
    check(text, after, path, with_replaced_value(before, path, value))


@settings(max_examples=300, deadline=None)
@given(specs(), st.data())
def test_deleting_an_entry(text: str, data: st.DataObject) -> None:
    before = parse(text, "r.yaml").data
    path = data.draw(st.sampled_from(paths_of(before, ())[1:]))
    try:
        after = delete(text, path)
    except Rejected as caught:
        assert caught.diagnostics[0].code == "edit-by-hand"
        return
    check(text, after, path, without_entry(before, path))


@settings(max_examples=300, deadline=None)
@given(specs(), st.data())
def test_inserting_an_entry(text: str, data: st.DataObject) -> None:
    before = parse(text, "r.yaml").data
    parent = data.draw(
        st.sampled_from([p for p in paths_of(before, ()) if isinstance(value_or_missing(before, p), dict | list)])
    )
    container = value_or_missing(before, parent)
    end: str | int = data.draw(KEYS) if isinstance(container, dict) else data.draw(st.integers(0, len(container)))
    path: Path = (*parent, end)
    value = data.draw(VALUES)
    try:
        after = insert(text, path, value)
    except Rejected as caught:
        exists = isinstance(container, dict) and value_or_missing(before, path) is not MISSING
        assert caught.diagnostics[0].code == ("edit-exists" if exists else "edit-by-hand")
        return
    check(text, after, path, with_inserted_value(before, path, value))
    if isinstance(container, dict):
        assert deep_equal(parse(delete(after, path), "r.yaml").data, before)
