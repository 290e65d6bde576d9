"""Findings as programs read them."""

from __future__ import annotations

import json as stdlib_json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from compiler.diagnostics import Diagnostic, Loc, Related
from compiler.diagnostics.render.github import github
from compiler.diagnostics.render.gitlab import gitlab
from compiler.diagnostics.render.json import diagnostics_json
from compiler.diagnostics.render.sarif import sarif
from compiler.explanations.explanation import Explanation

FOUND = Diagnostic(
    "yaml-duplicate-key",
    "the key 'a' is given twice",
    Loc("environments/prod/é r.yaml", 5, 3),
    "remove one",
    related=(Related(Loc("b.yaml", 1, 2), "first given here"),),
)
NOWHERE = Diagnostic("other", "100% wrong", None, "", "warning")


def test_json_says_all_there_is() -> None:
    assert stdlib_json.loads(diagnostics_json([NOWHERE, FOUND])) == {
        "format": 1,
        "diagnostics": [
            {
                "code": "yaml-duplicate-key",
                "severity": "error",
                "message": "the key 'a' is given twice",
                "file": "environments/prod/é r.yaml",
                "line": 5,
                "column": 3,
                "help": "remove one",
                "related": [{"message": "first given here", "file": "b.yaml", "line": 1, "column": 2}],
            },
            {
                "code": "other",
                "severity": "warning",
                "message": "100% wrong",
                "file": None,
                "line": None,
                "column": None,
                "help": "",
                "related": [],
            },
        ],
    }


def test_github_annotates_lines() -> None:
    assert github([NOWHERE, FOUND]) == (
        "::error file=environments/prod/é r.yaml,line=5,col=3,title=yaml-duplicate-key::the key 'a' is given twice"
        "%0Anote: first given here (b.yaml:1:2)%0Ahelp: remove one\n"
        "::warning title=other::100%25 wrong\n"
    )


def test_gitlabs_code_quality_has_what_the_format_demands() -> None:
    first, second = stdlib_json.loads(gitlab([NOWHERE, FOUND]))
    assert first.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
    assert first["description"] == "the key 'a' is given twice; remove one"
    assert (first["check_name"], first["severity"]) == ("yaml-duplicate-key", "blocker")
    assert first["location"] == {"path": "environments/prod/é r.yaml", "lines": {"begin": 5}}
    assert (second["severity"], second["location"]["lines"]) == ("minor", {"begin": 1})
    assert stdlib_json.loads(gitlab([])) == []


def test_a_finding_that_only_moved_keeps_its_fingerprint_and_two_that_say_the_same_have_their_own() -> None:
    moved = replace(FOUND, loc=Loc("environments/prod/é r.yaml", 50, 3))
    (one,), (other,) = (stdlib_json.loads(gitlab([each])) for each in (FOUND, moved))
    assert one["fingerprint"] == other["fingerprint"]
    both = stdlib_json.loads(gitlab([FOUND, moved]))
    assert len({each["fingerprint"] for each in both}) == 2
    assert one["fingerprint"] in {each["fingerprint"] for each in both}


@given(st.text(), st.text())
def test_nothing_in_a_finding_ends_a_github_command(file: str, message: str) -> None:
    command = github([Diagnostic("c", message, Loc(file, 1, 1), message)])
    assert command.count("\n") == 1
    assert all(character.isprintable() for character in command[:-1])
    head, _, _ = command.removeprefix("::error ").partition("::")
    assert [part.partition("=")[0] for part in head.split(",")] == ["file", "line", "col", "title"]


def test_a_github_property_holds_no_comma_or_colon_of_a_file() -> None:
    command = github([Diagnostic("c", "m", Loc("a,line=9::b%", 1, 2), "")])
    assert command == "::error file=a%2Cline=9%3A%3Ab%25,line=1,col=2,title=c::m\n"


def test_sarif_has_what_the_standard_demands() -> None:
    explanations = {"yaml-duplicate-key": Explanation("Title", "Meaning.", "Fix.", "YAML")}
    log = stdlib_json.loads(sarif([FOUND, NOWHERE], explanations, "0.1.0"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert rules == [
        {"id": "other"},
        {
            "id": "yaml-duplicate-key",
            "shortDescription": {"text": "Title"},
            "fullDescription": {"text": "Meaning."},
            "help": {"text": "Fix.\nSource: YAML"},
        },
    ]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
    first, second = run["results"]
    assert first["level"] == "error"
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "environments/prod/%C3%A9%20r.yaml"},
                "region": {"startLine": 5, "startColumn": 3},
            }
        }
    ]
    assert first["relatedLocations"][0]["message"]["text"] == "first given here"
    assert (second["level"], second["locations"]) == ("warning", [])


def test_lone_surrogates_break_no_format() -> None:
    finding = Diagnostic("c", "\ud800", Loc("\ud800", 1, 1), "\ud800")
    for rendered in (diagnostics_json([finding]), sarif([finding], {}, "0"), github([finding])):
        assert rendered.encode("utf-8")
