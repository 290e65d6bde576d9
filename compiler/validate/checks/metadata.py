"""Annotations, of every kind of object: their size, and those that Argo CD reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from compiler.manifest import Object
from compiler.validate.finding import Finding, found, nearest

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
_POLICIES = frozenset(("HookSucceeded", "HookFailed", "BeforeHookCreation"))
_COMPARE = frozenset(("IgnoreExtraneous", "ServerSideDiff=true", "ServerSideDiff=false", "IncludeMutationWebhook=true"))
_WORDS = {
    "sync-options": _OPTIONS,
    "hook": _HOOKS,
    "hook-delete-policy": _POLICIES,
    "compare-options": _COMPARE,
}


def check_metadata(obj: Object) -> Iterator[Finding]:
    """Annotations within 256 KiB, and those of Argo CD in the form that it reads."""
    annotations = obj["metadata"].get("annotations")
    if not annotations:
        return
    size = 0
    for key, value in annotations.items():
        size += len(key) + len(value)
        if "argo" in key:
            yield from _of_argo_cd(key, value)
    # Bytes only where characters could make the difference: four at most for each.
    if size * 4 > 262_144 and sum(len(k.encode()) + len(v.encode()) for k, v in annotations.items()) > 262_144:
        yield found("annotations-too-large", ("metadata", "annotations"), "the annotations exceed 256 KiB together")


def _of_argo_cd(key: str, value: str) -> Iterator[Finding]:
    path = ("metadata", "annotations", key)
    if key.startswith(_LINK) and not re.match(r"https?://[^\s/]", value):
        yield found("link-unsafe", path, f"`{key}` is no http or https address")
    if key.startswith(_ARGO):
        check = _BY_NAME.get(name := key.removeprefix(_ARGO))
        if check is not None:
            yield from check(name, value, path)


def _wave(_: str, value: str, path: tuple[str, ...]) -> Iterator[Finding]:
    if not _WAVE.fullmatch(value):
        yield found("sync-wave-invalid", path, f"the sync wave `{value[:40]}` is no whole number")


def _owned(name: str, _: str, path: tuple[str, ...]) -> Iterator[Finding]:
    yield found("argocd-annotation", path, f"`{_ARGO}{name}` is written by Argo CD, never in a manifest")


def _words(name: str, value: str, path: tuple[str, ...]) -> Iterator[Finding]:
    known = _WORDS[name]
    for word in (part.strip() for part in value.split(",")):
        if word and word not in known:
            message = f"`{_ARGO}{name}` knows no `{word[:60]}`"
            yield found("argocd-annotation", path, message, nearest(word, known))


_BY_NAME: dict[str, Callable[[str, str, tuple[str, ...]], Iterator[Finding]]] = {
    "sync-wave": _wave,
    "tracking-id": _owned,
    "installation-id": _owned,
    **dict.fromkeys(_WORDS, _words),
}
