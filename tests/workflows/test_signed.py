"""The publish workflow where Argo CD is told to sync only signed commits: the key comes as a secret, and stays none."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator

import pytest

from tests.workflows.conftest import Repository, git

pytestmark = pytest.mark.e2e

HELD_BACK = "# gpg-keys: "


@pytest.fixture
def armored_key() -> Iterator[tuple[str, str]]:
    """A key's fingerprint, and its secret part as text."""
    with tempfile.TemporaryDirectory(prefix="gpg", ignore_cleanup_errors=True) as folder:
        gpg = ["gpg", "--homedir", folder, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
        subprocess.run([*gpg, "--quick-gen-key", "ci@example.com", "ed25519", "sign", "never"], check=True)
        listing = subprocess.run([*gpg, "--list-keys", "--with-colons"], capture_output=True, text=True, check=True)
        secret = subprocess.run([*gpg, "--armor", "--export-secret-keys"], capture_output=True, text=True, check=True)
        yield listing.stdout.partition("\nfpr:")[2].split(":")[8], secret.stdout
        subprocess.run(["gpgconf", "--homedir", folder, "--kill", "all"], check=False)


def test_the_workflow_signs_with_the_key_that_it_is_given(repository: Repository, armored_key: tuple[str, str]) -> None:
    key, secret = armored_key
    repository.edit("prod/environment.yaml", "argocd: {", f"argocd: {{signatureKeys: [{key}], ")
    repository.push("only signed commits")
    refused = repository.runs("publish.yml")
    assert refused.failed == "Publish"
    assert "::error" in refused.outputs["Publish"] or "error[signing-failed]" in refused.outputs["Publish"]

    workflow = repository.clone / ".github/workflows/publish.yml"
    workflow.write_text(workflow.read_text().replace(HELD_BACK, HELD_BACK.removeprefix("# ")))
    repository.runner.secrets["SHIPWAY_GPG_KEY"] = secret
    assert repository.runs("publish.yml").success
    assert "-----BEGIN PGP SIGNATURE-----" in git(repository.bare, "cat-file", "commit", "shipway/prod")
    files = (path for path in repository.runner.folder.rglob("*") if path.is_file() and not path.is_symlink())
    assert not [path for path in files if secret.splitlines()[3].encode() in path.read_bytes()]
