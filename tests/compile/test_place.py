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
