"""Publishing to a bare repository of this machine: what lands, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from git import Repo

from compiler.diagnostics.model import Rejected
from compiler.git.clone import open_clone
from compiler.git.commit import author_of
from compiler.git.source_repository import SourceCommit, source_repository
from compiler.git.target import checked_target
from compiler.git.tree import read_tree
from compiler.publish.publish import NextState, NothingToDo, PublishedCommit, PublishRequest, publish
from tests.git.helpers import AUTHOR, Forge, git, release


def codes(refused: pytest.ExceptionInfo[Rejected]) -> list[str]:
    return [diagnostic.code for diagnostic in refused.value.diagnostics]


def test_a_first_publish_begins_the_branch_and_holds_exactly_the_plan(forge: Forge) -> None:
    files = {**release("web"), **release("api")}
    outcome = forge.publish(files)
    assert isinstance(outcome, PublishedCommit)
    assert outcome.parent is None
    with Repo(forge.bare) as repo:
        commit = repo.commit("main")
        held = {b.path: b.data_stream.read() for b in commit.tree.traverse() if b.type == "blob"}  # type: ignore[union-attr]  # GitPython's union of all items
        assert commit.hexsha == outcome.commit
        assert held == {f"prod/{path}": data for path, data in files.items()}
        assert commit.author.name == "Ada"


def test_equal_trees_make_no_commit(forge: Forge) -> None:
    first = forge.publish(release("web"))
    again = forge.publish(release("web"))
    assert isinstance(first, PublishedCommit)
    assert again == NothingToDo(first.commit)


def test_only_what_differs_is_named_and_the_trailers_say_which_releases(forge: Forge) -> None:
    forge.publish({**release("web"), **release("api")})
    outcome = forge.publish({**release("web", replicas=5), **release("api")}, trailers=(("Shipway-Allow", "x: y"),))
    assert isinstance(outcome, PublishedCommit)
    assert outcome.written == (
        "prod/web/.shipway",
        "prod/web/deployment-web-0.yaml",
        "prod/web/deployment-web-1.yaml",
    )
    trailers = git(forge.bare, "log", "-1", "--format=%(trailers)", "main").splitlines()
    assert trailers == [
        "Shipway-Environment: prod",
        "Shipway-Compiler: 0.1.0",
        "Shipway-Releases: web",
        "Shipway-Allow: x: y",
    ]


def test_a_release_that_left_the_specs_is_removed_and_others_stay(forge: Forge) -> None:
    forge.publish({**release("web"), **release("api")})
    forge.by_hand("prod/notes/README", "ours")
    forge.by_hand("staging/web/x.yaml", "theirs")
    outcome = forge.publish(release("web"))
    assert isinstance(outcome, PublishedCommit)
    assert outcome.removed == ("prod/api/.shipway", "prod/api/deployment-api-0.yaml", "prod/api/deployment-api-1.yaml")
    assert {"prod/notes/README", "staging/web/x.yaml", "prod/web/.shipway"} <= set(forge.paths())


def test_a_kept_folder_stays_though_the_plan_has_none_of_it(forge: Forge) -> None:
    forge.publish({**release("web"), **release("api")})
    assert isinstance(forge.publish(release("web"), keep=frozenset({"api"})), NothingToDo)


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("prod/web/deployment-web-0.yaml", "replicas: 9\n", "file-edited"),
        ("prod/web/deployment-web-0.yaml", None, "file-removed"),
        ("prod/web/extra.yaml", "kind: Secret\n", "file-foreign"),
        ("prod/web/deep/er/extra.yaml", "kind: Secret\n", "file-foreign"),
        ("prod/.argocd-source.yaml", "kustomize: {}\n", "argocd-override"),
        ("prod/.argocd-source-web.yaml", "kustomize: {}\n", "argocd-override"),
        ("prod/web/.argocd-source-web.yaml", "kustomize: {}\n", "argocd-override"),
        ("prod/web/.shipway", "{", "index-broken"),
        ("prod/WEB/readme", "", "name-case-clash"),
        ("prod/api", "a file", "path-blocked"),
        ("prod/api/some.yaml", "kind: Service\n", "folder-not-owned"),
    ],
)
def test_what_somebody_else_did_is_refused_and_named(forge: Forge, path: str, content: str | None, code: str) -> None:
    forge.publish(release("web"))
    forge.by_hand(path, content)
    head = git(forge.bare, "rev-parse", "main")
    with pytest.raises(Rejected) as refused:
        forge.publish({**release("web", replicas=7), **release("api")})
    assert codes(refused) == [code]
    named = " ".join([refused.value.diagnostics[0].message, str(refused.value.diagnostics[0].loc)])
    assert path.removeprefix("prod/").split("/")[0] in named
    assert git(forge.bare, "rev-parse", "main") == head


def test_an_edit_by_hand_that_is_what_comes_next_is_no_conflict(forge: Forge) -> None:
    forge.publish(release("web"))
    coming = release("web", replicas=9)
    forge.by_hand("prod/web/deployment-web-0.yaml", coming["web/deployment-web-0.yaml"].decode())
    assert isinstance(forge.publish(coming), PublishedCommit)


def test_an_edit_by_hand_that_is_named_is_overwritten(forge: Forge) -> None:
    forge.publish(release("web"))
    forge.by_hand("prod/web/deployment-web-0.yaml", "mine")
    outcome = forge.publish(release("web"), overwrite=frozenset({"web/deployment-web-0.yaml"}))
    assert isinstance(outcome, PublishedCommit)
    assert outcome.written == ("prod/web/deployment-web-0.yaml",)


def test_hundreds_of_edits_are_counted_not_listed(forge: Forge) -> None:
    forge.publish(release("web", objects=120))
    work = forge.worktree()
    for file in (work / "prod/web").glob("*.yaml"):
        file.write_text("mine")
    git(work, "commit", "-qam", "all")
    git(work, "push", "-q")
    with pytest.raises(Rejected) as refused:
        forge.publish(release("web", objects=120))
    assert len(refused.value.diagnostics) == 51
    assert refused.value.diagnostics[-1].message == "and 70 more like these"


def test_hostile_attributes_and_ignores_of_the_target_change_nothing(forge: Forge) -> None:
    forge.publish(release("web"))
    forge.by_hand(".gitignore", "*.yaml\nprod/\n")
    forge.by_hand(".gitattributes", "* text eol=crlf filter=lfs ident\n*.yaml export-ignore\n")
    files = {**release("web", replicas=4), **release("api")}
    forge.publish(files)
    assert read_tree(forge.bare, "main", "prod") == files


@pytest.mark.parametrize("mode", ["120000", "160000", "100755"])
def test_links_submodules_and_programs_among_our_files_are_edits(forge: Forge, mode: str) -> None:
    forge.publish(release("web"))
    work = forge.worktree()
    oid = git(work, "rev-parse", "HEAD" if mode == "160000" else "HEAD:prod/web/deployment-web-0.yaml")
    git(work, "update-index", "--cacheinfo", f"{mode},{oid},prod/web/deployment-web-0.yaml")
    git(work, "update-index", "--add", "--cacheinfo", f"{mode},{oid},prod/web/more.yaml")
    git(work, "commit", "-qm", "odd")
    git(work, "push", "-q")
    with pytest.raises(Rejected) as refused:
        forge.publish(release("web", replicas=4))
    assert codes(refused) == ["file-edited", "file-foreign"]


@pytest.mark.parametrize(("mode", "words"), [("120000", "a symbolic link"), ("160000", "a submodule")])
def test_a_path_through_a_link_or_a_submodule_is_blocked(forge: Forge, mode: str, words: str) -> None:
    work = forge.folder / "seed"
    git(forge.folder, "clone", "-q", str(forge.bare), str(work))
    (work / "x").write_text("/etc")
    git(work, "add", "x")
    git(work, "commit", "-qm", "x")
    oid = git(work, "rev-parse", "HEAD" if mode == "160000" else "HEAD:x")
    git(work, "update-index", "--add", "--cacheinfo", f"{mode},{oid},prod")
    git(work, "commit", "-qm", "odd")
    git(work, "push", "-q", "origin", "HEAD:main")
    with pytest.raises(Rejected) as refused:
        forge.publish(release("web"))
    assert codes(refused) == ["path-blocked"]
    assert words in refused.value.diagnostics[0].message


def test_nothing_at_all_is_never_published(forge: Forge) -> None:
    forge.publish(release("web"))
    with pytest.raises(Rejected) as refused:
        forge.publish({})
    assert codes(refused) == ["publish-empty"]


def test_a_plan_with_a_path_out_of_its_folder_is_our_bug(forge: Forge) -> None:
    for path in ("../x.yaml", ".git/config", "web/..", "-x"):
        with pytest.raises(ValueError, match=r"disagree|has"):
            forge.publish({**release("web"), path: b""})


def test_a_repository_with_sha256_works(tmp_path: Path) -> None:
    bare = tmp_path / "new.git"
    git(tmp_path, "init", "-q", "--bare", "--object-format=sha256", str(bare))
    work = tmp_path / "seed"
    git(tmp_path, "init", "-q", "--object-format=sha256", str(work))
    git(work, "commit", "-q", "--allow-empty", "-m", "first")
    git(work, "push", "-q", str(bare), "HEAD:main")
    forge = Forge(tmp_path, bare, checked_target("prod", bare.as_uri(), "main", "", tmp_path))
    outcome = forge.publish(release("web"))
    assert isinstance(outcome, PublishedCommit)
    assert len(outcome.commit) == 64


def test_a_new_repository_with_sha256_works_too(tmp_path: Path) -> None:
    bare = tmp_path / "new.git"
    git(tmp_path, "init", "-q", "--bare", "--object-format=sha256", str(bare))
    forge = Forge(tmp_path, bare, checked_target("prod", bare.as_uri(), "main", "", tmp_path))
    outcome = forge.publish(release("web"))
    assert isinstance(outcome, PublishedCommit)
    assert len(outcome.commit) == 64
    assert isinstance(forge.publish(release("web")), NothingToDo)


def test_a_server_that_knows_no_atomic_pushes_takes_ours(forge: Forge) -> None:
    git(forge.bare, "config", "receive.advertiseAtomic", "false")
    assert isinstance(forge.publish(release("web")), PublishedCommit)


def specs(folder: Path) -> SourceCommit:
    git(folder, "commit", "-q", "--allow-empty", "-m", "spec")
    source = source_repository(folder)
    assert source is not None
    assert source.head is not None
    return source.head


def publish_from(forge: Forge, folder: Path, source: SourceCommit, replicas: int) -> PublishedCommit | NothingToDo:
    request = PublishRequest("0.1.0", folder, source, AUTHOR)
    return publish(forge.target, lambda base, clone: NextState(release("web", replicas), "Publish prod"), request)


def test_an_older_source_never_overwrites_a_newer_one(forge: Forge) -> None:
    folder = forge.folder / "specs"
    git(forge.folder, "init", "-q", str(folder))
    older, newer = specs(folder), specs(folder)
    publish_from(forge, folder, newer, 3)
    forge.by_hand("unrelated", "a commit of somebody else in between")
    with pytest.raises(Rejected) as refused:
        publish_from(forge, folder, older, 4)
    assert codes(refused) == ["publish-older-source"]
    assert isinstance(publish_from(forge, folder, specs(folder), 5), PublishedCommit)


def test_a_shallow_checkout_that_cannot_tell_says_so(forge: Forge) -> None:
    folder = forge.folder / "specs"
    git(forge.folder, "init", "-q", str(folder))
    published = specs(folder)
    publish_from(forge, folder, published, 3)
    newest = specs(folder)
    shallow = forge.folder / "shallow"
    git(forge.folder, "clone", "-q", "--depth=1", folder.as_uri(), str(shallow))
    with pytest.raises(Rejected) as refused:
        publish_from(forge, shallow, newest, 4)
    assert codes(refused) == ["publish-source-apart"]
    assert published.commit[:12] in refused.value.diagnostics[0].message
    with pytest.raises(Rejected) as refused:
        publish_from(forge, shallow, SourceCommit("1" * 40, newest.time - 5), 5)
    assert codes(refused) == ["publish-older-source"]


def test_the_published_state_of_earlier_commits_can_be_read(forge: Forge) -> None:
    first = forge.publish(release("web"))
    second = forge.publish(release("web", replicas=5))
    assert isinstance(first, PublishedCommit)
    assert isinstance(second, PublishedCommit)
    with open_clone(forge.target) as clone:
        now = clone.at(clone.fetch_head())
        before = clone.at_revision(first.commit)
    assert now.commit == second.commit
    assert now.folders == frozenset({"web"})
    assert b"replicas: 5" in now.folder("web")["deployment-web-0.yaml"]
    assert b"replicas: 3" in before.folder("web")["deployment-web-0.yaml"]


def test_of_what_is_expected_nothing_is_fetched_and_all_else_is_read(forge: Forge) -> None:
    git(forge.bare, "config", "uploadpack.allowFilter", "true")
    forge.publish({**release("web"), **release("api")})
    forge.by_hand("prod/web/deployment-web-0.yaml", "by hand\n")
    expected = {**release("web"), **release("api")}
    with open_clone(forge.target) as clone:
        head = clone.fetch_head()
        tree = clone.at(head, expected)
        held = clone.git.text("cat-file", "--batch-all-objects", "--batch-check=%(objecttype)", "--unordered")
        assert held.split().count("blob") == 1
        assert tree == clone.at(head)
    assert tree.files == {**expected, "web/deployment-web-0.yaml": b"by hand\n"}


def test_the_identity_is_what_git_would_use_without_line_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert author_of(tmp_path).environment["GIT_AUTHOR_NAME"] == "Ada"
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Eve <x>\nShipway-Source: 1")
    assert author_of(tmp_path).environment["GIT_AUTHOR_NAME"] == "Eve xShipway-Source: 1"
