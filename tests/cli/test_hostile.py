"""Names, files and repositories that mean harm, or are just odd: clear answers, nothing lost, nothing executed."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.cli import spec_edit
from tests.cli.shop import NEW, Shop
from tests.git.helpers import git

START = ("--version", "1.1.0", "--digest", NEW)


def test_a_branch_called_like_an_option_publishes_nothing(shop: Shop) -> None:
    hostile = "  gitops: {branch: --upload-pack=x}\n"
    shop.put("prod/environment.yaml", shop.text("prod/environment.yaml") + hostile)
    for words in (("publish", "prod"), ("status", "prod"), ("history", "prod")):
        result = shop.run(*words)
        assert result.status == 1
        assert "branch-name" in result.err
        assert "Traceback" not in result.err


@pytest.mark.parametrize("name", ["`rm`", "$(touch x)", "../x", "-rf", "a\x1b[31mb", "x" * 5000, "@everyone", ""])
def test_a_release_called_strangely_is_only_a_name(shop: Shop, name: str) -> None:
    for words in (("advance", f"prod/{name}"), ("status", f"prod/{name}"), ("rollback", f"{name}/swap")):
        result = shop.run(*words)
        assert result.status in (0, 1, 2)
        assert "\x1b" not in result.out + result.err
        assert "Traceback" not in result.err


@pytest.mark.parametrize("version", ["`rm`", "--output=x", "1.0\nchange: major", "a" * 200, "1..2", "x.lock"])
def test_versions_are_tags_or_refused(shop: Shop, version: str) -> None:
    result = shop.run("start", "prod/swap", f"--version={version}", "--digest", NEW, "--commit")
    tag = version in ("1..2", "x.lock")
    assert result.status == (0 if tag else 1)
    if tag:
        assert git(shop.root, "branch", "--show-current").startswith("start-prod-swap-")
    else:
        assert "course-version-invalid" in result.err
        assert git(shop.root, "status", "--porcelain") == ""


def test_a_spec_with_a_large_annotation_is_moved_as_fast_as_another(shop: Shop) -> None:
    large = shop.text("prod/swap.yaml").replace(
        "{name: swap}", f"{{name: swap, annotations: {{note: {'x' * 300_000}}}}}"
    )
    shop.put("prod/swap.yaml", large)
    result = shop.run("start", "prod/swap", *START)
    assert result.status in (0, 1)
    assert len(result.err) < 5_000
    assert "Traceback" not in result.err


def test_a_file_changed_between_reading_and_writing_is_left_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    file = shop.root / "environments/prod/swap.yaml"
    theirs = shop.text("prod/swap.yaml") + "# theirs\n"
    show = spec_edit.show_move

    def somebody_else(*args: object) -> None:
        show(*args)  # type: ignore[arg-type]  # passed on as they came
        file.write_text(theirs)

    monkeypatch.setattr(spec_edit, "show_move", somebody_else)
    result = shop.run("start", "prod/swap", *START)
    assert result.status == 1
    assert "course-file-changed" in result.err
    assert file.read_text() == theirs
    assert list(file.parent.glob(".shipway-*")) == []


def test_a_link_out_of_the_tree_is_not_followed(shop: Shop, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(shop.text("prod/swap.yaml"))
    file = shop.root / "environments/prod/swap.yaml"
    file.unlink()
    file.symlink_to(outside)
    before = outside.read_text()
    result = shop.run("start", "prod/swap", *START)
    assert result.status == 1
    assert "file-outside" in result.err
    assert outside.read_text() == before


def test_a_detached_head_gets_a_branch_for_its_commit(shop: Shop) -> None:
    git(shop.root, "checkout", "-q", "--detach")
    shop.do("start", "prod/swap", *START, "--commit")
    assert git(shop.root, "branch", "--show-current") == "start-prod-swap-1-1-0"


def test_a_branch_of_that_name_is_not_taken_over(shop: Shop) -> None:
    git(shop.root, "branch", "start-prod-swap-1-1-0")
    shop.do("start", "prod/swap", *START, "--commit")
    assert git(shop.root, "branch", "--show-current") == "start-prod-swap-1-1-0-2"


def test_a_shallow_clone_answers_with_what_it_has(shop: Shop, tmp_path: Path) -> None:
    shop.do("start", "prod/swap", *START)
    shop.publish("prod")
    shop.do("advance", "prod/swap")
    shop.commit()
    shop.do("finish", "prod/swap")
    shop.commit()
    clone = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{shop.root}", str(clone))
    git(clone, "remote", "set-url", "origin", str(shop.bare))
    shallow = Shop(clone, shop.bare, shop.capsys)
    listed = shallow.do("history", "prod/swap")
    assert "from " in listed.out and "git fetch --unshallow" in listed.err
    result = shallow.run("rollback", "prod/swap")
    assert result.status == 1
    assert "rollback-no-history" in result.err and "git fetch --unshallow" in result.err


def test_outside_a_repository_the_edit_works_and_the_commit_is_refused(shop: Shop, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (shop.root / "environments").rename(plain / "environments")
    bare = Shop(plain, shop.bare, shop.capsys)
    refused = bare.run("start", "prod/swap", *START, "--commit")
    assert refused.status == 1
    assert "Traceback" not in refused.err
    assert "green" not in bare.text("prod/swap.yaml")
    bare.do("start", "prod/swap", *START)
    assert "not yet" in bare.do("status", "prod/swap").out
    assert bare.do("history", "prod").out == "nothing was published yet\n"


def test_the_repository_s_own_hooks_are_not_run(shop: Shop, tmp_path: Path) -> None:
    hook = shop.root / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    shop.do("start", "prod/swap", *START, "--commit")
    assert not (tmp_path / "ran").exists()
