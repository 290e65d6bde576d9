"""Whose GnuPG signature a commit bears, where Argo CD syncs only what certain keys signed.

Argo CD verifies GnuPG signatures and no others, and compares the id of the key that signed, not of its primary key
(`docs/user-guide/gpg-verification.md`, `util/gpg`). The letters are those of `%G?` in git-log(1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from compiler.diagnostics.model import Diagnostic
from compiler.diagnostics.refusals import rejection
from compiler.git.commit import Author
from compiler.git.git import Git

_FORMAT = "--format=%G?%n%GK%n%GF%n%GP"
_GNUPG_SIGNATURE = b"-----BEGIN PGP SIGNATURE-----"
_GOOD: Final = ("G", "U")
_FAULTS: Final = {
    "B": "its signature is wrong",
    "X": "its signature has expired",
    "Y": "the key {key} that signed it has expired",
    "R": "the key {key} that signed it is revoked",
    "E": "the public key {key} that signed it is not on this machine: `gpg --import` it",
    "N": "its signature could not be checked: GnuPG did not answer",
}


@dataclass(frozen=True, slots=True)
class SignaturePolicy:
    """The keys of which one must have signed a published commit (none: no signature is asked for), each by its long id
    or its fingerprint; and who signs, for Git's settings of the programs that do.
    """

    keys: Sequence[str]
    author: Author


def base_signature_refusal(git: Git, commit: str | None, policy: SignaturePolicy) -> Diagnostic | None:
    """Why nothing is published on `commit`: none of the keys signed it. None where one did. May raise `GitError`."""
    fault = signature_fault(git, commit, policy) if commit is not None and policy.keys else None
    if commit is None or fault is None:
        return None
    return Diagnostic("base-signature", f"the published commit {commit[:12]} is not trusted: {fault}", None, _BASE_HELP)


def refuse_own_signature(git: Git, commit: str, policy: SignaturePolicy) -> None:
    """Raises `Rejected` for a new commit that Argo CD would not sync."""
    fault = signature_fault(git, commit, policy) if policy.keys else None
    if fault is not None:
        raise rejection("commit-signature", f"Argo CD would not sync the new commit: {fault}", _OWN_HELP)


def signing_author(policy: SignaturePolicy) -> Author:
    """The author, who signs where the keys ask for it: with the first, unless `user.signingKey` names another one.

    Raises `Rejected` where the settings sign in another way.
    """
    if not policy.keys:
        return policy.author
    if policy.author.signature_format not in ("", "openpgp"):
        message = f"`gpg.format` is {policy.author.signature_format}, and Argo CD verifies GnuPG signatures only"
        raise rejection("commit-signature", message, _OWN_HELP)
    return policy.author.who_signs(policy.keys[0])


def signature_fault(git: Git, commit: str, policy: SignaturePolicy) -> str | None:
    """Why the commit does not count as signed by one of the keys; None where it does. May raise `GitError`."""
    headers, _, _ = git.run("cat-file", "commit", commit).partition(b"\n\n")
    if _GNUPG_SIGNATURE not in headers:
        return "no GnuPG key signed it"
    listing = git.run("log", "--max-count=1", _FORMAT, commit, "--", settings=policy.author.signing_settings)
    verdict, key, signer, primary = listing.decode("utf-8", "replace").upper().split("\n")[:4]
    if verdict not in _GOOD:
        return _FAULTS.get(verdict, _FAULTS["N"]).format(key=key)
    if _is_named(signer, policy.keys):
        return None
    whose = f", a subkey of {primary[-16:]}," if _is_named(primary, policy.keys) else ""
    return f"{signer[-16:]}{whose} signed it, but `argocd.signatureKeys` does not list that key"


def _is_named(fingerprint: str, keys: Sequence[str]) -> bool:
    return any(fingerprint.endswith(key.upper()) for key in keys)


_BASE_HELP = (
    "find out who pushed it; if its content is right, push a signed commit on top of it, or publish with "
    "`--allow base-signature --reason …`"
)
_OWN_HELP = "set `user.signingKey` to one of `argocd.signatureKeys` whose secret key is on this machine"
