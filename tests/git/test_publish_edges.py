"""Corners of publishing: what stands beside ours, signatures, damaged objects, broken connections."""

from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from compiler.diagnostics.model import Rejected
from compiler.git.clone import Clone, open_clone
from compiler.git.commit import author_of, write_commit
from compiler.git.confirmed import write_confirmed
from compiler.git.git import Git, GitError
from compiler.git.history import last_publish, published_history
from compiler.git.tree import read_tree
from compiler.publish import publish as module
from compiler.publish.publish import NextState, PublishedCommit, publish
from compiler.tree.index import with_index
from compiler.tree.ownership import DesiredFiles, ExistingFiles, file_changes
from tests.git.helpers import AUTHOR, Forge, git, release


def test_links_submodules_and_programs_of_others_stay_as_they_are(forge: Forge) -> None:
    forge.publish(release("web"))
    work = forge.worktree()
    commit, blob = git(work, "rev-parse", "HEAD"), git(work, "rev-parse", "HEAD:prod/web/.shipway")
    for mode, oid in (("160000", commit), ("120000", blob), ("100755", blob)):
        for path in (f"top-{mode}", f"prod/below-{mode}", f"prod/other/deep-{mode}"):
            git(work, "update-index", "--add", "--cacheinfo", f"{mode},{oid},{path}")
    git(work, "commit", "-qm", "odd")
    git(work, "push", "-q")

    def others() -> list[str]:
        lines = git(forge.bare, "ls-tree", "-r", "main").splitlines()
        return [line for line in lines if "prod/web/" not in line]

    before = others()
    assert isinstance(forge.publish(release("web", replicas=9)), PublishedCommit)
    assert others() == before
    assert len(before) == 9


def test_an_index_further_down_in_a_folder_of_others_makes_it_no_folder_of_ours(forge: Forge) -> None:
    forge.publish(release("web"))
    forge.by_hand("prod/team/app/x.yaml", "theirs")
    forge.by_hand("prod/team/app/.shipway", "{}")
    assert isinstance(forge.publish(release("web", replicas=9)), PublishedCommit)
    assert {"prod/team/app/x.yaml", "prod/team/app/.shipway"} <= set(forge.paths())


def test_a_publish_at_the_top_leaves_the_rest_of_the_repository_alone(forge: Forge) -> None:
    top = replace(forge, target=replace(forge.target, path=""))
    files = {**release("web"), **with_index({"NOTES.md": b"x\n"}, "0.1.0", "sha256:0")}
    top.publish(files)
    forge.by_hand("src/main.py", "print()")
    forge.by_hand("README.md", "mine")
    assert isinstance(top.publish({**files, **release("web", replicas=9)}), PublishedCommit)
    assert {"src/main.py", "README.md", "NOTES.md"} <= set(forge.paths())
    assert isinstance(top.publish(release("web")), PublishedCommit)
    assert {"src/main.py", "README.md"} <= set(forge.paths())
    assert "NOTES.md" not in forge.paths()
    assert ".shipway" not in forge.paths()


def test_a_file_of_the_root_that_somebody_else_wrote_is_not_overwritten(forge: Forge) -> None:
    forge.publish(release("web"))
    forge.by_hand("prod/README.md", "mine")
    with pytest.raises(Rejected) as refused:
        forge.publish({**release("web"), **with_index({"README.md": b"ours"}, "0.1.0", "sha256:0")})
    assert [d.code for d in refused.value.diagnostics] == ["folder-not-owned"]


def test_an_index_that_is_a_link_is_refused(forge: Forge) -> None:
    forge.publish(release("web"))
    work = forge.worktree()
    (work / "prod/web/.shipway").unlink()
    (work / "prod/web/.shipway").symlink_to("deployment-web-0.yaml")
    git(work, "commit", "-qam", "link")
    git(work, "push", "-q")
    with pytest.raises(Rejected) as refused:
        forge.publish(release("web"))
    assert {d.code for d in refused.value.diagnostics} == {"index-broken"}


def test_a_release_that_left_the_specs_with_a_foreign_file_is_not_removed(forge: Forge) -> None:
    forge.publish({**release("web"), **release("api")})
    forge.by_hand("prod/api/mine.yaml", "mine")
    with pytest.raises(Rejected) as refused:
        forge.publish(release("web"))
    assert [d.code for d in refused.value.diagnostics] == ["file-foreign"]
    assert "prod/api/mine.yaml" in forge.paths()


def test_files_and_a_retired_release_removed_by_hand_are_no_conflict(forge: Forge) -> None:
    forge.publish({**release("web", objects=3), **release("api")})
    forge.by_hand("prod/api/deployment-api-0.yaml", None)
    forge.by_hand("prod/web/deployment-web-2.yaml", None)
    assert isinstance(forge.publish(release("web", objects=2)), PublishedCommit)
    assert read_tree(forge.bare, "main", "prod") == release("web", objects=2)


