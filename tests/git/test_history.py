"""History from Git alone: of many environments, after squashes, in shallow clones, with forged commits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from compiler.diagnostics.model import Rejected
from compiler.git.clone import open_clone
from compiler.git.commit import Author
from compiler.git.history import local_publish_history, published_history
from compiler.git.source_repository import source_repository
from compiler.git.spec_repository import revisions
from compiler.publish.publish import NextState, PublishedCommit, publish
from tests.git.helpers import AUTHOR, Forge, git, release


def test_publishes_are_listed_newest_first_with_who_and_what(forge: Forge) -> None:
    first = forge.publish(release("web"))
    forge.by_hand("elsewhere", "x")
    second = forge.publish({**release("web"), **release("api")})
    assert isinstance(first, PublishedCommit)
    assert isinstance(second, PublishedCommit)
    result = local_publish_history(forge.bare, "main")
    assert result.complete
    assert [p.commit for p in result.publishes] == [second.commit, first.commit]
    newest = result.publishes[0]
    assert (newest.author, newest.email, newest.subject) == ("Ada", "ada@example.com", "Publish prod")
    assert newest.facts.releases == ("api",)
    with open_clone(forge.target) as clone:
        assert published_history(clone) == result


def test_environments_of_one_branch_are_distinguished(forge: Forge) -> None:
    forge.publish(release("web"))
    staging = replace(forge.target, environment="staging", path="staging")
    publish(staging, lambda base, clone: NextState(release("web"), "Publish staging"), forge.request())
    assert [p.facts.environment for p in local_publish_history(forge.bare, "main").publishes] == ["staging", "prod"]
    assert len(local_publish_history(forge.bare, "main", "prod").publishes) == 1
    assert local_publish_history(forge.bare, "main", "pro.").publishes == ()


def test_a_limit_and_a_shallow_clone_say_that_the_list_is_cut(forge: Forge) -> None:
    for replicas in (1, 2, 3):
        forge.publish(release("web", replicas))
    assert not local_publish_history(forge.bare, "main", limit=2).complete
    shallow = forge.folder / "shallow"
    git(forge.folder, "clone", "-q", "--depth=2", forge.bare.as_uri(), str(shallow))
    cut = local_publish_history(shallow, "HEAD")
    assert (len(cut.publishes), cut.complete) == (2, False)


def test_a_forged_commit_can_say_nothing_that_is_not_valid(forge: Forge) -> None:
    forge.publish(release("web"))
    work = forge.worktree()
    forged = "\x1b[31mred\n\nShipway-Environment: prod\nShipway-Source: $(rm -rf /)\nShipway-Releases: ../../x, web"
    git(work, "-c", "user.name=Eve\x1b[2J\u202e", "commit", "-q", "--allow-empty", "-F", "-", stdin=forged)
    git(
        work,
        "commit",
        "-q",
        "--allow-empty",
        "-F",
        "-",
        stdin="x\n\nShipway-Environment: prod\nShipway-Environment: dev",
    )
    git(work, "push", "-q")
    newest = local_publish_history(forge.bare, "main").publishes[0]
    assert (newest.subject, newest.author) == ("[31mred", "Eve[2J")
    assert newest.facts.source is None
    assert newest.facts.releases == ()
    assert len(newest.facts.faults) == 2
    assert len(local_publish_history(forge.bare, "main").publishes) == 2


def test_a_squash_keeps_the_last_block_only(forge: Forge) -> None:
    forge.publish(release("web"))
    work = forge.worktree()
    block = "Shipway-Environment: prod\nShipway-Compiler: 0.1.0\nShipway-Releases: "
    squashed = f"Publish (#7)\n\n* Publish prod\n\n{block}api\n\n* Publish prod\n\n{block}web"
    git(work, "commit", "-q", "--allow-empty", "-F", "-", stdin=squashed)
    git(work, "push", "-q")
    assert local_publish_history(forge.bare, "main").publishes[0].facts.releases == ("web",)


def test_settings_of_the_user_do_not_change_what_is_found(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    forge.publish(release("web"))
    expected = local_publish_history(forge.bare, "main")
    config = forge.folder / "odd"
    config.write_text(
        "[grep]\n\tpatternType = fixed\n[log]\n\tshowSignature = true\n\tdecorate = full\n\tdate = relative\n"
        "[format]\n\tpretty = oneline\n[color]\n\tui = always\n[i18n]\n\tlogOutputEncoding = latin1\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert local_publish_history(forge.bare, "main") == expected


@pytest.mark.parametrize("rev", ["nowhere", "--output=x", "-1", "", "main..", "main:prod", "a b", "\x00"])
def test_a_revision_that_is_none_is_reported(forge: Forge, rev: str) -> None:
    forge.publish(release("web"))
    with pytest.raises(Rejected) as refused:
        local_publish_history(forge.bare, rev)
    assert refused.value.diagnostics[0].code == "revision-unknown"


def test_a_folder_without_a_repository_is_reported(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        local_publish_history(tmp_path, "main")
    assert refused.value.diagnostics[0].code == "repository-missing"


def test_the_encoding_that_a_user_chose_for_commits_spoils_no_name(
    forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "i18n.commitEncoding")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "ISO-8859-1")
    author = Author({**AUTHOR.environment, "GIT_AUTHOR_NAME": "Zoë"})
    request = replace(forge.request(), author=author)
    publish(forge.target, lambda base, clone: NextState(release("web"), "Größe"), request)
    (result,) = local_publish_history(forge.bare, "main").publishes
    assert (result.author, result.subject) == ("Zoë", "Größe")


def test_a_commit_that_lies_about_its_encoding_is_listed(forge: Forge) -> None:
    forge.publish(release("web"))
    raw = git(forge.bare, "cat-file", "commit", "main")
    head, _, text = raw.partition("\n\n")
    lying = git(
        forge.bare, "hash-object", "-w", "-t", "commit", "--stdin", stdin=f"{head}\nencoding UTF-16\n\n{text}\n"
    )
    git(forge.bare, "update-ref", "refs/heads/main", lying)
    assert local_publish_history(forge.bare, "main").complete
    work = forge.worktree()
    repository = source_repository(work)
    assert repository is not None
    assert repository.head is not None
    assert (repository.head.commit, repository.head.time > 0) == (lying, True)
    assert [each.commit for each in revisions(work, ["prod/web"])] == [lying]
