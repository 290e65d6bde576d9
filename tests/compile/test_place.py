"""Where an environment is published, as its spec says it: refused at its line, and no secret of it is shown."""

from __future__ import annotations

import pytest

from compiler.diagnostics.render.text import text
from tests.compile.specs import environment, findings, release

ROLLING = 'rolling: {version: "1"}'


@pytest.mark.parametrize(
    ("gitops", "code", "column"),
    [
        ("{repository: 'ext::sh -c id'}", "repository-url", 24),
        ("{repository: https://user:t0ken@git.example.com/x}", "repository-password", 24),
        ("{branch: -x, path: prod}", "branch-name", 20),
    ],
)
def test_a_place_that_git_must_not_see_is_refused_at_its_line(gitops: str, code: str, column: int) -> None:
    (found,) = findings(environment(more=f"  gitops: {gitops}\n"), release(ROLLING))
    assert found.code == code
    assert found.loc is not None
    assert (found.loc.line, found.loc.column) == (8, column)


def test_a_token_in_an_address_is_not_shown_with_its_line_either() -> None:
    spec = environment(more="  gitops: {repository: https://user:t0ken@git.example.com/x}\n")
    shown = text(findings(spec, release(ROLLING)), {"environments/prod/environment.yaml": spec}, color=False)
    assert "t0ken" not in shown
    assert "https://**********@git.example.com/x}" in shown


@pytest.mark.parametrize(
    ("argocd", "words"),
    [
        ("{destination: {}}", "one of them"),
        ('{destination: {server: "https://k8s.example.com", name: prod}}', "one of them"),
        ('{destination: {name: ""}}', "is too short"),
        ("{destination: {server: k8s.example.com}}", "is not the address of a cluster"),
        ("{path: apps}", "unknown key `path`"),
    ],
)
def test_what_argo_cd_could_not_use_is_refused(argocd: str, words: str) -> None:
    (found,) = findings(environment(more=f"  argocd: {argocd}\n"), release(ROLLING))
    assert words in found.message
    assert found.loc is not None
    assert found.loc.line == 8


@pytest.mark.parametrize("destination", ["{name: prod}", '{server: "https://k8s.example.com:6443"}'])
def test_a_cluster_has_an_address_or_a_name(destination: str) -> None:
    assert findings(environment(more=f"  argocd: {{destination: {destination}}}\n"), release(ROLLING)) == ()
