"""Defaults that nobody wrote and no apply takes out, though the API server refuses them beside the new strategy.

Source: Kubernetes, pkg/apis/apps/v1/defaults.go (`SetDefaults_Deployment`, `SetDefaults_StatefulSet`) and
pkg/apis/apps/validation (`ValidateDeploymentStrategy`, `ValidateStatefulSetSpec`); a client-side patch keeps of a
Deployment's strategy only what it names (apps/v1 types.go, patchStrategy retainKeys).
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_or_empty, nested_value

SERVER_SIDE = "ServerSideApply=true"
LEFT = "rollingUpdate"


def left_default(key: Key, old: Object, new: Object, asked: Set[str]) -> str:
    """The field that stays in the live object when `new` is written over `old` with these options; empty: none."""
    if "Replace=true" in asked:
        return ""
    if key[:2] == ("apps", "Deployment"):
        before, after = (_strategy(obj, "strategy") for obj in (old, new))
        filled = before.get("type") in (None, "", "RollingUpdate") and before.get(LEFT) is None
        turned = after.get("type") == "Recreate" and SERVER_SIDE in asked
        return f"spec.strategy.{LEFT}" if filled and turned else ""
    if key[:2] == ("apps", "StatefulSet"):
        before, after = (_strategy(obj, "updateStrategy") for obj in (old, new))
        filled = not before.get("type") and before.get(LEFT) is None
        turned = after.get("type") == "OnDelete" and (SERVER_SIDE in asked or LEFT not in after)
        return f"spec.updateStrategy.{LEFT}" if filled and turned else ""
    return ""


def _strategy(obj: Object, field: str) -> Mapping[str, Any]:
    return mapping_or_empty(nested_value(obj, "spec", field))
