"""What people get who pasted, merged or forgot something: the place of the mistake, and words for it."""

from __future__ import annotations

import pytest

from compiler.diagnostics import Diagnostic, Rejected
from compiler.explanations.source import CODES
from compiler.source import parse


def findings(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(Rejected) as caught:
        parse(text, "r.yaml")
    return caught.value.diagnostics


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "fix"),
    [
        ("a: {host: *.example.com}\n", 1, 11, "a value cannot begin with '*' unless it is quoted", "quote the value"),
        ("a: &.x\n", 1, 4, "a value cannot begin with '&'", "quote the value"),
        ("a: {b: !web}\n", 1, 8, "a value cannot begin with '!'", "quote the value"),
        ("a: 1\nb:4\nc: 1\n", 2, 1, "a key without ': '", "write 'key: value'"),
        ("a: 1\n...\nb: 2\n", 3, 1, "the document has already ended above", "'...'"),
        ("  a: 1\nb: 2\n", 2, 1, "the document has already ended above", "in the same column"),
        ("a: [1, , 2]\n", 1, 8, "expected a value here", "remove an extra"),
        ("a: ]\n", 1, 4, "expected a value here", "remove an extra"),
        ("a: |x\n  b\n", 1, 5, "text follows '|' or '>' on the same line", "to the lines below"),
        ('a: "\\ud800"\n', 1, 7, "an escape sequence that is not a character", "\\\\"),
        ('a: "\\xZZ"\n', 1, 7, "an escape sequence that is not a character", "\\\\"),
        ("a: 1\nb:\u00a04\nc: 1\n", 2, 3, "U+00A0 NO-BREAK SPACE is used where YAML needs a plain space", "replace it"),
        ("a:\n  b: 1\n\u00a0\u00a0c: 2\n  d: 3\n", 3, 1, "U+00A0 NO-BREAK SPACE is used where", "replace it"),
        ("a: 1\nb：4\nc: 1\n", 2, 2, "U+FF1A FULLWIDTH COLON is used where YAML needs ':'", "replace it"),
    ],
)
def test_the_place_and_the_words(text: str, line: int, column: int, message: str, fix: str) -> None:
    (finding,) = findings(text)
    assert finding.loc is not None
    assert (finding.loc.line, finding.loc.column) == (line, column)
    assert message in finding.message
    assert fix in finding.help


def test_a_merge_that_was_not_finished_is_reported_and_nothing_else() -> None:
    marks = "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n"
    assert [(each.code, each.loc and each.loc.line) for each in findings(marks)] == [("yaml-conflict", 2)]
    assert [each.code for each in findings(f"<<<<<<< HEAD\n{marks}")] == ["yaml-conflict"] * 2
    assert "yaml-conflict" in CODES


def test_marks_inside_a_text_are_text() -> None:
    text = "a: |\n  <<<<<<< HEAD\n  x\n"
    assert parse(text, "r.yaml").data == {"a": "<<<<<<< HEAD\nx\n"}


def test_a_template_is_not_filled_in() -> None:
    (finding,) = findings("spec:\n  replicas: {{ .Values.replicas }}\n")
    assert finding.message == "a template in {{ }} is not filled in"
    assert finding.loc is not None
    assert (finding.loc.line, finding.loc.column) == (2, 13)


@pytest.mark.parametrize("hidden", ["\U000e0100", "\ufdd0", "\u180b", "\U0001d173", "\U000e0fff"])
def test_more_that_nobody_sees(hidden: str) -> None:
    (finding,) = findings(f"a: x{hidden}y\n")
    assert finding.code == "yaml-control-character"
