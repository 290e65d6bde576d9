"""Mistakes in a spec where several forms are allowed: the nearest form's mistake is said, and no other."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import environment, findings, release

ROLLING = 'rolling: {version: "1"}'


@pytest.mark.parametrize(
    ("container", "message", "fix"),
    [
        ("env: {A: {secret: s}}", "`A` lacks `key`", "add `key:` here"),
        ("env: {A: {secert: s, key: k}}", "unknown key `secert`", "did you mean `secret`?"),
        ("env: {A: {field: 5}}", "`field` must be a string, not a number", 'quote it: "5"'),
        ("env: {A: {}}", "`A` lacks `field`", "add `field:` here"),
        ("config: {files: {a: {pth: x}}}", "unknown key `pth`", "did you mean `path`?"),
        ("probes: {liveness: {pth: /x}}", "unknown key `pth`", "did you mean `path`?"),
        ("args: [serve, 4]", "`args[1]` must be a string, not a number", 'quote it: "4"'),
        (
            "probes: {readiness: {path: /a, tcp: true}}",
            "`readiness`: a probe needs exactly one check, not path and tcp",
            "",
        ),
    ],
)
def test_one_mistake_is_one_finding(container: str, message: str, fix: str) -> None:
    problems = findings(environment(), release(ROLLING, container=container))
    assert [each.message for each in problems] == [message]
    assert fix in problems[0].help


def test_several_kinds_that_would_do_are_all_named() -> None:
    problems = findings(environment(), release(ROLLING, container="config: {files: {a: 5}}"))
    assert [each.message for each in problems] == ["`a` must be a string or a map, not a number"]


def test_a_version_that_yaml_reads_as_a_number_is_not_guessed_back() -> None:
    (finding,) = findings(environment(), release("rolling: {version: 1.10}"))
    assert finding.message == "`version` must be a string, not a number"
    assert "1.1" not in finding.help