def test_a_commit_is_signed_where_git_is_configured_to(forge: Forge) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    key = forge.folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    specs = forge.folder / "specs"
    git(forge.folder, "init", "-q", str(specs))
    for name, value in (("commit.gpgSign", "true"), ("gpg.format", "ssh"), ("user.signingKey", str(key))):
        git(specs, "config", name, value)
    request = replace(forge.request(), author=author_of(specs))
    outcome = publish(forge.target, lambda base, clone: NextState(release("web"), "Publish"), request)
    assert isinstance(outcome, PublishedCommit)
    assert "gpgsig -----BEGIN SSH SIGNATURE" in git(forge.bare, "cat-file", "commit", outcome.commit)


def test_a_damaged_object_is_reported(forge: Forge) -> None:
    forge.publish(release("web"))
    git(forge.bare, "config", "core.bare", "true")
    work = forge.worktree()
    oid = git(work, "rev-parse", "HEAD:prod/web/.shipway")
    (work / ".git/objects" / oid[:2] / oid[2:]).unlink(missing_ok=True)
    for pack in (work / ".git/objects/pack").glob("*"):
        pack.chmod(0o600)
        pack.write_bytes(b"")
    with pytest.raises(Rejected) as refused:
        read_tree(work, "HEAD", "prod")
    assert refused.value.diagnostics[0].code in {"git-failed", "revision-unknown"}


def test_a_tree_that_is_not_the_planned_one_is_never_pushed(forge: Forge) -> None:
    forge.publish(release("web"))
    with open_clone(forge.target) as clone:
        base = clone.fetch_head()
        with pytest.raises(Rejected) as refused:
            write_commit(clone.git, base, {"prod/web/x.yaml": b""}, ["prod/web/not-there.yaml"], "x", AUTHOR)
    assert refused.value.diagnostics[0].code == "tree-not-as-planned"


def test_a_push_that_landed_though_the_connection_broke_counts(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Git.run

    def run(self: Git, verb: str, *arguments: str, **options: object) -> bytes:
        out = real(self, verb, *arguments, **options)  # type: ignore[arg-type]  # passed on as they are
        if verb == "push":
            raise GitError("push", 128, "fatal: the remote end hung up unexpectedly")
        return out

    monkeypatch.setattr(Git, "run", run)
    outcome = forge.publish(release("web"))
    assert isinstance(outcome, PublishedCommit)
    assert git(forge.bare, "rev-parse", "main") == outcome.commit


@pytest.mark.parametrize(
    ("failing", "code"),
    [({"push"}, "repository-unreachable"), ({"push", "ls-remote"}, "push-unanswered")],
)
def test_a_push_that_did_not_land_is_reported(
    forge: Forge, monkeypatch: pytest.MonkeyPatch, failing: set[str], code: str
) -> None:
    real = Git.run

    def run(self: Git, verb: str, *arguments: str, **options: object) -> bytes:
        if verb in failing and "--porcelain" in arguments + ("--porcelain",) * bool(broken):
            broken.append(verb)
            raise GitError(verb, 128, "fatal: the remote end hung up unexpectedly")
        return real(self, verb, *arguments, **options)  # type: ignore[arg-type]  # passed on as they are

    broken: list[str] = []
    monkeypatch.setattr(Git, "run", run)
    with pytest.raises(Rejected) as refused:
        forge.publish(release("web"))
    assert refused.value.diagnostics[0].code == code
    assert broken == sorted(failing, reverse=True)


def test_a_publish_that_cannot_be_read_back_says_so(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: Clone, *refs: str) -> dict[str, str]:
        raise GitError("ls-remote", 128, "fatal: unable to access")

    monkeypatch.setattr(Clone, "remote_refs", away)
    outcome = forge.publish(release("web"))
    assert isinstance(outcome, PublishedCommit)
    assert "could not be read afterwards" in outcome.notes[0]


def test_a_branch_that_vanishes_after_the_push_is_found_out(forge: Forge) -> None:
    hook = forge.bare / "hooks/post-receive"
    hook.write_text("#!/bin/sh\ngit update-ref -d refs/heads/main\n")
    hook.chmod(0o755)
    with pytest.raises(Rejected) as refused:
        forge.publish(release("web"))
    assert refused.value.diagnostics[0].code == "publish-not-found"


def test_an_environment_without_a_branch_has_no_history(forge: Forge) -> None:
    with open_clone(forge.target) as clone:
        assert published_history(clone).publishes == ()
        assert clone.at(clone.fetch_head()).folders == frozenset()


def test_the_last_publish_is_found_below_many_commits_of_others(forge: Forge) -> None:
    first = forge.publish(release("web"))
    assert isinstance(first, PublishedCommit)
    stream = "".join(
        f"commit refs/heads/main\ncommitter x <x@example.com> {n} +0000\ndata 1\nx\n"
        + ("from refs/heads/main^0\n" if n == 0 else "")
        for n in range(700)
    )
    git(forge.bare, "fast-import", "--quiet", stdin=stream)
    with open_clone(forge.target) as clone:
        head = clone.fetch_head()
        assert head is not None
        result = last_publish(clone, head)
        assert result is not None
        assert result.commit == first.commit
        assert last_publish(replace(clone, target=replace(clone.target, environment="dev")), head) is None


def test_two_who_confirm_at_once_are_reported(forge: Forge) -> None:
    first, second = forge.publish(release("web", 1)), forge.publish(release("web", 2))
    assert isinstance(first, PublishedCommit)
    assert isinstance(second, PublishedCommit)
    with open_clone(forge.target) as clone:
        real = Clone.remote_refs

        def stale(self: Clone, *refs: str) -> dict[str, str]:
            return {}

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Clone, "remote_refs", stale)
            git(forge.bare, "update-ref", "refs/shipway/confirmed/prod", first.commit)
            with pytest.raises(Rejected) as refused:
                write_confirmed(clone, second.commit)
        assert Clone.remote_refs is real
    assert refused.value.diagnostics[0].code == "publish-contended"


