"""Commits that Argo CD is told to sync only where certain GnuPG keys signed them; real keys, real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.pipeline.specs import environment
from tests.publish.conftest import Workspace

pytestmark = pytest.mark.skipif(not shutil.which("gpg") and not os.environ.get("CI"), reason="needs gpg")
REASON = ("--allow", "base-signature", "--reason", "the keys are new")


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty keyring, in a folder whose name is short enough for its agent's socket."""
    with tempfile.TemporaryDirectory(prefix="gpg", ignore_cleanup_errors=True) as folder:
        monkeypatch.setenv("GNUPGHOME", folder)
        yield
        subprocess.run(["gpgconf", "--kill", "all"], check=False)


def gpg(*words: str) -> str:
    done = subprocess.run(["gpg", "--batch", "--quiet", *words], capture_output=True, text=True, check=True)
    return done.stdout


def new_key(name: str) -> str:
    """The fingerprint of a new key without a passphrase."""
    who = f"{name} <{name}@example.com>"
    gpg("--pinentry-mode", "loopback", "--passphrase", "", "--quick-gen-key", who, "ed25519", "sign", "never")
    listing = gpg("--list-keys", "--with-colons", who).splitlines()
    return next(line for line in listing if line.startswith("fpr:")).split(":")[9]


def configure(workspace: Workspace, **settings: str) -> None:
    for name, value in settings.items():
        command = ["git", "-C", str(workspace.specs), "config", name.replace("_", "."), value]
        subprocess.run(command, check=True)


def trust(workspace: Workspace, *keys: str) -> None:
    workspace.write("environment", environment("gatewayApi", f"  argocd: {{signatureKeys: [{', '.join(keys)}]}}\n"))
    workspace.commit("only signed commits")


def signer(workspace: Workspace) -> str:
    return workspace.git("log", "-1", "--format=%G? %GF", "shipway/prod")


def push_by_hand(workspace: Workspace) -> None:
    """A commit on top of what is published that nobody signed, and that touches nothing of ours."""
    tree = workspace.git("rev-parse", "shipway/prod^{tree}")
    eve = ("-c", "user.name=Eve", "-c", "user.email=eve@example.com")
    commit = workspace.git(*eve, "commit-tree", "-p", "shipway/prod", "-m", "by hand", tree)
    workspace.git("update-ref", "refs/heads/shipway/prod", commit)


@pytest.mark.usefixtures("keyring")
@pytest.mark.parametrize("digits", [16, 40])
def test_both_projects_name_the_keys_and_publish_signs_with_one_of_them(workspace: Workspace, digits: int) -> None:
    key = new_key("ada")
    trust(workspace, key[-digits:])
    configure(workspace, user_signingKey=key)
    objects = list(yaml.safe_load_all(workspace.run("bootstrap", "prod").out))
    projects = [each for each in objects if each["kind"] == "AppProject"]
    assert [each["spec"]["signatureKeys"] for each in projects] == [[{"keyID": key[-digits:]}]] * 2
    assert workspace.run("publish").status == 0
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit()
    assert workspace.run("plan").status == 0
    assert workspace.run("publish").status == 0
    assert signer(workspace) == f"G {key}"


@pytest.mark.usefixtures("keyring")
def test_without_keys_no_project_names_any(workspace: Workspace) -> None:
    assert "signatureKeys" not in workspace.run("bootstrap", "prod").out


@pytest.mark.usefixtures("keyring")
def test_a_base_that_nobody_signed_is_refused_by_plan_and_publish_until_somebody_answers_for_it(
    workspace: Workspace,
) -> None:
    assert workspace.run("publish").status == 0
    key = new_key("ada")
    trust(workspace, key)
    configure(workspace, user_signingKey=key)
    for command in ("plan", "publish"):
        answer = workspace.run(command)
        assert (answer.status, "error[base-signature]" in answer.err) == (1, True)
        assert "no GnuPG key signed it" in answer.err
    assert workspace.run("publish", *REASON).status == 0
    assert signer(workspace) == f"G {key}"
    assert "Shipway-Allowed: base-signature: the keys are new" in workspace.git(
        "log", "-1", "--format=%B", "shipway/prod"
    )
    push_by_hand(workspace)
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit()
    assert "error[base-signature]" in workspace.run("publish").err
    assert workspace.heads().startswith("by hand")


@pytest.mark.usefixtures("keyring")
def test_a_key_that_is_not_named_signs_nothing_and_is_trusted_with_nothing(workspace: Workspace) -> None:
    ours, other = new_key("ada"), new_key("eve")
    trust(workspace, ours)
    configure(workspace, user_signingKey=other)
    refused = workspace.run("publish")
    assert (refused.status, "error[commit-signature]" in refused.err) == (1, True)
    assert f"{other[-16:]} signed it, but `argocd.signatureKeys` does not list that key" in refused.err
    assert workspace.git("for-each-ref", "refs/heads") == ""
    configure(workspace, user_signingKey=ours)
    assert workspace.run("publish").status == 0
    trust(workspace, other)
    assert f"{ours[-16:]} signed it, but" in workspace.run("plan").err


@pytest.mark.usefixtures("keyring")
def test_a_subkey_is_named_by_its_own_id(workspace: Workspace) -> None:
    key = new_key("ada")
    gpg("--pinentry-mode", "loopback", "--passphrase", "", "--quick-add-key", key, "ed25519", "sign", "never")
    trust(workspace, key)
    configure(workspace, user_signingKey=key)
    refused = workspace.run("publish")
    assert f", a subkey of {key[-16:]}, signed it" in refused.err
    configure(workspace, user_signingKey=f"{key}!")
    assert workspace.run("publish").status == 0


@pytest.mark.usefixtures("keyring")
def test_a_secret_key_or_a_public_one_that_is_missing_is_named(workspace: Workspace, tmp_path: Path) -> None:
    key = new_key("ada")
    trust(workspace, key)
    configure(workspace, user_signingKey=key)
    assert workspace.run("publish").status == 0
    (tmp_path / "public").write_text(gpg("--armor", "--export", key))
    gpg("--yes", "--delete-secret-and-public-key", key)
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit()
    refused = workspace.run("publish")
    assert f"the public key {key[-16:]} that signed it is not on this machine" in refused.err
    gpg("--import", str(tmp_path / "public"))
    refused = workspace.run("publish")
    assert (refused.status, "error[signing-failed]" in refused.err) == (1, True)
    assert "user.signingKey" in refused.err


@pytest.mark.usefixtures("keyring")
def test_what_argo_cd_does_not_verify_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    trust(workspace, "AB" * 20)
    configure(workspace, user_signingKey=str(tmp_path / "key.pub"), gpg_format="ssh")
    refused = workspace.run("publish")
    assert (refused.status, "error[commit-signature]" in refused.err) == (1, True)
    assert "`gpg.format` is ssh" in refused.err


@pytest.mark.usefixtures("keyring")
@pytest.mark.parametrize("key", ["ada@example.com", "0x4AEE18F83AFDEB23", "4AEE18F8", "G" * 16])
def test_a_key_that_argo_cd_cannot_find_is_refused_where_it_stands(workspace: Workspace, key: str) -> None:
    trust(workspace, f'"{key}"')
    refused = workspace.run("check")
    assert (refused.status, "environments/prod/environment.yaml:" in refused.err) == (1, True)
