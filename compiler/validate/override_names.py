"""Overrides of objects that the release does not write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from compiler.diagnostics.model import Path, Problem
from compiler.diagnostics.suggest import did_you_mean
from compiler.model.manifest import Manifest
from compiler.model.topology import Topology

OVERRIDES: Final[Path] = ("spec", "overrides")


def check_overrides(
    overrides: Mapping[str, Any], manifests: Sequence[Manifest], release: str, topology: Topology
) -> list[Problem]:
    """Overrides of objects that do not exist; those of a track that holds no version now wait for the next one."""
    shares = {share.track for split in topology.splits for share in split.shares}
    awaited = tuple(f"{release}-{track}" for track in shares if topology.workload(track) is None)
    names = {f"{manifest.kind}/{manifest.name}" for manifest in manifests} if overrides else set()
    problems = []
    for key in overrides:
        if key not in names and not names_track_object(key, awaited):
            guess = did_you_mean(key, sorted(names))
            text = f"did you mean `{guess}`?" if guess else f"the objects are: {', '.join(sorted(names))}"
            problems.append(
                Problem("override-unknown-object", f"no object is called {key}", (*OVERRIDES, key), text, on_key=True)
            )
    return problems


def names_track_object(key: str, awaited: tuple[str, ...]) -> bool:
    """Whether the key names an object of one of these tracks: `Deployment/web-green`, `Service/web-green-smoke`."""
    return any(f"{key.partition('/')[2]}-".startswith(f"{name}-") for name in awaited)