def test_a_commit_of_another_branch_cannot_be_confirmed(forge: Forge) -> None:
    forge.publish(release("web"))
    with open_clone(forge.target) as clone:
        clone.fetch_head()
        tree = clone.git.text("rev-parse", "refs/shipway/base^{tree}")
        stray = clone.git.run("commit-tree", tree, stdin=b"x", environment=AUTHOR.environment).decode().strip()
        with pytest.raises(Rejected) as refused:
            write_confirmed(clone, stray)
    assert refused.value.diagnostics[0].code == "confirmed-unknown"


def test_pauses_grow_and_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    assert list(module._attempts(9)) == list(range(1, 10))
    assert len(set(pauses)) == 8
    assert max(pauses) <= 8


def test_ownership_is_decided_without_any_input_or_output() -> None:
    held = ExistingFiles(release("web"), {"notes": "a file"})
    assert not file_changes(held, DesiredFiles(release("web")))
    result = file_changes(held, DesiredFiles(release("web", replicas=8)))
    assert result.folders == ("web",)
    assert file_changes(ExistingFiles({}, {}), DesiredFiles(release("web"))).written == release("web")


@pytest.mark.parametrize("size", [3000])
def test_thousands_of_files_are_one_commit(forge: Forge, size: int) -> None:
    files: dict[str, bytes] = {}
    for number in range(size // 10):
        files |= release(f"r{number}", objects=9)
    assert isinstance(forge.publish(files), PublishedCommit)
    assert read_tree(Path(forge.bare), "main", "prod") == files


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_is_reported(forge: Forge) -> None:
    for path in [forge.bare, *forge.bare.rglob("*")]:
        os.chown(path, 12345, 12345)
    with pytest.raises(Rejected) as refused:
        forge.publish(release("web"))
    assert refused.value.diagnostics[0].code == "repository-untrusted"


def test_six_who_publish_at_once_all_land(forge: Forge) -> None:
    names = [f"env{number}" for number in range(6)]
    places = [replace(forge.target, environment=name, path=name) for name in names]
    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(lambda place: replace(forge, target=place).publish(release("web")), places))
    assert all(isinstance(outcome, PublishedCommit) for outcome in outcomes)
    assert git(forge.bare, "rev-list", "--count", "main") == "6"
    assert len(forge.paths()) == 6 * len(release("web"))


def test_a_lock_that_a_killed_push_left_is_named(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    forge.publish(release("web"))
    lock = forge.bare / "refs/heads/main.lock"
    lock.touch()
    with pytest.raises(Rejected) as refused:
        publish(
            forge.target, lambda base, clone: NextState(release("web", 5), "x"), replace(forge.request(), attempts=1)
        )
    (finding,) = refused.value.diagnostics
    assert finding.code == "repository-locked"
    assert finding.message.endswith("/main.lock")
    lock.unlink()
    assert isinstance(forge.publish(release("web", 5)), PublishedCommit)


def test_a_repository_that_takes_no_objects_is_not_reported_as_one_that_declines(forge: Forge) -> None:
    forge.publish(release("web"))
    git(forge.bare, "config", "receive.maxInputSize", "10")
    with pytest.raises(Rejected) as refused:
        forge.publish(release("web", 5))
    (finding,) = refused.value.diagnostics
    assert finding.code == "repository-unwritable"
    assert "unpack" in finding.message
