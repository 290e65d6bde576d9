"""The lists of kinds of an AppProject: Argo CD, pkg/apis/application/v1alpha1/app_project_types.go."""

from __future__ import annotations

from typing import Any, Final

from compiler.model.objects import mapping_items

KIND_LISTS: Final = (
    "clusterResourceBlacklist",
    "clusterResourceWhitelist",
    "namespaceResourceBlacklist",
    "namespaceResourceWhitelist",
)


def narrows(field: str, old: Any, new: Any) -> bool:
    """Whether a list of kinds permits less than it did."""
    before, after = ([dict(item) for item in mapping_items(value)] for value in (old, new))
    if field.endswith("Blacklist"):
        return any(item not in before for item in after)
    everything = old is None and field.startswith("namespace")
    return (everything and new is not None) or any(item not in after for item in before)
