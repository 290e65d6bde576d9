"""Publishing over HTTP to a real `git http-backend` that wants a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.diagnostics.model import Rejected
from compiler.git.clone import open_clone
from compiler.git.target import checked_target
from compiler.publish.publish import NothingToDo, PublishedCommit
from compiler.tree.index import with_index
from tests.git.helpers import Forge, git, release
from tests.git.http_forge import PASSWORD, USER, serving


def messages(refused: pytest.ExceptionInfo[Rejected]) -> str:
    return "\n".join(f"{d.code} {d.message} {d.help}" for d in refused.value.diagnostics)


def over_http(forge: Forge, host: str, credentials: str, name: str = "deploy.git") -> Forge:
    return Forge(
        forge.folder,
        forge.bare,
        checked_target("prod", f"http://{credentials}{host}/{name}", "main", "prod", Path("/")),
    )


def test_a_publish_over_http_with_a_filter_fetches_the_missing_contents_at_once(forge: Forge) -> None:
    git(forge.bare, "config", "uploadpack.allowFilter", "true")
    git(forge.bare, "config", "http.receivepack", "true")
    manifests = {f"configmap-{number}.yaml": f"number: {number}\n".encode() for number in range(40)}
    files = {f"web/{name}": data for name, data in with_index(manifests, "0.1.0", "sha256:0").items()}
    with serving(forge.folder) as (host, requests):
        web = over_http(forge, host, f"{USER}:{PASSWORD}@")
        assert isinstance(web.publish(files), PublishedCommit)
        requests.clear()
        assert isinstance(web.publish(files), NothingToDo)
        assert len(requests) < 20
        assert isinstance(web.publish({**files, **release("api")}), PublishedCommit)
        with open_clone(web.target) as clone:
            assert clone.at(clone.fetch_head()).folder("web") == manifests


def test_a_filter_works_where_the_user_chose_an_old_protocol(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    git(forge.bare, "config", "uploadpack.allowFilter", "true")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "protocol.version")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "0")
    forge.publish(release("web"))
    assert isinstance(forge.publish(release("web", 5)), PublishedCommit)


@pytest.mark.parametrize("credentials", ["", f"{USER}:wr0ng-t0ken@"])
def test_a_refused_credential_is_reported_and_never_shown(
    forge: Forge, credentials: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(forge.folder) as (host, _):
        web = over_http(forge, host, credentials)
        with pytest.raises(Rejected) as refused:
            web.publish(release("web"))
    assert refused.value.diagnostics[0].code == "repository-unauthorised"
    assert "wr0ng" not in messages(refused) + repr(web.target) + "".join(capfd.readouterr())
    assert host in messages(refused)


def test_a_server_that_takes_no_pushes_is_reported(forge: Forge) -> None:
    git(forge.bare, "config", "http.receivepack", "false")
    with serving(forge.folder) as (host, _), pytest.raises(Rejected) as refused:
        over_http(forge, host, f"{USER}:{PASSWORD}@").publish(release("web"))
    assert refused.value.diagnostics[0].code == "repository-unauthorised"
    assert PASSWORD not in messages(refused)


def test_a_repository_that_is_not_there_is_reported(forge: Forge) -> None:
    with serving(forge.folder) as (host, _), pytest.raises(Rejected) as refused:
        over_http(forge, host, f"{USER}:{PASSWORD}@", "none.git").publish(release("web"))
    assert refused.value.diagnostics[0].code == "repository-missing"
    assert PASSWORD not in messages(refused)


def test_a_server_that_is_away_is_reported(forge: Forge) -> None:
    with serving(forge.folder) as (host, _):
        gone = over_http(forge, host, f"{USER}:{PASSWORD}@")
    with pytest.raises(Rejected) as refused:
        gone.publish(release("web"))
    assert refused.value.diagnostics[0].code == "repository-unreachable"
    assert PASSWORD not in messages(refused)


def test_a_path_without_a_repository_is_reported(forge: Forge) -> None:
    nowhere = Forge(forge.folder, forge.bare, checked_target("prod", "none.git", "main", "prod", forge.folder))
    with pytest.raises(Rejected) as refused:
        nowhere.publish(release("web"))
    assert refused.value.diagnostics[0].code == "repository-missing"


def test_the_token_of_an_address_is_in_no_file_and_in_no_argument(
    forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(forge.bare, "config", "http.receivepack", "true")
    log, programs = tmp_path / "arguments", tmp_path / "programs"
    programs.mkdir()
    installed = Path(git(tmp_path, "--exec-path"))
    for each in installed.iterdir():
        if each.name != "git-remote-http":
            (programs / each.name).symlink_to(each)
    helper = installed / "git-remote-http"
    (programs / "git-remote-http").write_text(f'#!/bin/sh\nps -ww -eo args >> {log}\nexec {helper} "$@"\n')
    (programs / "git-remote-http").chmod(0o755)
    monkeypatch.setenv("GIT_EXEC_PATH", str(programs))
    with serving(forge.folder) as (host, _):
        web = over_http(forge, host, f"{USER}:{PASSWORD}@")
        with open_clone(web.target) as clone:
            settings = (clone.git.directory / "config").read_text()
        assert isinstance(web.publish(release("web")), PublishedCommit)
    assert host in settings
    assert PASSWORD not in settings
    assert USER not in settings
    assert host in log.read_text()
    assert PASSWORD not in log.read_text()


def test_the_credential_of_the_address_comes_before_the_users_own_helpers(
    forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "credential.helper")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "!printf 'username=somebody\\npassword=wr0ng\\n'; true")
    git(forge.bare, "config", "http.receivepack", "true")
    with serving(forge.folder) as (host, _):
        assert isinstance(over_http(forge, host, f"{USER}:{PASSWORD}@").publish(release("web")), PublishedCommit)


def test_a_user_without_a_password_gets_it_from_the_users_own_helper(
    forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "credential.helper")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"!grep -q username={USER} && echo password={PASSWORD}; true")
    git(forge.bare, "config", "http.receivepack", "true")
    with serving(forge.folder) as (host, _):
        assert isinstance(over_http(forge, host, f"{USER}@").publish(release("web")), PublishedCommit)
