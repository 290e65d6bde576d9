"""Where an environment is published, as its spec says it: refused at its line, and no secret of it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.diagnostics.render.text import diagnostics_text
from compiler.pipeline import build_environment, render_environment
from compiler.source.workspace import read_sources
from compiler.tree.render import PublishDestination
from tests.pipeline.specs import environment, findings, release

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
    (finding,) = findings(environment(more=f"  gitops: {gitops}\n"), release(ROLLING))
    assert finding.code == code
    assert finding.loc is not None
    assert (finding.loc.line, finding.loc.column) == (8, column)


def test_a_token_in_an_address_is_not_shown_with_its_line_either() -> None:
    spec = environment(more="  gitops: {repository: https://user:t0ken@git.example.com/x}\n")
    shown = diagnostics_text(
        findings(spec, release(ROLLING)), {"environments/prod/environment.yaml": spec}, color=False
    )
    assert "t0ken" not in shown
    assert "https://**********@git.example.com/x}" in shown


@pytest.mark.parametrize(
    ("argocd", "words"),
    [
        ("{destination: {}}", "either a `server` or a `name`"),
        ('{destination: {server: "https://k8s.example.com", name: prod}}', "either a `server` or a `name`"),
        ('{destination: {name: ""}}', "is too short"),
        ("{destination: {server: k8s.example.com}}", "is not the address of a cluster"),
        ("{path: argocd/prod}", "is not the name of a folder"),
        ("{path: ../up}", "is not the name of a folder"),
        ("{path: _environment}", "is reserved for the environment"),
        ("{path: api}", "is reserved for a release"),
    ],
)
def test_what_argo_cd_could_not_use_is_refused(argocd: str, words: str) -> None:
    (finding,) = findings(environment(more=f"  argocd: {argocd}\n"), release(ROLLING))
    assert words in finding.message
    assert finding.loc is not None
    assert finding.loc.line == 8


@pytest.mark.parametrize("destination", ["{name: prod}", '{server: "https://k8s.example.com:6443"}'])
def test_a_cluster_has_an_address_or_a_name(destination: str) -> None:
    assert findings(environment(more=f"  argocd: {{destination: {destination}}}\n"), release(ROLLING)) == ()


def test_argo_cds_objects_stand_in_the_folder_that_the_spec_names(tmp_path: Path) -> None:
    folder = tmp_path / "environments" / "prod"
    folder.mkdir(parents=True)
    (folder / "environment.yaml").write_text(environment(more="  argocd: {path: apps}\n"))
    (folder / "api.yaml").write_text(release(ROLLING))
    place = PublishDestination("https://git.example.com/acme/deploy.git", "main", "prod")
    built = build_environment(render_environment(read_sources(tmp_path, "prod")), place)
    assert {path.partition("/")[0] for path in built.files} == {"README.md", "_environment", "api", "apps", ".shipway"}
    (root,) = [
        each for each in built.applications if each["metadata"]["name"] == "prod-root" and "source" in each["spec"]
    ]
    assert root["spec"]["source"]["path"] == "prod/apps"
