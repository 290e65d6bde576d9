"""Values that are right each by itself and contradict each other: one would silently win."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.diagnostics import Diagnostic, Loc, Rejected
from compiler.source.workspace import read_sources
from tests.pipeline.specs import environment, findings, release

ROLLING = 'rolling: {version: "1"}'
BLUE = 'blueGreen: {active: blue, blue: {version: "1"}}'


def one(text: str, provider: str = "gatewayApi") -> Diagnostic:
    (finding,) = findings(environment(provider), text)
    return finding


def at(finding: Diagnostic, text: str) -> str:
    assert finding.loc is not None
    return text.splitlines()[finding.loc.line - 1][finding.loc.column - 1 :]


@pytest.mark.parametrize("provider", ["gatewayApi", "ingressNginx"])
@pytest.mark.parametrize(
    ("strategy", "more", "place"),
    [
        (ROLLING, "expose: {host: a.example, hosts: [b.example, a.example]}", "[b.example"),
        (ROLLING, "expose: {hosts: [b.example, b.example]}", "[b.example"),
        (
            'blueGreen: {active: blue, blue: {version: "1"}, preview: {host: a.example}}',
            "expose: {host: a.example}",
            "{ho",
        ),
    ],
)
def test_a_release_does_not_answer_the_same_requests_twice(strategy: str, more: str, place: str, provider: str) -> None:
    text = release(strategy, more=more)
    finding = one(text, provider)
    assert (finding.code, "twice" in finding.message) == ("routes-tie", True)
    assert at(finding, text).startswith(place)


def test_a_prefix_ends_with_a_slash_or_without_to_the_same_effect() -> None:
    first = release(ROLLING, name="one", more="expose: {host: a.example, path: /a}")
    second = release(ROLLING, name="two", more="expose: {host: a.example, path: /a/}")
    (finding,) = findings(environment(), first, second)
    assert finding.code == "routes-tie"
    exact = "expose: {host: a.example, path: /a, pathType: Exact}"
    assert not findings(environment(), first.replace("expose: {host: a.example, path: /a}", exact), second)


def test_a_node_port_without_its_type_would_open_nothing() -> None:
    text = release(BLUE, more="expose: {service: {nodePort: 30443}}")
    finding = one(text)
    assert finding.code == "node-port-closed"
    assert at(finding, text).startswith("nodePort")


def test_no_way_to_a_certificate_is_offered_the_ways() -> None:
    finding = one(release(ROLLING, more="expose: {host: a.example, tls: {}}"))
    assert finding.help == "add one of: certificate, externalSecret, inline, sealedSecret, secretName, secrets"


def test_one_name_for_two_files(tmp_path: Path) -> None:
    base = "kind: Release\nspec: {container: {config: {files: {a: {path: app.conf}}}}}\n"
    upper = release(
        'rolling: {version: "1", config: {files: {b: {path: app.conf}}}}', more="extends: ../bases/api.yaml"
    )
    texts = {"prod/environment.yaml": environment(), "prod/api.yaml": upper, "bases/api.yaml": base}
    for file, text in {**texts, "prod/app.conf": "mine", "bases/app.conf": "theirs"}.items():
        path = tmp_path / "environments" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with pytest.raises(Rejected) as caught:
        read_sources(tmp_path, "prod")
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.loc) == ("file-name-twice", Loc("environments/prod/api.yaml", 7, 65))
    assert [each.loc.file for each in finding.related] == ["environments/bases/api.yaml"]
    (tmp_path / "environments/prod/app.conf").write_text("theirs")
    assert read_sources(tmp_path, "prod").data["environments/prod/api.yaml"] == {"app.conf": "theirs"}


def test_two_specs_of_one_name_are_shown_both() -> None:
    (finding,) = findings(environment(), release(ROLLING), release(ROLLING))
    assert (finding.code, finding.loc) == ("duplicate-name", Loc("environments/prod/r1.yaml", 3, 18))
    assert [each.loc for each in finding.related] == [Loc("environments/prod/r0.yaml", 3, 18)]
