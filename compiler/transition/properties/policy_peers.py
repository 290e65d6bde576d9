"""available, as far as labels of pods in other namespaces decide it: whom a NetworkPolicy admits is not known then.

Source: Kubernetes, pkg/apis/networking/types.go `NetworkPolicyPeer` (both selectors: pods so labelled in those
namespaces); the pods of a gateway stand in no folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The policies that come to admit pods of other namespaces by labels."""
    change = judged.change
    for key in change.ops:
        if key.kind == "NetworkPolicy" and key in change.target.objects:
            before = list(_peers_by_label(change.live.objects.get(key, {})))
            if any(peer not in before for peer in _peers_by_label(change.target.objects[key])):
                yield _unknown_peer(key)


def _peers_by_label(policy: Object) -> Iterator[Mapping[str, Any]]:
    for rule in mapping_items(nested_value(policy, "spec", "ingress")):
        for peer in mapping_items(rule.get("from")):
            if "namespaceSelector" in peer and mapping_or_empty(peer.get("podSelector")):
                yield peer


def _unknown_peer(key: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key}: spec.ingress[].from[].podSelector changes. Not judged: which pods of other namespaces these are",
        (key,),
        "judge it by hand, or admit the whole namespace",
        "warning",
    )
