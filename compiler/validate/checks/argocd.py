"""What Argo CD reads: its Applications, and the text that makes it ignore a whole file, wherever it stands."""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Sequence

from compiler.diagnostics.model import Path
from compiler.model.manifest import Manifest, Object
from compiler.model.object_finding import (
    ObjectFinding,
    ObjectFindings,
    object_finding,
    path_text,
    spelling_suggestion,
)
from compiler.source.characters import SKIP_MARK

# docs/user-guide/sync-options.md and gitops-engine pkg/sync/common/types.go.
_OPTIONS = {
    **dict.fromkeys(("Validate", "Prune", "PruneLast", "ApplyOutOfSyncOnly", "Replace", "Force"), ("true", "false")),
    **dict.fromkeys(("ServerSideApply", "FailOnSharedResource", "CreateNamespace"), ("true", "false")),
    **dict.fromkeys(("RespectIgnoreDifferences", "ClientSideApplyMigration"), ("true", "false")),
    **dict.fromkeys(("SkipDryRunOnMissingResource", "AllowEmpty"), ("true", "false")),
    "PrunePropagationPolicy": ("background", "foreground", "orphan"),
    "Delete": ("true", "false", "confirm"),
}


def check_application(obj: Object) -> Iterator[ObjectFinding]:
    """Sync options that Argo CD knows, one destination, and one way to name the source."""
    spec = obj["spec"]
    options = spec.get("syncPolicy", {}).get("syncOptions", ())
    for index, option in enumerate(options):
        name, _, value = option.partition("=")
        path = ("spec", "syncPolicy", "syncOptions", index)
        if name not in _OPTIONS:
            message = f"`{option[:60]}` is not a sync option of Argo CD"
            yield object_finding("argocd-annotation", path, message, spelling_suggestion(name, _OPTIONS))
        elif value not in _OPTIONS[name]:
            message = f"the sync option {name} must be {' or '.join(_OPTIONS[name])}, not `{value[:40]}`"
            yield object_finding("argocd-annotation", path, message)
    destination = spec["destination"]
    if ("server" in destination) == ("name" in destination):
        yield object_finding("choice-of-one", ("spec", "destination"), "a destination needs either `server` or `name`")
    if "source" in spec and "sources" in spec:
        yield object_finding(
            "choice-of-one", ("spec", "source"), "an Application can have `source` or `sources`, not both"
        )


_BYTES = SKIP_MARK.encode()


def check_skip_marker(manifests: Sequence[Manifest]) -> ObjectFindings:
    """Each key or text with the mark (Argo CD: reposerver/repository/repository.go); it also deletes what it hides.

    One search through all texts of a release costs 16 µs, one for each object 43, a walk through all of them 200.
    """
    if not _may_hold_mark([manifest.object for manifest in manifests]):
        return []
    marked = [manifest for manifest in manifests if _may_hold_mark(manifest.object)]
    return [(manifest, _marked_finding(path)) for manifest in marked for path in _marked_paths(manifest.object, ())]


def _may_hold_mark(data: Object | list[Object]) -> bool:
    try:
        return _BYTES in marshal.dumps(data)
    except ValueError:  # not plain data, which is a finding already
        return isinstance(data, list)


def _marked_finding(path: Path) -> ObjectFinding:
    return object_finding("file-hidden", path, f"`{path_text(path)}` contains the placeholder `{SKIP_MARK}`")


def _marked_paths(value: object, path: Path) -> Iterator[Path]:
    if isinstance(value, str):
        if SKIP_MARK in value:
            yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            if SKIP_MARK in str(key):
                yield (*path, key)
            yield from _marked_paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _marked_paths(inner, (*path, index))
