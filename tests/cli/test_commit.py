"""--commit and --push: each edit has a branch of its own, and its pull request is one click away."""

from __future__ import annotations

import pytest

from compiler.forge.links import commit_address, pull_request_address
from tests.cli.shop import NEW, Shop
from tests.git.helpers import git

START = ("--version", "1.1.0", "--digest", NEW)


def test_each_commit_has_a_branch_of_its_own(shop: Shop) -> None:
    shop.do("start", "prod/swap", *START, "--commit")
    assert git(shop.root, "branch", "--show-current") == "start-prod-swap-1-1-0"
    result = shop.do("start", "prod/roll", *START, "--commit")
    assert git(shop.root, "branch", "--show-current") == "start-prod-roll-1-1-0"
    assert result.err.splitlines()[-1] == f"next: git -C {shop.root} push origin HEAD"


def test_push_shares_the_branch(shop: Shop) -> None:
    result = shop.do("start", "prod/swap", *START, "--push")
    assert "pushed start-prod-swap-1-1-0" in result.err
    assert git(shop.bare, "rev-parse", "start-prod-swap-1-1-0") == git(shop.root, "rev-parse", "HEAD")
    assert "next: shipway plan prod" in result.err


def test_the_page_of_the_pull_request_is_named(shop: Shop) -> None:
    git(shop.root, "remote", "set-url", "origin", "git@github.com:acme/specs.git")
    result = shop.do("start", "prod/swap", *START, "--commit")
    assert "https://github.com/acme/specs/compare/start-prod-swap-1-1-0?expand=1" in result.err


@pytest.mark.parametrize(
    ("remote", "page"),
    [
        ("https://github.com/acme/specs.git", "https://github.com/acme/specs/compare/a%2Fb?expand=1"),
        ("https://token@github.com/acme/specs", "https://github.com/acme/specs/compare/a%2Fb?expand=1"),
        ("ssh://git@github.com:22/acme/specs.git", "https://github.com/acme/specs/compare/a%2Fb?expand=1"),
        (
            "git@gitlab.com:group/sub/specs.git",
            "https://gitlab.com/group/sub/specs/-/merge_requests/new?merge_request%5Bsource_branch%5D=a%2Fb",
        ),
        ("https://git.example.com/acme/specs.git", None),
        ("../deploy.git", None),
        ("", None),
    ],
)
def test_pages_of_the_forges(remote: str, page: str | None) -> None:
    assert pull_request_address(remote, "a/b") == page


@pytest.mark.parametrize(
    ("remote", "page"),
    [
        ("git@github.com:acme/specs.git", "https://github.com/acme/specs/commit/c0ffee"),
        ("https://x:token@gitlab.com/group/sub/specs", "https://gitlab.com/group/sub/specs/-/commit/c0ffee"),
        ("https://bitbucket.org/acme/specs.git", "https://bitbucket.org/acme/specs/commits/c0ffee"),
        ("https://codeberg.org/acme/specs.git", "https://codeberg.org/acme/specs/commit/c0ffee"),
        ("git@github.example.com:acme/specs.git", "https://github.example.com/acme/specs/commit/c0ffee"),
        ("ssh://git@gitlab.example.com:2222/a/b/specs", "https://gitlab.example.com/a/b/specs/-/commit/c0ffee"),
        ("https://gitea.example.com:3000/acme/specs", "https://gitea.example.com:3000/acme/specs/commit/c0ffee"),
        ("https://forgejo.example.com/acme/specs.git", "https://forgejo.example.com/acme/specs/commit/c0ffee"),
        ("https://git.example.com/acme/specs.git", None),
        ("https://notgitlab.example.com/acme/specs.git", None),
    ],
)
def test_the_page_of_a_commit(remote: str, page: str | None) -> None:
    assert commit_address(remote, "c0ffee") == page
