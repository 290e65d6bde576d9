"""`overrides`: anything else, merged into one named object, except what Shipway's proofs rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from compiler.assemble.frame import HOOKS, LONGEST_REQUEST, WAVE
from compiler.diagnostics.model import Path, Problem
from compiler.diagnostics.suggest import did_you_mean
from compiler.model.manifest import Manifest, Object
from compiler.model.provenance import derived
from compiler.model.topology import Topology
from compiler.rules.reserved_metadata import LABELS

OVERRIDES: Path = ("spec", "overrides")
PROTECTED_PATHS: Final[tuple[Path, ...]] = (
    ("apiVersion",),
    ("kind",),
    ("metadata", "name"),
    ("metadata", "namespace"),
    *(("metadata", "labels", key) for key in LABELS),
    *(("metadata", "annotations", key) for key in (WAVE, *HOOKS)),
    ("spec", "selector"),
    ("spec", "template", "metadata", "labels"),
    ("spec", "template", "metadata", "annotations", LONGEST_REQUEST),
)


def check_protected_paths(overrides: Mapping[str, Any]) -> list[Problem]:
    """Overrides of names, selectors and waves, and of what holds them as a whole. They are refused before any merge."""
    found = {
        (key, path): None
        for key, tree in overrides.items()
        for kept in PROTECTED_PATHS
        for path in protected_paths_touched(tree, kept)
    }
    return [protected_path_problem(key, path) for key, path in found]


def protected_paths_touched(tree: Any, kept: Path) -> list[Path]:
    """The kept path if the tree has it, or the part of it that the tree replaces or deletes whole."""
    for depth, part in enumerate(kept):
        if part not in tree:
            return []
        tree = tree[part]
        if not isinstance(tree, dict):
            return [kept[: depth + 1]]
    return [kept]


def protected_path_problem(key: str, path: Path) -> Problem:
    return Problem(
        "override-kept-field",
        f"`{'.'.join(str(part) for part in path)}` cannot be overridden: the safety of every commit rests on it",
        (*OVERRIDES, key, *path),
        "remove it; what a strategy decides is changed through the strategy",
        on_key=True,
    )


def check_overrides(
    overrides: Mapping[str, Any], manifests: Sequence[Manifest], release: str, topology: Topology
) -> list[Problem]:
    """Overrides of objects that do not exist; those of a track that holds no version now wait for the next one."""
    shares = {share.track for split in topology.splits for share in split.shares}
    awaited = tuple(f"{release}-{track}" for track in shares if topology.workload(track) is None)
    names = {override_key(manifest) for manifest in manifests} if overrides else set()
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


def override_key(manifest: Manifest) -> str:
    return f"{manifest.kind}/{manifest.name}"


def with_override(manifest: Manifest, overrides: Mapping[str, Any]) -> Manifest:
    """The object with its override merged in: maps merge, lists replace, null deletes (as in RFC 7386)."""
    key = override_key(manifest)
    if key not in overrides:
        return manifest
    return Manifest(merge_patch(manifest.object, overrides[key]), manifest.origin)


def merge_patch(base: Object, patch: Mapping[str, Any]) -> Object:
    merged = dict(base)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            below = merged.get(key)
            merged[key] = (
                merge_patch(below, value) if isinstance(below, dict) else derived(merge_patch({}, value), value)
            )
        else:
            merged[key] = value
    return merged
