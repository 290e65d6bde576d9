"""`ENV` and `ENV/RELEASE` as commands take them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compiler.diagnostics.model import Diagnostic, Rejected, accepted
from compiler.rules.environments import check_environments
from compiler.source import Document
from compiler.source.workspace import environment_names, readable_environments, unknown_name_diagnostic
from compiler.support.parallel import WHOLE, Shard


def chosen_environments(root: Path, wanted: Sequence[str], environments: Sequence[Document] | None = None) -> list[str]:
    """The wanted environments, or all; `environments` are their documents, if they were read already.

    Raises Rejected for a name that none has, and where environments conflict.
    """
    names = environment_names(root)
    unknown = [name for name in wanted if name not in names]
    if unknown:
        # who names a release where an environment is asked for means the release's
        raise Rejected(
            [unknown_name_diagnostic("environment", name, names, name.partition("/")[0]) for name in unknown]
        )
    accepted(check_environments(readable_environments(root) if environments is None else environments, names))
    return [name for name in names if not wanted or name in wanted]


def selected_releases(
    root: Path, names: Sequence[str], environments: Sequence[Document] | None = None, shard: Shard = WHOLE
) -> dict[str, set[str]]:
    """The environments to work on, and in each the releases that were named (empty: all). Raises Rejected.

    `environments` are as `chosen_environments` takes them. A shard divides whole environments.
    """
    named = next((name for name in names if "/" in name), None)
    if named is not None and shard != WHOLE:
        message = f"{named!r} is one release, but `--shard {shard}` divides a whole environment"
        raise Rejected(
            [Diagnostic("shard-of-release", message, None, "name the environment alone, or leave `--shard` out")]
        )
    wanted: dict[str, set[str]] = {}
    for name in names:
        environment, _, release = name.partition("/")
        chosen = wanted.setdefault(environment, set())
        if release:
            chosen.add(release)
    order = chosen_environments(root, list(wanted), environments)
    # an environment that is named by itself means all its releases, whichever others are named beside it
    return {name: set() if name in names else wanted.get(name, set()) for name in order}


def check_releases(wanted: set[str], known: Sequence[str]) -> None:
    """Raises Rejected for a name that no release has."""
    unknown = sorted(wanted - set(known))
    if unknown:
        raise Rejected([unknown_name_diagnostic("release", name, known) for name in unknown])


def split_name(name: str) -> tuple[str, str]:
    """The environment and the release of ENV/RELEASE. Raises Rejected for anything else."""
    environment, slash, release = name.partition("/")
    if not (environment and slash and release) or "/" in release:
        advice = "name an environment and a release or group: prod/recommender"
        raise Rejected([Diagnostic("name-incomplete", f"{name!r} is not ENV/RELEASE", None, advice)])
    return environment, release
