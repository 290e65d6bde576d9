"""What a spec's text is read as, and what it is refused for."""

from __future__ import annotations

import time

import pytest

from compiler.diagnostics import Loc, Problem, Rejected
from compiler.explanations.source import CODES
from compiler.source import parse
from compiler.source.plain import plain_data

HOSTILE = [
    ("", "yaml-empty", 1, 1),
    ("# only a comment\n", "yaml-empty", 1, 1),
    ("---\n", "yaml-empty", 1, 1),
    ("a: b: c\n", "yaml-syntax", 1, 5),
    ("a:\n\t- b\n", "yaml-tab", 2, 1),
    ("a: [1\nb: 2\n", "yaml-syntax", 2, 2),
    ("a: 1\nb: 'x\nc: 2\n", "yaml-syntax", 2, 4),
    ("a: {b: 1\n", "yaml-syntax", 1, 9),
    ("a: @x\n", "yaml-syntax", 1, 4),
    ("- a\nb: 1\n", "yaml-syntax", 2, 1),
    ('a: "\\q"\n', "yaml-syntax", 1, 5),
    ("a: *x\n", "yaml-alias", 1, 4),
    ("a: &x 1\n", "yaml-alias", 1, 4),
    ("&x a: 1\n", "yaml-alias", 1, 1),
    ("*x : 1\n", "yaml-alias", 1, 1),
    ("a: !!python/object/apply:os.system [ls]\n", "yaml-tag", 1, 4),
    ("a: !!str 1\n", "yaml-tag", 1, 4),
    ("a: ! 1\n", "yaml-tag", 1, 4),
    ("a: {x: 1}\nb:\n  <<: {x: 1}\n", "yaml-merge-key", 3, 7),
    ("%YAML 1.2\n---\na: 1\n", "yaml-directive", 1, 1),
    ("a: 1\n---\nb: 2\n", "yaml-several-documents", 2, 1),
    ("- 1\n", "yaml-not-a-mapping", 1, 1),
    ("words\n", "yaml-not-a-mapping", 1, 1),
    ("1: 2\n", "yaml-key-not-text", 1, 1),
    ("true: 2\n", "yaml-key-not-text", 1, 1),
    ("~: 2\n", "yaml-key-not-text", 1, 1),
    ("? [a]\n: b\n", "yaml-key-not-text", 1, 3),
    ("a: 010\n", "yaml-leading-zero", 1, 4),
    ("a: 9223372036854775808\n", "yaml-number-range", 1, 4),
    (f"a: {'9' * 5000}\n", "yaml-number-range", 1, 4),
    ("a: 1e999\n", "yaml-number-range", 1, 4),
    ("a: .nan\n", "yaml-number-range", 1, 4),
    ("a: -.inf\n", "yaml-number-range", 1, 4),
    (f"a: {'[' * 3000}\n", "yaml-too-deep", 1, 67),
    (f"a: [{'1,' * 60_000}]\n", "yaml-too-many-values", 1, None),
    (f"a: {'x' * 2_000_000}\n", "yaml-too-large", 1, 1),
    ('a: 1\nb: "x\\0y"\n', "yaml-control-character", 2, 4),
    ('"a\\u202e": 1\n', "yaml-bidi-control", 1, 1),
    ("a: 1\nb: x\0y\n", "yaml-control-character", 2, 5),
    ("a: x\x1b[31m\n", "yaml-control-character", 1, 5),
    ("a: x\x85y\n", "yaml-control-character", 1, 5),
    ("a: 1\rb: 2\n", "yaml-control-character", 1, 5),
    ("a: x\u200by\n", "yaml-control-character", 1, 5),
    ("a: x\u2028y\n", "yaml-control-character", 1, 5),
    ("é: x # \u202e comment\n", "yaml-bidi-control", 1, 8),
    ("\ufeffa: 1\n", "yaml-byte-order-mark", 1, 1),
    ("a: \ud800\n", "yaml-control-character", 1, 4),
]


@pytest.mark.parametrize(("text", "code", "line", "column"), HOSTILE, ids=[repr(row[0])[:32] for row in HOSTILE])
def test_hostile_text_is_refused_at_its_place(text: str, code: str, line: int, column: int | None) -> None:
    with pytest.raises(Rejected) as caught:
        parse(text, "r.yaml")
    actual = {(each.code, each.loc.line, column and each.loc.column) for each in caught.value.diagnostics if each.loc}
    assert (code, line, column) in actual
    assert {each.code for each in caught.value.diagnostics} <= CODES.keys()
    assert all(each.help and each.message for each in caught.value.diagnostics)
    assert plain_data(text) is None


