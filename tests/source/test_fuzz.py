"""No text makes the reader do anything but answer or refuse with places; what it answers, ruamel reads as well."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from compiler.diagnostics import Rejected
from compiler.explanations.source import CODES
from compiler.source import parse, parse_manifests
from compiler.source.plain import plain_data
from compiler.tree.yaml import emit

pytestmark = pytest.mark.e2e

SPEC = """\
# yaml-language-server: $schema=x
kind: Release
metadata: {name: recommender, labels: {"a": 'b'}}
spec:
  replicas: 6   # six
  args: [--workers, "4", ./]
  text: |
    two
    lines
  canary:
    - at: 25
      é: 日本 "x"
    - {at: 1e3, x: 0o17}
"""
BLOCK_SPEC = """\
# yaml-language-server: $schema=x
kind: Release
metadata: {name: recommender, labels: {"a": 'b', c: d e}}
spec:
  replicas: 6   # six
  env:
    b.c/d: "two words: # no"
    empty:
    words: a -b, [c] {d} s3://e:f
  args: [--workers, "4", ./, {x: 1e3}]
  list:
  - a
  - k: v
    l:
    - 0o17
    - m: ~

  canary:
    - at: 25
      e: 日本 "x"
    # end
    - {at: 1e3}
  data:
    f: |
      one: x # y
        two

      "three
    g: |-  # c
      {a
  l:
  - |
    t
"""
NASTY = st.sampled_from(
    [
        *"\t\r\n :-[]{}#&*!|>'\"%@`,?\\<~0",
        "\0",
        "\x1b",
        "\ufeff",
        "\u202e",
        "\u2028",
        "\x85",
        "\ud800",
        "---\n",
        "<<: ",
        "é",
        "\n  ",
        "\n- ",
        ": ",
        " #",
        "|\n",
    ]
)
EDITS = st.lists(
    st.tuples(st.integers(0, len(SPEC)), st.integers(0, 6), st.one_of(NASTY, st.text(max_size=4))),
    min_size=1,
    max_size=5,
)


def mutated(edits: list[tuple[int, int, str]], text: str = SPEC) -> str:
    for at, gone, new in edits:
        text = text[:at] + new + text[at + gone :]
    return text


def check_refusal(caught: Rejected) -> None:
    assert caught.diagnostics
    for finding in caught.diagnostics:
        assert finding.code in CODES
        assert finding.loc is not None
        assert finding.loc.line >= 1
        assert finding.loc.column >= 1


@settings(max_examples=600, deadline=None)
@given(EDITS)
def test_mutated_specs_are_read_or_refused(edits: list[tuple[int, int, str]]) -> None:
    text = mutated(edits)
    try:
        document = parse(text, "r.yaml")
    except Rejected as caught:
        check_refusal(caught)
        return
    lines = text.split("\n")
    for file, line, column, key_line, key_column in document.positions.values():
        assert file == "r.yaml"
        assert 1 <= column <= len(lines[line - 1]) + 1
        assert 1 <= key_column <= len(lines[key_line - 1]) + 1


def test_the_quick_way_reads_a_spec_in_block_style() -> None:
    assert plain_data(BLOCK_SPEC) == parse(BLOCK_SPEC, "r.yaml").data


@settings(max_examples=1000, deadline=None)
@given(EDITS)
def test_the_quick_way_reads_what_the_thorough_one_reads_or_leaves_it(edits: list[tuple[int, int, str]]) -> None:
    text = mutated(edits, BLOCK_SPEC)
    data = plain_data(text)
    assert data is None or repr(data) == repr(parse(text, "r.yaml").data)


@settings(max_examples=400, deadline=None)
@given(EDITS)
def test_mutated_manifests_are_read_or_refused(edits: list[tuple[int, int, str]]) -> None:
    try:
        parse_manifests(mutated(edits), "m.yaml")
    except Rejected as caught:
        check_refusal(caught)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse, parse_manifests):
        try:
            read(text, "x")
        except Rejected as caught:
            check_refusal(caught)


@settings(max_examples=150, deadline=None)
@given(EDITS)
def test_what_is_read_ruamel_reads_alike(edits: list[tuple[int, int, str]]) -> None:
    text = mutated(edits)
    try:
        data = parse(text, "r.yaml").data
        other = YAML(typ="rt", pure=True).load(text)
    except (Rejected, YAMLError, ValueError):
        return
    assert alike(data, other)


def alike(one: Any, other: Any) -> bool:
    """Equal in shape and in texts; ruamel reads `1_000` and `-0o7` as numbers and knows dates: left out."""
    if isinstance(one, dict):
        pairs = zip(one.items(), other.items(), strict=False)
        return len(one) == len(other) and all(alike(list(mine), list(theirs)) for mine, theirs in pairs)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return not isinstance(one, str) or not isinstance(other, str) or one == str(other)


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")), max_size=12)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), PLAIN
)
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN, inner, max_size=3), max_leaves=12
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(PLAIN, DATA, min_size=1, max_size=4))
def test_what_the_emitter_writes_both_readers_read_back(data: dict[str, Any]) -> None:
    text = emit(data).decode()
    assume(all(char.isprintable() or char == "\n" for char in text))
    assert equal(parse_manifests(text, "m.yaml")[0].data, data)
    try:
        assert equal(parse(text, "r.yaml").data, data)
    except Rejected as caught:
        assert {finding.code for finding in caught.diagnostics} <= {"yaml-control-character"}, caught.diagnostics


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, float) or isinstance(other, float):
        return math.isclose(one, other, rel_tol=0, abs_tol=0)
    return type(one) is type(other) and bool(one == other)
