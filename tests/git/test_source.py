"""Facts about the repository of the specs, whatever state it is in."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.diagnostics.model import Rejected
from compiler.git.commit import author_of
from compiler.git.git import GitError
from compiler.git.source_repository import Source, SourceCommit, source_relation, source_repository
from tests.git.helpers import git


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    folder = tmp_path / "specs"
    git(tmp_path, "init", "-q", str(folder))
    (folder / "environments").mkdir()
    (folder / "environments/prod.yaml").write_text("a: 1\n")
    return folder


def facts(folder: Path) -> Source:
    repository = source_repository(folder)
    assert repository is not None
    return repository


def commit(folder: Path) -> SourceCommit:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    head = facts(folder).head
    assert head is not None
    return head


def test_a_folder_without_a_repository_has_none(tmp_path: Path) -> None:
    assert source_repository(tmp_path) is None
    assert source_repository(tmp_path / "nowhere") is None
    bare = tmp_path / "bare.git"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    assert source_repository(bare) is None


def test_before_the_first_commit_there_is_no_head(specs: Path) -> None:
    result = facts(specs / "environments")
    assert (result.top, result.head, result.branch, result.origin) == (specs, None, "main", None)
    assert result.dirty


def test_dirty_speaks_of_the_folder_only(specs: Path) -> None:
    head = commit(specs)
    assert head.commit == git(specs, "rev-parse", "HEAD")
    assert not facts(specs).dirty
    (specs / "README").write_text("new")
    assert facts(specs).dirty
    assert not facts(specs / "environments").dirty
    (specs / "environments/prod.yaml").write_text("a: 2\n")
    assert facts(specs / "environments").dirty


def test_a_detached_head_has_no_branch(specs: Path) -> None:
    commit(specs)
    git(specs, "checkout", "-q", "--detach")
    assert facts(specs).branch is None


def test_the_origin_is_shown_without_credentials(specs: Path) -> None:
    git(specs, "remote", "add", "origin", "https://robot:t0ken@git.example.com/x.git")
    result = facts(specs)
    assert result.origin_shown == "https://git.example.com/x.git"
    assert "t0ken" not in repr(result)


def test_relations_of_commits(specs: Path) -> None:
    first, second = commit(specs), commit(specs)
    assert source_relation(specs, second, second.commit, None) == "same"
    assert source_relation(specs, second, first.commit, None) == "newer"
    assert source_relation(specs, first, second.commit, None) == "older"
    git(specs, "checkout", "-q", "-b", "side", first.commit)
    (specs / "side").write_text("x")
    assert source_relation(specs, commit(specs), second.commit, None) == "apart"
    assert source_relation(specs, second, "1" * 40, second.time - 1) == "apart"
    assert source_relation(specs, second, "1" * 40, second.time + 1) == "apart"


def test_a_shallow_clone_knows_that_it_is_one(specs: Path, tmp_path: Path) -> None:
    commit(specs)
    first, second = commit(specs), commit(specs)
    git(tmp_path, "clone", "-q", "--depth=1", specs.as_uri(), "shallow")
    shallow = tmp_path / "shallow"
    assert facts(shallow).shallow
    assert source_relation(shallow, second, first.commit, None) == "unknown"
    assert source_relation(shallow, second, "1" * 40, second.time + 1) == "older"


def test_a_commit_from_the_future_blocks_nobody(specs: Path, tmp_path: Path) -> None:
    commit(specs)
    second = commit(specs)
    git(tmp_path, "clone", "-q", "--depth=1", specs.as_uri(), "shallow")
    assert source_relation(tmp_path / "shallow", second, "1" * 40, second.time + 10 * 365 * 86_400) == "unknown"


@pytest.mark.parametrize(
    ("path", "content"),
    [(".git/HEAD", "\0\0"), (".git/HEAD", ""), (".git/refs/heads/main", "garbage"), (".git/config", "[core\n= x")],
)
def test_a_damaged_repository_gives_a_refusal_or_nothing(specs: Path, path: str, content: str) -> None:
    commit(specs)
    (specs / path).write_text(content)
    try:
        source_repository(specs)
    except Rejected as refused:
        assert refused.diagnostics[0].code == "source-unreadable"


def test_a_repository_with_sha256_has_a_head(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    git(tmp_path, "init", "-q", "--object-format=sha256", str(specs))
    first, second = commit(specs), commit(specs)
    assert len(second.commit) == 64
    assert not facts(specs).dirty
    assert source_relation(specs, first, second.commit, None) == "older"


def test_without_git_on_the_machine_that_is_reported(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(specs))
    with pytest.raises(Rejected) as refused:
        source_repository(specs)
    assert refused.value.diagnostics[0].code == "git-missing"


def test_the_origin_is_the_address_that_git_fetches_from(specs: Path) -> None:
    for address in ("/srv/first.git", "/srv/second.git"):
        git(specs, "config", "--add", "remote.origin.url", address)
    assert facts(specs).origin == git(specs, "remote", "get-url", "origin") == "/srv/first.git"


def test_a_filter_driver_of_the_specs_repository_is_not_run(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    git(tmp_path, "init", "-q", str(specs))
    (specs / "a.yaml").write_text("a: 1\n")
    git(specs, "add", "-A")
    git(specs, "commit", "-q", "-m", "first")
    (specs / ".git/info/attributes").write_text("*.yaml filter=evil\n")
    for key in ("clean", "smudge", "process"):
        git(specs, "config", f"filter.evil.{key}", f"touch {tmp_path}/ran; cat")
    git(specs, "config", "filter.evil.required", "true")
    (specs / "a.yaml").write_text("a: 2\n")
    repository = source_repository(specs)
    assert repository is not None
    assert repository.dirty
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(("value", "signed"), [(None, True), ("yes", True), ("0", False), ("off", False)])
def test_whether_commits_are_signed_is_read_as_git_reads_it(tmp_path: Path, value: str | None, signed: bool) -> None:
    git(tmp_path, "init", "-q")
    line = "gpgSign" if value is None else f"gpgSign = {value}"
    with (tmp_path / ".git/config").open("a") as file:
        file.write(f"[commit]\n\t{line}\n")
    assert author_of(tmp_path).signs is signed


def test_a_setting_that_is_not_a_boolean_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "commit.gpgSign", "maybe")
    with pytest.raises(GitError, match=r"commit\.gpgsign has the value 'maybe', which is not a boolean"):
        author_of(tmp_path)
