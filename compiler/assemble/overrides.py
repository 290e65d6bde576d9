"""`overrides`: anything else, merged into one named object, except what Shipway's proofs rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from compiler.diagnostics.model import Path, Problem
from compiler.diagnostics.suggest import did_you_mean
from compiler.manifest import Manifest, Object, Origin
from compiler.objects import WAVE

OVERRIDES: Path = ("spec", "overrides")
KEPT: Final[tuple[Path, ...]] = (
    ("apiVersion",),
    ("kind",),
    ("metadata", "name"),
    ("metadata", "namespace"),
    ("metadata", "annotations", WAVE),
    ("spec", "selector"),
    ("spec", "template", "metadata", "labels"),
)


def check_overrides(overrides: Mapping[str, Any], manifests: Sequence[Manifest]) -> list[Problem]:
    """Overrides of objects that do not exist, and of names, selectors and waves."""
    names = {key_of(manifest) for manifest in manifests} if overrides else set()
    problems = []
    for key, tree in overrides.items():
        if key not in names:
            guess = did_you_mean(key, sorted(names))
            text = f"did you mean `{guess}`?" if guess else f"the objects are: {', '.join(sorted(names))}"
            problems.append(
                Problem("override-unknown-object", f"no object is called {key}", (*OVERRIDES, key), text, on_key=True)
            )
        problems += [kept(key, path) for path in KEPT if has(tree, path)]
    return problems


def kept(key: str, path: Path) -> Problem:
    return Problem(
        "override-kept-field",
        f"`{'.'.join(str(part) for part in path)}` cannot be overridden: the safety of every commit rests on it",
        (*OVERRIDES, key, *path),
        "remove it; what a strategy decides is changed through the strategy",
        on_key=True,
    )


def has(tree: Any, path: Path) -> bool:
    for part in path:
        if not isinstance(tree, dict) or part not in tree:
            return False
        tree = tree[part]
    return True


def key_of(manifest: Manifest) -> str:
    return f"{manifest.kind}/{manifest.name}"


def overridden(manifest: Manifest, overrides: Mapping[str, Any]) -> Manifest:
    """The object with its override merged in: maps merge, lists replace, null deletes (as in RFC 7386)."""
    key = key_of(manifest)
    if key not in overrides:
        return manifest
    tree = overrides[key]

    def fields() -> dict[Path, Origin]:
        origins = {path: Origin((*OVERRIDES, key, *path), "overrides") for path in leaves(tree)}
        return {**manifest.fields(), **origins}

    return Manifest(merge(manifest.object, tree), manifest.origin, fields)


def merge(base: Object, patch: Mapping[str, Any]) -> Object:
    merged = dict(base)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            below = merged.get(key)
            merged[key] = merge(below if isinstance(below, dict) else {}, value)
        else:
            merged[key] = value
    return merged


def leaves(tree: Any, path: Path = ()) -> list[Path]:
    """The paths of all that is no map."""
    if isinstance(tree, dict):
        return [leaf for key, value in tree.items() for leaf in leaves(value, (*path, key))]
    return [path]
