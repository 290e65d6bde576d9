"""The credential that an address carries, given to Git where no list of processes and no file shows it.

Git passes an address to its helpers as an argument, so the address must have none: a credential helper, a line of
shell that Git asks, reads it from the environment. Source: gitcredentials(7), git-config(1) GIT_CONFIG_COUNT.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import SplitResult, unquote, urlsplit

from compiler.model.address import without_credentials

_HELPER = '!printf \'username=%s\\npassword=%s\\n\' "$SHIPWAY_USERNAME" "$SHIPWAY_PASSWORD"; true'


def address_without_secret(repository: str) -> str:
    """The address to write into a repository's settings: without user and password where HTTP takes them otherwise."""
    return without_credentials(repository) if _carries_credential(repository) else repository


def credential_variables(repository: str) -> dict[str, str]:
    """The variables of the environment that let Git use what the address carries; none where it carries nothing."""
    if not _carries_credential(repository):
        return {}
    parts = urlsplit(repository)
    key = f"credential.{parts.scheme}://{_host(parts)}"
    username = unquote(parts.username or "")
    if parts.password is None:
        return _with_settings(os.environ, ((f"{key}.username", username),))
    settings = ((f"{key}.helper", ""), (f"{key}.helper", _HELPER))  # the empty one: no other helper is asked
    secrets = {"SHIPWAY_USERNAME": username, "SHIPWAY_PASSWORD": unquote(parts.password)}
    return {**_with_settings(os.environ, settings), **secrets}


def _carries_credential(repository: str) -> bool:
    return repository.startswith(("http://", "https://")) and "@" in urlsplit(repository).netloc


def _host(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _with_settings(environment: Mapping[str, str], settings: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The variables for more settings than those that the caller's environment gives already."""
    count = environment.get("GIT_CONFIG_COUNT", "")
    first = int(count) if count.isdecimal() else 0
    variables = {"GIT_CONFIG_COUNT": str(first + len(settings))}
    for number, (name, value) in enumerate(settings, first):
        variables |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return variables
