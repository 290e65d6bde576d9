"""What the reference reads of any manifest: its name, its labels' form, and how it is synced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Object = Mapping[str, Any]
Key = tuple[str, str]
WAVE = "argocd.argoproj.io/sync-wave"
OPTIONS = "argocd.argoproj.io/sync-options"
HOOK = "argocd.argoproj.io/hook"
DELETION = "argocd.argoproj.io/hook-delete-policy"
NGINX = "nginx.ingress.kubernetes.io/"
KIND_ORDER = [
    "NetworkPolicy", "ResourceQuota", "ConfigMap", "Service", "DaemonSet", "Deployment", "HorizontalPodAutoscaler",
    "StatefulSet", "Job", "Ingress",
]  # fmt: skip
"""Custom kinds come last; their names decide among them, on which nobody should rely: here they come in any order."""
PHASES = ["PreSync", "Sync", "PostSync"]
Labels = tuple[tuple[str, str], ...]


def key(obj: Object) -> Key:
    return obj["kind"], obj["metadata"]["name"]


def annotation(obj: Object, name: str, default: str) -> str:
    return str(obj["metadata"].get("annotations", {}).get(name, default))


def wave(obj: Object) -> int:
    return int(annotation(obj, WAVE, "0"))


def phase(obj: Object) -> int:
    return PHASES.index(annotation(obj, HOOK, "Sync"))


def is_hook(obj: Object) -> bool:
    return annotation(obj, HOOK, "") != ""


def deletion(obj: Object) -> str:
    """When a hook is deleted: before it is created anew, unless it says otherwise."""
    return annotation(obj, DELETION, "BeforeHookCreation") if is_hook(obj) else ""


def sync_options(obj: Object) -> list[str]:
    return annotation(obj, OPTIONS, "").split(",")
