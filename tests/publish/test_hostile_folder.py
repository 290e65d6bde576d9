"""A folder of specs that a pull request dressed up as a repository, and an environment of somebody else's Git run."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.diagnostics.model import Rejected
from compiler.git.demo_repositories import commit_all, new_repositories
from compiler.git.source_repository import source_repository
from compiler.git.spec_repository import spec_texts_at
from tests.git.helpers import git


@pytest.fixture
def dressed_up(tmp_path: Path) -> Path:
    """A subfolder of a repository with what Git takes for a bare one: its `config` names a program to run."""
    top = tmp_path / "specs"
    git(tmp_path, "init", "-q", str(top))
    folder = top / "team"
    (folder / "refs").mkdir(parents=True)
    (folder / "objects").mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "config").write_text(
        "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tpartialClone = origin\n"
        f'[remote "origin"]\n\turl = file://{top}\n\tpromisor = true\n\tuploadpack = "touch {tmp_path}/owned; false"\n'
    )
    return folder


def test_no_program_of_a_repository_inside_the_specs_is_run(dressed_up: Path) -> None:
    with pytest.raises(Rejected):
        spec_texts_at(dressed_up, ["1" * 40], ["environments/prod/api.yaml"])
    assert not (dressed_up.parent.parent / "owned").exists()


def test_a_repository_inside_the_specs_is_not_taken_for_theirs(dressed_up: Path) -> None:
    assert source_repository(dressed_up) is None


def test_the_callers_git_variables_name_no_other_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    specs, other = tmp_path / "specs", tmp_path / "other"
    for folder in (specs, other):
        git(tmp_path, "init", "-q", str(folder))
        git(folder, "commit", "-q", "--allow-empty", "-m", folder.name)
    head = git(specs, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "nowhere"))
    repository = source_repository(specs)
    assert repository is not None
    assert (repository.top, repository.head and repository.head.commit, repository.dirty) == (specs, head, False)


def test_the_demo_in_a_hook_leaves_the_hooks_repository_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    git(tmp_path, "init", "-q", str(other))
    before = (other / ".git/config").read_text()
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    new_repositories(tmp_path / "specs", tmp_path / "gitops.git")
    made = commit_all(tmp_path / "specs", "specs")
    assert (other / ".git/config").read_text() == before
    monkeypatch.delenv("GIT_DIR")
    assert git(tmp_path / "specs", "log", "--format=%H %an %s") == f"{made} Shipway demo specs"
    assert git(tmp_path / "gitops.git", "rev-parse", "--is-bare-repository") == "true"
