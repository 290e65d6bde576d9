"""Findings exactly as a user sees them."""

from __future__ import annotations

import pytest

from compiler.diagnostics import Diagnostic, Loc, Rejected, Related
from compiler.diagnostics.render.text import diagnostics_text, summary
from compiler.source import parse

SPEC = """\
apiVersion: shipway.dev/v1
spec:
  replicas: 010
  strategy: {blue: *x}
  replicas: 7   # again
"""


def seen(source: str, file: str = "prod/r.yaml") -> str:
    with pytest.raises(Rejected) as caught:
        parse(source, file)
    return diagnostics_text(caught.value.diagnostics, {file: source}, color=False)


def test_the_whole_answer_to_a_bad_spec() -> None:
    assert (
        seen(SPEC)
        == """\
error[yaml-leading-zero]: 010 is a different number in YAML 1.1, which reads it as octal, than in YAML 1.2
 --> prod/r.yaml:3:13
  |
3 |   replicas: 010
  |             ^^^
help: write the number without leading zeros, or quote it to keep it as text

error[yaml-alias]: the alias *x stands for text elsewhere
 --> prod/r.yaml:4:20
  |
4 |   strategy: {blue: *x}
  |                    ^^
help: write the value out; releases share values through spec.extends

error[yaml-duplicate-key]: the key 'replicas' is given twice
 --> prod/r.yaml:5:3
  |
5 |   replicas: 7   # again
  |   ^^^^^^^^
note: first given here
 --> prod/r.yaml:3:3
  |
3 |   replicas: 010
  |   --------
help: remove one of the two

3 errors
"""
    )


@pytest.mark.parametrize(
    ("source", "picture"),
    [
        (
            "日本: {語: 010}\n",
            """\
1 | 日本: {語: 010}
  |            ^^^
""",
        ),
        (
            "e\u0301a: [e\u0301, 010]\n",
            """\
1 | e\u0301a: [e\u0301, 010]
  |         ^^^
""",
        ),
        (
            "a: {b:\t010}\n",
            """\
1 | a: {b:  010}
  |         ^^^
""",
        ),
        (
            "a: \x1b[31mred\u202e\n",
            """\
1 | a: <U+001B>[31mred<U+202E>
  |    ^^^^^^^^
""",
        ),
        (
            'a:\n  - "x\\u0000y" # c\n',
            """\
2 |   - "x\\u0000y" # c
  |     ^^^^^^^^^^
""",
        ),
        (
            "a: 'never closed\n",
            """\
1 | a: 'never closed
  |    ^^^^^^
""",
        ),
    ],
)
def test_the_caret_stands_below_the_place(source: str, picture: str) -> None:
    assert f"\n{picture}" in seen(source)


def test_a_long_line_is_shown_around_its_place() -> None:
    answer = seen(f"a: {{x: {'l' * 500}, y: 010, z: {'r' * 5000}}}\n")
    line, caret = answer.splitlines()[3:5]
    assert line.startswith("1 | …lll")
    assert line.endswith("rrr…")
    assert len(line) <= 120
    assert line[caret.index("^") : caret.rindex("^") + 1] == "010"


def test_a_million_characters_on_one_line_are_no_burden() -> None:
    assert len(seen(f"a: [{'x, ' * 10_000}010]\n")) < 1000


def test_a_place_beyond_the_end_or_in_an_unknown_file_is_named_only() -> None:
    finding = Diagnostic("c", "m", Loc("f", 9, 1), "h", "warning", (Related(Loc("g", 1, 1), "n"),))
    assert diagnostics_text([finding], {"f": "a: 1\n"}, color=False) == (
        "warning[c]: m\n --> f:9:1\nnote: n\n --> g:1:1\nhelp: h\n\n1 warning\n"
    )


def test_a_column_past_the_line_points_behind_it() -> None:
    finding = Diagnostic("c", "m", Loc("f", 1, 99), "")
    assert diagnostics_text([finding], {"f": "ab\n"}, color=False).splitlines()[3:5] == ["1 | ab", "  |   ^"]


def test_findings_are_sorted_and_each_is_shown_once() -> None:
    def at(file: str, line: int) -> Diagnostic:
        return Diagnostic("c", "m", Loc(file, line, 1), "")

    nowhere = Diagnostic("c", "m", None, "")
    answer = diagnostics_text([nowhere, at("b", 2), at("a", 10), at("a", 9), at("b", 2)], {}, color=False)
    assert [line for line in answer.splitlines() if "-->" in line] == [" --> a:9:1", "  --> a:10:1", " --> b:2:1"]
    assert answer.endswith("4 errors\n")


def test_no_findings_print_nothing() -> None:
    assert diagnostics_text([], {}, color=True) == ""
    assert summary([]) == "no findings"


def test_a_summary_counts_both_kinds() -> None:
    one = Diagnostic("c", "m", None, "")
    other = Diagnostic("c", "m", None, "", "warning")
    assert summary([one, other, other]) == "1 error, 2 warnings"


def test_only_our_own_escapes_reach_a_terminal() -> None:
    evil = "\x1b]0;owned\x07\x9b31m\u202e\ud800\n::error::"
    finding = Diagnostic(evil, evil, Loc(evil, 1, 1), evil, "error", (Related(Loc(evil, 1, 1), evil),))
    plain = diagnostics_text([finding], {evil: f"{evil}\n"}, color=False)
    assert all(character.isprintable() or character == "\n" for character in plain)
    colored = diagnostics_text([finding], {evil: f"{evil}\n"}, color=True)
    for escape in ("\x1b[1;31m", "\x1b[34m", "\x1b[1m", "\x1b[0m"):
        colored = colored.replace(escape, "")
    assert colored == plain


def test_lines_are_counted_as_the_parser_counts_them() -> None:
    finding = Diagnostic("c", "m", Loc("f", 4, 1), "")
    assert "\n4 | here\n" in diagnostics_text([finding], {"f": "a\rb\r\nc\x85here\n"}, color=False)