def test_a_file_of_one_key_repeated_reports_a_bounded_number_of_findings() -> None:
    with pytest.raises(Rejected) as caught:
        parse("k: 1\n" * 10_000, "r.yaml")
    assert len(caught.value.diagnostics) == 50


def test_a_duplicate_key_names_both_places() -> None:
    with pytest.raises(Rejected) as caught:
        parse("spec:\n  a: 1\n  b: 2\n  'a': 3\n", "r.yaml")
    (finding,) = caught.value.diagnostics
    assert finding.code == "yaml-duplicate-key"
    assert finding.loc == Loc("r.yaml", 4, 3)
    assert [related.loc for related in finding.related] == [Loc("r.yaml", 2, 3)]


def test_all_findings_come_at_once() -> None:
    with pytest.raises(Rejected) as caught:
        parse("a: &x 1\nb: *x\nc: 010\na: 2\nd: [\n", "r.yaml")
    assert [finding.code for finding in caught.value.diagnostics] == [
        "yaml-alias",
        "yaml-alias",
        "yaml-leading-zero",
        "yaml-duplicate-key",
        "yaml-syntax",
    ]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("yes", "yes"),
        ("off", "off"),
        ("12:30:00", "12:30:00"),
        ("1_000", "1_000"),
        ("2026-11-23", "2026-11-23"),
        ("1.4.2", "1.4.2"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("", None),
        ("0x1F", 31),
        ("0o17", 15),
        ("-7", -7),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("9223372036854775807", 2**63 - 1),
        ("'010'", "010"),
        ('"\\t\\n"', "\t\n"),
        ("{server: https://a.b:443}", {"server": "https://a.b:443"}),
        ("[12:30, a?b]", ["12:30", "a?b"]),
        ("日本語", "日本語"),
        ("=", "="),
    ],
)
def test_words_mean_what_yaml_1_2_says(word: str, value: object) -> None:
    read = parse(f"a: {word}\n", "r.yaml").data["a"]
    assert read == value
    assert type(read) is type(value)


def test_crlf_and_document_marks_are_fine() -> None:
    assert parse("---\r\na: 1\r\nb:\r\n- x\r\n...\r\n", "r.yaml").data == {"a": 1, "b": ["x"]}


SPEC = """\
apiVersion: shipway.dev/v1
spec:
  container: {image: "x", ports: [80, 443]}
  env:
    - name: A
      value: |
        two
        lines
  日本: é
"""


def test_every_key_and_value_has_its_place() -> None:
    document = parse(SPEC, "r.yaml")
    places = {
        ("spec", "container", "image"): (3, 22),
        ("spec", "container", "ports", 1): (3, 39),
        ("spec", "env"): (5, 5),
        ("spec", "env", 0): (5, 7),
        ("spec", "env", 0, "value"): (6, 14),
        ("spec", "日本"): (9, 7),
    }
    assert {path: (document.locate(path).line, document.locate(path).column) for path in places} == places
    assert document.locate(("spec", "env"), on_key=True) == Loc("r.yaml", 4, 3)


def test_a_path_that_is_not_there_is_located_at_its_nearest_ancestors_key() -> None:
    document = parse(SPEC, "r.yaml")
    assert document.locate(("spec", "container", "resources", "limits")) == Loc("r.yaml", 3, 3)
    assert document.locate(("status",)) == Loc("r.yaml", 1, 1)


def test_problems_become_diagnostics_with_related_places() -> None:
    document = parse(SPEC, "r.yaml")
    problem = Problem("x", "message", ("spec", "env"), "help", "warning", ((("apiVersion",), "see"),), on_key=True)
    result = document.diagnose(problem)
    assert (result.code, result.loc, result.severity) == ("x", Loc("r.yaml", 4, 3), "warning")
    assert result.related[0].loc == Loc("r.yaml", 1, 13)


@pytest.mark.parametrize(
    "text", ["k: " + " " * 45_000 + "\t", "k: " + "a " * 22_000 + ":", "k: [" + " " * 45_000 + "?"]
)
def test_a_long_line_is_looked_at_once(text: str) -> None:
    """Where each of its spaces was tried with each, a line took minutes."""
    start = time.process_time()
    assert plain_data(text) is None
    assert time.process_time() - start < 2
