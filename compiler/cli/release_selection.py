"""`ENV` and `ENV/RELEASE` as commands take them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compiler.diagnostics.model import Rejected
from compiler.source.workspace import chosen_environments, unknown_name_diagnostic


def selected_releases(root: Path, names: Sequence[str]) -> dict[str, set[str]]:
    """The environments to work on, and in each the releases that were named (empty: all). Raises Rejected."""
    wanted: dict[str, set[str]] = {}
    for name in names:
        environment, _, release = name.partition("/")
        chosen = wanted.setdefault(environment, set())
        if release:
            chosen.add(release)
    order = chosen_environments(root, list(wanted))
    # an environment named as a whole is meant whole, whatever else was named of it
    return {name: set() if name in names else wanted.get(name, set()) for name in order}


def check_releases(wanted: set[str], known: Sequence[str]) -> None:
    """Raises Rejected for a release that is none."""
    unknown = sorted(wanted - set(known))
    if unknown:
        raise Rejected([unknown_name_diagnostic("release", name, known) for name in unknown])
