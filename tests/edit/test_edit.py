"""Edits as a reviewer sees them: the lines that changed, and no other."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

import pytest

from compiler.diagnostics import Rejected
from compiler.diagnostics.model import Path
from compiler.edit import delete, insert, set_value
from compiler.explanations.edit import CODES
from compiler.source import parse

SPEC = """\
# head
spec:
  replicas: 6   # six
  strategy:
    blueGreen:
      active: blue    # who serves
      blue:  {version: "1.4.2", digest: "sha256:aa"}
      # the next one
      green: {version: "1.5.0", digest: 'sha256:bb', change: minor}

  steps: [5, 25]
  args:
    - a
    - b  # bee

    # below
  items:
    - name: x
      v: 1
    - name: y
  empty:
  text: |
    foo
    bar

  braces: {
    a: 1,  # one
    b: 2
  }
# tail
"""
BG = ("spec", "strategy", "blueGreen")


def changes(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


CASES: list[tuple[Callable[..., str], tuple[Any, ...], list[str]]] = [
    (
        set_value,
        ((*BG, "active"), "green"),
        ["-       active: blue    # who serves", "+       active: green    # who serves"],
    ),
    (set_value, (("spec", "replicas"), 7), ["-   replicas: 6   # six", "+   replicas: 7   # six"]),
    (set_value, (("spec", "replicas"), 6), []),
    (
        set_value,
        ((*BG, "green"), {"version": "1.6.0", "digest": "sha256:cc", "change": "minor"}),
        [
            "-       green: {version: \"1.5.0\", digest: 'sha256:bb', change: minor}",
            "+       green: {version: \"1.6.0\", digest: 'sha256:cc', change: minor}",
        ],
    ),
    (
        set_value,
        ((*BG, "green"), {"version": "1.6.0", "env": {"on": "off", "A": "x, y"}}),
        [
            "-       green: {version: \"1.5.0\", digest: 'sha256:bb', change: minor}",
            '+       green: {version: "1.6.0", env: {"on": "off", A: "x, y"}}',
        ],
    ),
    (set_value, ((*BG, "red"), {"version": "1"}), ['+       red: {version: "1"}']),
    (delete, ((*BG, "green"),), ["-       green: {version: \"1.5.0\", digest: 'sha256:bb', change: minor}"]),
    (
        delete,
        ((*BG, "green", "version"),),
        [
            "-       green: {version: \"1.5.0\", digest: 'sha256:bb', change: minor}",
            "+       green: {digest: 'sha256:bb', change: minor}",
        ],
    ),
    (set_value, (("spec", "steps"), [5, 25, 50]), ["-   steps: [5, 25]", "+   steps: [5, 25, 50]"]),
    (insert, (("spec", "steps", 0), 1), ["-   steps: [5, 25]", "+   steps: [1, 5, 25]"]),
    (set_value, (("spec", "args"), ["a", "c", "d"]), ["-     - b  # bee", "+     - c  # bee", "+     - d"]),
    (set_value, (("spec", "args"), ["a"]), ["-     - b  # bee"]),
    (set_value, (("spec", "args"), []), ["-   args:", "-     - a", "-     - b  # bee", "+   args: []"]),
    (insert, (("spec", "args", 1), "new"), ["+     - new"]),
    (delete, (("spec", "items", 0, "name"),), ["-     - name: x", "-       v: 1", "+     - v: 1"]),
    (delete, (("spec", "items", 1, "name"),), ["-     - name: y", "+     - {}"]),
    (insert, (("spec", "items", 2), {"name": "z"}), ["+     - {name: z}"]),
    (set_value, (("spec", "empty"), "x"), ["-   empty:", "+   empty: x"]),
    (set_value, (("spec", "empty", "deep"), 1), ["-   empty:", "+   empty: {deep: 1}"]),
    (set_value, (("spec", "text"), "x"), ["-   text: |", "-     foo", "-     bar", "+   text: x"]),
    (delete, (("spec", "text"),), ["-   text: |", "-     foo", "-     bar"]),
    (insert, (("spec", "braces", "c"), 3), ["-     b: 2", "+     b: 2,", "+     c: 3"]),
    (delete, (("spec", "braces", "a"),), ["-     a: 1,  # one"]),
    (delete, (("spec", "braces", "b"),), ["-     b: 2"]),
    (
        insert,
        (("spec", "new", "a"), {"l": [1, "2"], "m": {}}),
        ["+   new:", "+     a:", "+       l:", "+         - 1", '+         - "2"', "+       m: {}"],
    ),
    (
        set_value,
        (("spec", "strategy"), {"rolling": {"version": "2.0.0"}}),
        [
            "-     blueGreen:",
            "-       active: blue    # who serves",
            '-       blue:  {version: "1.4.2", digest: "sha256:aa"}',
            "-       # the next one",
            "-       green: {version: \"1.5.0\", digest: 'sha256:bb', change: minor}",
            "+     rolling:",
            '+       version: "2.0.0"',
        ],
    ),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("verb", "arguments", "expected"), CASES, ids=[f"{c[0].__name__}{c[1]}"[:60] for c in CASES])
def test_only_these_lines_change(
    verb: Callable[..., str], arguments: tuple[Any, ...], expected: list[str], newline: str
) -> None:
    before = SPEC.replace("\n", newline)
    after = verb(before, *arguments)
    assert sorted(changes(before, after)) == sorted(expected)
    assert after.count("\n") == after.count(newline)


def test_a_file_without_a_last_line_break_gets_none_less() -> None:
    assert insert("a: 1", ("b",), 2) == "a: 1\nb: 2"
    assert insert("a:\n  - 1", ("a", 1), 2) == "a:\n  - 1\n  - 2"
    assert delete("a: 1\nb: 2", ("b",)) == "a: 1\n"


def test_the_files_own_indentation_and_quotes_are_taken_up() -> None:
    before = "spec:\n    v1:\n        version: '1.0'\n"
    after = insert(before, ("spec", "v2"), {"version": "2.0", "deep": {"x": 1}})
    assert after == before + "    v2:\n        version: '2.0'\n        deep:\n            x: 1\n"


def test_a_last_comma_between_braces_stays_the_last() -> None:
    assert insert("a: {\n  b: 1,  # one\n}\n", ("a", "c"), 2) == "a: {\n  b: 1,  # one\n  c: 2,\n}\n"
    assert insert("a: {b: 1, }\n", ("a", "c"), 2) == "a: {b: 1, c: 2, }\n"


def test_json_is_a_spec_too() -> None:
    assert set_value('{"a": {"b":1}}\n', ("a", "b"), "x") == '{"a": {"b":x}}\n'
    assert insert('{"a": []}\n', ("a", 0), 1) == '{"a": [1]}\n'


def test_keys_without_values_and_items_below_their_dash() -> None:
    assert set_value("a: {b, c: }\n", ("a", "b"), 1) == "a: {b: 1, c: }\n"
    assert set_value("a: {b, c: }\n", ("a", "c"), 1) == "a: {b, c: 1}\n"
    assert set_value("a:\n-\n- x\n", ("a", 0), 1) == "a:\n- 1\n- x\n"
    assert delete("a:\n-\n  b: 1\n- x\n", ("a", 0)) == "a:\n- x\n"


REFUSED: list[tuple[Callable[..., str], tuple[Any, ...], str]] = [
    (delete, (("spec", "nope"),), "edit-missing"),
    (delete, ((),), "edit-missing"),
    (insert, (("spec", "replicas"), 1), "edit-exists"),
    (insert, (("spec", "replicas", "x"), 1), "edit-missing"),
    (insert, (("spec", "args", 9), 1), "edit-missing"),
    (insert, (("spec", "args", "x"), 1), "edit-missing"),
    (insert, (("spec", 0), 1), "edit-missing"),
    (set_value, ((), 1), "edit-by-hand"),
    (set_value, (("spec", "a"), object), "edit-value"),
    (set_value, (("spec", "a"), {1: 2}), "edit-value"),
    (set_value, (("spec", "a"), 2**63), "edit-value"),
    (set_value, (("spec", "a"), float("nan")), "edit-value"),
    (set_value, (("spec", "a"), "\ud800é"), "edit-value"),
    (set_value, (("spec", "a"), "\0"), "edit-by-hand"),
    (delete, (("spec",),), "edit-by-hand"),
]


@pytest.mark.parametrize(("verb", "arguments", "code"), REFUSED, ids=[f"{c[0].__name__}{c[1]!r}"[:60] for c in REFUSED])
def test_what_cannot_be_done_safely_is_refused(verb: Callable[..., str], arguments: tuple[Any, ...], code: str) -> None:
    with pytest.raises(Rejected) as caught:
        verb(SPEC, *arguments, file="prod/r.yaml")
    (finding,) = caught.value.diagnostics
    assert finding.code == code
    assert code in CODES
    assert finding.loc is None or finding.loc.file == "prod/r.yaml"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a:\n  - b: 1\n    # about c\n    c: 2\n", ("a", 0, "b")),
        ("a: {b: 1, # about c\n  c: 2}\n", ("a", "b")),
    ],
)
def test_no_comment_of_another_value_is_lost(text: str, path: Path) -> None:
    with pytest.raises(Rejected) as caught:
        delete(text, path)
    assert caught.value.diagnostics[0].code == "edit-by-hand"


def test_a_comment_above_the_only_entry_outlives_it() -> None:
    assert delete("a:  # own\n  # why\n  - 1  # one\nb: 2\n", ("a", 0)) == "a: []  # own\n  # why\nb: 2\n"


def test_what_is_no_spec_is_refused_as_such() -> None:
    with pytest.raises(Rejected) as caught:
        set_value("a: &x 1\n", ("a",), 2)
    assert caught.value.diagnostics[0].code == "yaml-alias"


def test_edits_read_back_as_intended() -> None:
    for verb, arguments, _ in CASES:
        parse(verb(SPEC, *arguments), "r.yaml")
