"""Where to publish: what is taken, what is refused, what is shown."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.diagnostics.model import Rejected
from compiler.git.target import checked_target
from compiler.model.address import branch_fault, repository_fault, target_problems, without_credentials


@pytest.mark.parametrize(
    "repository",
    [
        "https://git.example.com/acme/deploy.git",
        "https://git.example.com:8443/acme/deploy",
        "https://user:t0ken@git.example.com/acme/deploy.git",
        "ssh://git@git.example.com:2222/acme/deploy.git",
        "git@git.example.com:acme/deploy.git",
        "file:///srv/git/deploy.git",
        "/srv/git/deploy.git",
        "../deploy.git",
        "http://localhost:3000/acme/deploy.git",
        "http://[::1]:3000/acme/deploy.git",
    ],
)
def test_addresses_that_are_taken(repository: str) -> None:
    assert repository_fault(repository) is None


@pytest.mark.parametrize(
    "repository",
    [
        "",
        "--upload-pack=touch /tmp/owned",
        "-u",
        "ext::sh -c touch% /tmp/owned",
        "fd::17",
        "git://git.example.com/acme/deploy.git",
        "ftp://git.example.com/x",
        "http://git.example.com/acme/deploy.git",
        "ssh://-oProxyCommand=touch/x",
        "ssh://git@-oProxyCommand=touch/x",
        "ssh://-l@host/x",
        "https://",
        "https://git.example.com",
        "https://git.example.com:99999/x",
        "https://[::1/x",
        "file://host/x",
        "file:relative",
        "https://git.example.com/a\nb",
        "/srv/\0/x",
    ],
)
def test_addresses_that_are_refused(repository: str) -> None:
    if repository == "file:relative":
        assert repository_fault(repository) is None  # Git takes it for the host `file`, over ssh
    else:
        assert repository_fault(repository)


@settings(max_examples=120, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab-/.@{~^: \\*?[lockHEAD\x7f\té"), min_size=0, max_size=9))
def test_branches_are_judged_as_git_does(name: str) -> None:
    done = subprocess.run(["git", "check-ref-format", "--branch", name], capture_output=True, check=False, cwd="/")
    if done.returncode:
        assert branch_fault(name)
    elif branch_fault(name):
        assert name.startswith("refs/") or name in {"@", "HEAD"}


@pytest.mark.parametrize("name", ["--upload-pack=x", "-b", "@{-1}", "refs/heads/main", "HEAD", "a..b", "a.lock", ""])
def test_branches_that_are_refused(name: str) -> None:
    assert branch_fault(name)


def test_all_faults_come_at_once_each_at_its_place_in_the_spec() -> None:
    problems = target_problems("prod", "ext::sh", "--upload-pack=x", "../../etc")
    assert [(p.code, p.path[-1]) for p in problems] == [
        ("repository-url", "repository"),
        ("branch-name", "branch"),
        ("publish-path", "path"),
    ]
    with pytest.raises(Rejected) as refused:
        checked_target("prod", "ext::sh", "--upload-pack=x", "../../etc", Path("/"))
    assert len(refused.value.diagnostics) == 3


@pytest.mark.parametrize(
    "path", ["..", "a/../b", "/etc", "a//b", ".git", "a/.GIT/hooks", "GIT~1", "-x", "a\nb", "é", "a."]
)
def test_paths_that_are_refused(path: str) -> None:
    assert [p.code for p in target_problems("prod", "/x", "main", path)] == ["publish-path"]


@pytest.mark.parametrize(("path", "taken"), [("", ""), (".", ""), ("./", ""), ("prod/", "prod"), ("./a/b", "a/b")])
def test_paths_are_taken_in_their_plain_form(path: str, taken: str) -> None:
    assert checked_target("prod", "/x", "main", path, Path("/")).path == taken


def test_an_environment_that_could_leave_its_ref_is_refused() -> None:
    assert [p.code for p in target_problems("../x", "/x", "main", "")] == ["environment-name"]


def test_a_relative_repository_counts_from_the_base_and_a_url_stays() -> None:
    assert checked_target("prod", "../deploy.git", "main", "", Path("/srv/specs")).repository == "/srv/deploy.git"
    assert checked_target("prod", "git@host:x", "main", "", Path("/srv")).repository == "git@host:x"
    assert checked_target("prod", "file:///srv/a%20b", "main", "", Path("/srv")).local == Path("/srv/a b")


def test_credentials_are_in_no_text_form() -> None:
    place = checked_target("prod", "https://robot:p%40ss@host/x.git", "main", "", Path("/"))
    assert "robot" not in repr(place) + str(place) + place.shown
    assert place.secrets == ("p%40ss", "p@ss")
    assert without_credentials("https://a@b:c@host/x") == "https://host/x"


@pytest.mark.parametrize(
    ("repository", "shown"),
    [
        ("https://user:t0/ken@git.example.com/x.git", "https://git.example.com/x.git"),
        ("https://git.example.com/x.git?private_token=t0ken", "https://git.example.com/x.git"),
        ("https://git.example.com/x.git#t0ken", "https://git.example.com/x.git"),
        ("oauth2:t0ken@git.example.com:acme/x", "oauth2@git.example.com:acme/x"),
    ],
)
def test_an_address_with_a_secret_in_an_odd_place_is_refused_without_showing_it(repository: str, shown: str) -> None:
    (problem,) = target_problems("prod", repository, "main", "")
    assert problem.code == "repository-url"
    assert f"`{shown}`" in problem.message


def test_what_is_no_secret_is_shown() -> None:
    for repository in ("git@host:a/b@c.git", "https://host:8443/a@b/c", "/srv/a:b@c", "../a@b"):
        assert without_credentials(repository) == repository
