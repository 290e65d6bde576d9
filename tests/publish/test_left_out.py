"""What the tree lacks is said: Argo CD's objects, where Argo CD could not read the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publish.conftest import Workspace

SAID = "Argo CD's projects and Applications are left out"


@pytest.mark.parametrize("command", ["build", "plan", "publish"])
def test_objects_of_argo_cd_that_are_left_out_are_reported(workspace: Workspace, tmp_path: Path, command: str) -> None:
    words = ("build", "--out", str(tmp_path / "out")) if command == "build" else (command,)
    for origin in (True, False):
        if not origin:
            workspace.git("-C", str(workspace.specs), "remote", "remove", "origin")
        answer = workspace.run(*words)
        text = " ".join((answer.out + answer.err).split())
        assert (answer.status, SAID in text) == (0, not origin)
        assert ("gitops.repository" in text) == (not origin)
