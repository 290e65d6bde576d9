"""Annotations, of every kind of object: their size, and those that Argo CD reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding, spelling_suggestion

_ARGO = "argocd.argoproj.io/"
# strconv.Atoi: a sign and digits, within 64 bits.
_WAVE = re.compile(r"[+-]?[0-9]{1,18}")
_LINK = "link.argocd.argoproj.io/"

# Argo CD: gitops-engine pkg/sync/common/types.go.
_OPTIONS = frozenset(
    {f"{name}={value}" for name in ("Prune", "Delete") for value in ("true", "false", "confirm")}
    | {f"{name}={value}" for name in ("PruneLast", "Validate", "Replace", "Force") for value in ("true", "false")}
    | {f"{name}={value}" for name in ("ServerSideApply", "ClientSideApplyMigration") for value in ("true", "false")}
    | {"SkipDryRunOnMissingResource=true", "SkipDryRunOnMissingResource=false"}
)
_HOOKS = frozenset(("PreSync", "Sync", "PostSync", "SyncFail", "PostDelete", "PreDelete", "Skip"))
_DELETE_POLICIES = frozenset(("HookSucceeded", "HookFailed", "BeforeHookCreation"))
_COMPARE_OPTIONS = frozenset(
    ("IgnoreExtraneous", "ServerSideDiff=true", "ServerSideDiff=false", "IncludeMutationWebhook=true")
)
_ALLOWED_VALUES = {
    "sync-options": _OPTIONS,
    "hook": _HOOKS,
    "hook-delete-policy": _DELETE_POLICIES,
    "compare-options": _COMPARE_OPTIONS,
}


def check_metadata(obj: Object) -> Iterator[ObjectFinding]:
    """Annotations within 256 KiB, and those of Argo CD in the form that it reads."""
    annotations = obj["metadata"].get("annotations")
    if not annotations:
        return
    size = 0
    for key, value in annotations.items():
        size += len(key) + len(value)
        if "argo" in key:
            yield from _argo_cd_findings(key, value)
    # Bytes only where characters could make the difference: four at most for each.
    if size * 4 > 262_144 and sum(len(k.encode()) + len(v.encode()) for k, v in annotations.items()) > 262_144:
        yield object_finding(
            "annotations-too-large", ("metadata", "annotations"), "the annotations together exceed 256 KiB"
        )


def _argo_cd_findings(key: str, value: str) -> Iterator[ObjectFinding]:
    path = ("metadata", "annotations", key)
    if key.startswith(_LINK) and not re.match(r"https?://[^\s/]", value):
        yield object_finding("link-unsafe", path, f"`{key}` is not an http or https address")
    if key.startswith(_ARGO):
        check = _BY_NAME.get(name := key.removeprefix(_ARGO))
        if check is not None:
            yield from check(name, value, path)


def _sync_wave_findings(_: str, value: str, path: tuple[str, ...]) -> Iterator[ObjectFinding]:
    if not _WAVE.fullmatch(value):
        yield object_finding("sync-wave-invalid", path, f"the sync wave `{value[:40]}` is not a whole number")


def _reserved_annotation_findings(name: str, _: str, path: tuple[str, ...]) -> Iterator[ObjectFinding]:
    yield object_finding("argocd-annotation", path, f"`{_ARGO}{name}` is written by Argo CD, never in a manifest")


def _unknown_option_findings(name: str, value: str, path: tuple[str, ...]) -> Iterator[ObjectFinding]:
    known = _ALLOWED_VALUES[name]
    for word in (part.strip() for part in value.split(",")):
        if word and word not in known:
            message = f"`{word[:60]}` is not a valid value of `{_ARGO}{name}`"
            yield object_finding("argocd-annotation", path, message, spelling_suggestion(word, known))


_BY_NAME: dict[str, Callable[[str, str, tuple[str, ...]], Iterator[ObjectFinding]]] = {
    "sync-wave": _sync_wave_findings,
    "tracking-id": _reserved_annotation_findings,
    "installation-id": _reserved_annotation_findings,
    **dict.fromkeys(_ALLOWED_VALUES, _unknown_option_findings),
}
