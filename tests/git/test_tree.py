"""Reading trees of any repository, and the door to git."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from compiler.diagnostics.model import Rejected
from compiler.explanations.catalog import explanations
from compiler.explanations.git import CODES
from compiler.git import tree as module
from compiler.git.git import Git, GitError
from compiler.git.refusals import git_errors_rejected
from compiler.git.tree import read_tree
from compiler.model.address import path_fault
from compiler.tree.paths import case_clashes, printable_path
from tests.git.helpers import git


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    git(tmp_path, "init", "-q", str(folder))
    (folder / "a/b").mkdir(parents=True)
    (folder / "a/b/x.yaml").write_bytes(b"x: 1\n")
    (folder / "a/y.yaml").write_bytes(b"\xff\x00 any bytes\n\n")
    (folder / "a/link.yaml").symlink_to("/etc/passwd")
    (folder / "a" / "näme\n\t.yaml").write_bytes(b"")
    (folder / "a" / os.fsdecode(b"\xff.yaml")).write_bytes(b"same")
    (folder / "z.yaml").write_bytes(b"same")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")
    return folder


def test_files_below_a_path_are_read_as_they_are(work: Path) -> None:
    assert read_tree(work, "main", "a") == {
        "b/x.yaml": b"x: 1\n",
        "y.yaml": b"\xff\x00 any bytes\n\n",
        "näme\n\t.yaml": b"",
        os.fsdecode(b"\xff.yaml"): b"same",
    }
    assert read_tree(str(work / "a"), "HEAD", "")["a/b/x.yaml"] == b"x: 1\n"
    assert read_tree(work, "main", "a/b/x.yaml") == {"x.yaml": b"x: 1\n"}
    assert read_tree(work, "main", "a/link.yaml") == {}


@pytest.mark.parametrize(
    ("rev", "path", "code"),
    [
        ("main", "b", "path-missing"),
        ("main", "a/../a", "path-missing"),
        ("main", "a/b/x.yaml/c", "path-missing"),
        ("other", "", "revision-unknown"),
        ("--upload-pack=x", "", "revision-unknown"),
        ("main^{tree}", "", "revision-unknown"),
    ],
)
def test_what_is_not_there_is_reported(work: Path, rev: str, path: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_tree(work, rev, path)
    assert refused.value.diagnostics[0].code == code


def test_too_much_is_refused(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("MAX_FILES", "MAX_BYTES"):
        with monkeypatch.context() as patched:
            patched.setattr(module, limit, 3)
            with pytest.raises(Rejected) as refused:
                read_tree(work, "main", "")
        assert refused.value.diagnostics[0].code == "tree-too-large"


def test_a_folder_without_a_repository_is_reported(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(Rejected) as refused:
            read_tree(place, "main", "")
        assert refused.value.diagnostics[0].code == "repository-missing"


def test_neither_hooks_nor_the_callers_git_variables_reach_git(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_TRACE", "1")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere")
    monkeypatch.setenv("GIT_SSH_COMMAND", "ssh -x")
    assert Git(work).text("rev-parse", "--is-inside-work-tree") == "true"
    assert Git(work).text("config", "core.hooksPath") == "/dev/null"


def test_no_helper_program_and_no_odd_transport_is_ever_started(tmp_path: Path) -> None:
    for url in ("ext::touch owned", "git://127.0.0.1:1/x", "http://127.0.0.1:1/x"):
        with pytest.raises(GitError, match="not allowed"):
            Git(tmp_path).run("ls-remote", url)
    assert not (tmp_path / "owned").exists()


def test_git_that_takes_too_long_is_ended(work: Path) -> None:
    with pytest.raises(GitError, match="timed out"):
        Git(work).run("-c", "alias.wait=!sleep 20", "wait", seconds=0.2)


def test_a_machine_without_git_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Rejected) as refused, git_errors_rejected("here"):
        Git(tmp_path).run("version")
    assert refused.value.diagnostics[0].code == "git-missing"


def test_messages_show_no_credentials_and_no_control_characters(tmp_path: Path) -> None:
    secretive = Git(tmp_path, ("t0ken",))
    with pytest.raises(GitError) as failure:
        secretive.run("ls-remote", "https://robot:t0ken@127.0.0.1:1/\x1b[31mt0ken")
    assert "t0ken" not in failure.value.stderr
    assert "robot" not in failure.value.stderr
    assert "\x1b" not in failure.value.stderr


def test_an_address_in_a_message_of_git_loses_its_credentials(work: Path) -> None:
    with pytest.raises(GitError) as failure:
        Git(work).run("switch", "https://robot:pa55@git.example.com/x")
    assert "https://git.example.com/x" in failure.value.stderr
    assert "pa55" not in str(failure.value)


def test_paths_are_judged() -> None:
    assert path_fault("prod/web/service-web.yaml") is None
    assert path_fault("_environment/.shipway") is None
    for path in ("", "a//b", "./a", "a/..", "a/.git/b", "a/.GitModules", "-a", "a b", "a\\b", "a" * 300):
        assert path_fault(path), path
    assert printable_path("a\x1b\udcff") == "a\\x1b\\udcff"
    assert case_clashes(["web/a"], ["Web/b", "api/x"]) == [("web", "Web")]
    assert case_clashes(["web/a", "web/A"], []) == [("web/a", "web/A")]


def source_files() -> list[Path]:
    folder = Path(module.__file__).parent.parent
    checks = [folder / "model" / "address.py", folder / "rules" / "place.py"]
    return checks + [path for part in ("git", "tree", "publish") for path in (folder / part).glob("*.py")]


def test_every_code_of_this_stage_is_explained() -> None:
    sources = "".join(path.read_text() for path in source_files())
    unused = [code for code in CODES if f'"{code}"' not in sources]
    assert unused == []
    assert all(e.title and e.meaning and e.fix and e.source for e in CODES.values())


def test_no_refusal_has_a_code_without_an_explanation() -> None:
    pattern = re.compile(r'(?:refuse|_finding|_problem|Problem)\(\s*(?:"(?:repository|branch|path)", )?"([a-z-]+)"')
    for file in source_files():
        if file.name == "spec_repository.py":
            continue  # commits specs for the course verbs, whose codes stand with them
        assert set(pattern.findall(file.read_text())) <= explanations().keys(), file
