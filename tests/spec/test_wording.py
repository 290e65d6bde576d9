"""What each mistake is called, where it is shown, and what the help line says: the sentences that people read."""

from __future__ import annotations

import pytest

from compiler.diagnostics import Diagnostic
from tests.pipeline.specs import environment, findings, release

ROLLING = 'rolling: {version: "1"}'


def of_container(container: str) -> Diagnostic:
    (finding,) = findings(environment(), release(ROLLING, container=f"preset: http, {container}"))
    return finding


def of_strategy(strategy: str) -> Diagnostic:
    (finding,) = findings(environment(), release(strategy))
    return finding


def of_release(more: str) -> Diagnostic:
    (finding,) = findings(environment(), release(ROLLING, more=more))
    return finding


@pytest.mark.parametrize(
    ("container", "message", "fix"),
    [
        ('port: "80"', "`port` must be a whole number, not a string", "write the number without quotes"),
        ("port: web", "`port` must be a whole number, not a string", "write a whole number"),
        ("port: 80.0", "`port` must be a whole number, not a number with a decimal point", "write a whole number"),
        ("port: 70000", "`port`: must be at most 65535, not `70000`", ""),
        ("port: 0", "`port`: must be at least 1, not `0`", ""),
        ("args: [true]", "`args[0]` must be a string, not true or false", "put the value into quotes as it is"),
        ("env: ~", "`env` must be a map, not nothing", "write a map, or remove the key"),
        ("imagePullPolicy: always", "must be one of 'Always', 'IfNotPresent' or 'Never'", "did you mean `Always`?"),
        ("probes: {liveness: false}", "`liveness`: must be 'off'", "write off"),
        ("resources: {limits: {memory: 2Gib}}", "`memory`: `2Gib` is not a quantity", "500m, 2, 4Gi"),
    ],
)
def test_values(container: str, message: str, fix: str) -> None:
    problems = of_container(container)
    assert message in problems.message
    assert fix in problems.help
    assert "^" not in problems.message + problems.help


@pytest.mark.parametrize(
    ("more", "message", "fix"),
    [
        ("expose: {host: WEB.example.com}", "`host`: `WEB.example.com` is not a host name", "lower-case labels"),
        ('expose: {path: "/v1 x"}', "`path`: `/v1 x` is not a path of a URL", "no blanks"),
        ("expose: {bodySize: 10MB}", "`bodySize`: `10MB` is not a size", "Gi"),
        (f"expose: {{host: {'X' * 100}}}", f"`host`: `{'X' * 60}…` is not a host name", "lower-case labels"),
    ],
)
def test_patterns_are_described_in_words(more: str, message: str, fix: str) -> None:
    problems = of_release(more)
    assert (problems.message, fix in problems.help) == (message, True)


@pytest.mark.parametrize(
    ("strategy", "message", "fix"),
    [
        ('canary: {stable: {version: "1"}, by: weigth}', "'header'", "did you mean `weight`?"),
        ('rolling: {version: "v 1"}', "`version`: `v 1` is not an image's tag", "letters, digits"),
        ('rolling: {version: "1", change: Major}', "must be one of 'minor' or 'major'", "did you mean `major`?"),
        ('blueGreen: {active: blue, blue: {version: "1"}, pause: 1x}', "`1x` is not a span of time", "1h30m"),
        ('blueGreen: {active: blue, blue: {version: "1"}, pause: ""}', "`pause`: an empty text is too short", ""),
        ('versioned: {v1: {version: "1", sunset: 01.02.2027}}', "`01.02.2027` is not a date", "YYYY-MM-DD"),
        ('versioned: {v1: {version: "1", hedaer: {name: a, value: b}}}', "unknown key `hedaer`", "mean `header`?"),
    ],
)
def test_strategies(strategy: str, message: str, fix: str) -> None:
    problems = of_strategy(strategy)
    assert message in problems.message
    assert fix in problems.help


def test_a_number_that_lost_its_quotes_is_reported_to_need_them() -> None:
    (finding,) = findings(environment().replace('"1.34"', "1.34"), release(ROLLING))
    assert finding.help == 'quote it: "1.34"'


def test_a_list_that_is_too_short() -> None:
    group = (
        "kind: Group\napiVersion: shipway.dev/v1\nmetadata: {name: g}\nspec: {entry: a, members: [a], active: blue}\n"
    )
    (finding,) = findings(environment(), group)
    assert finding.message == "`members`: must have at least 2 entries, not 1"


def test_a_list_with_a_wrong_entry_is_not_called_too_short() -> None:
    checks = "canary: {stable: {version: '1'}, analysis: {checks: [{preset: errorRate, max: 1}]}}"
    assert [each.message for each in findings(environment(), release(checks))] == ["`checks[0]` lacks `name`"]
    none = "canary: {stable: {version: '1'}, analysis: {checks: []}}"
    (finding,) = findings(environment(), release(none))
    assert finding.message == "`checks`: must have at least 1 entry, not 0"


@pytest.mark.parametrize(
    ("container", "key"),
    [("env: {1A: b}", "1A"), ('env: {B: c, "A B": c}', "A B"), ("config: {values: {1B: c}}", "1B")],
)
def test_a_wrong_key_is_shown_at_the_key(container: str, key: str) -> None:
    text = release(ROLLING, container=f"preset: http, {container}")
    (finding,) = findings(environment(), text)
    assert finding.message == f"the key `{key}` is not the name of a variable"
    assert finding.loc is not None
    assert text.splitlines()[finding.loc.line - 1][finding.loc.column - 1 :].lstrip('"').startswith(key)


@pytest.mark.parametrize("name", ["V1", "v01", "v99999", '"v2\\n"'])
def test_a_wrong_track_is_shown_at_its_name(name: str) -> None:
    problems = of_strategy(f'versioned: {{{name}: {{version: "1"}}}}')
    assert problems.message.endswith("is not the name of a track")
    assert problems.loc is not None
    assert (problems.loc.line, problems.loc.column) == (7, 26)
