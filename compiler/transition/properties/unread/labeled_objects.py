"""What nobody has proven: objects that nobody reads, stay as they are, and select Services or routes by labels that
this commit changes.

Source: Cilium, Documentation/network/lb-ipam.rst (`serviceSelector`); MetalLB, api/v1beta1 (`serviceSelectors`); Envoy
Gateway, api/v1alpha1/policy_helpers.go (`targetSelectors`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from compiler.model.objects import Key, label_selector_accepts, mapping_items, mapping_or_empty, object_labels
from compiler.transition.properties.unread.selecting_policies import content_of
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "available"
SERVICE_SELECTORS = frozenset({"serviceSelector", "serviceSelectors"})


class ObjectSelector(NamedTuple):
    """Which objects another one selects: those of a kind by their labels, of all namespaces or of its own."""

    kind: str
    labels: Mapping[str, Any]
    everywhere: bool


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The unread objects that select an object before the commit or after it, and not both times."""
    change = judged.change
    labeled = list(_labeled_otherwise(change)) if judged.standing else []
    for selecting, obj in judged.standing.items() if labeled else ():
        for selector in _selectors(content_of(obj)) if selecting in change.target.objects else ():
            for key, before, after in labeled:
                near = selector.everywhere or key.namespace == selecting.namespace
                if near and key.kind == selector.kind and _tells_apart(selector.labels, before, after):
                    yield PropertyBreach(
                        "unknown-kind",
                        PROPERTY,
                        f"{selecting} selects {key.kind}s by labels, and those of {key} change. Not judged: what "
                        f"{selecting.kind} {selecting.name} does with it",
                        (selecting, key),
                        "keep the labels by which it is selected",
                        "warning",
                    )


def _labeled_otherwise(change: Change) -> Iterator[tuple[Key, Mapping[str, str], Mapping[str, str]]]:
    """The objects that stay with other labels, each with those of before and of after."""
    for key in change.ops:
        if key in change.live.objects and key in change.target.objects:
            before, after = (object_labels(side.objects[key]) for side in (change.live, change.target))
            if before != after:
                yield key, before, after


def _selectors(part: Any) -> Iterator[ObjectSelector]:
    """Every selector inside of an object's content that is known to be one of other objects than pods."""
    for name, value in part.items() if isinstance(part, dict) else ():
        if name in SERVICE_SELECTORS:
            for selector in value if isinstance(value, list) else [value]:
                yield ObjectSelector("Service", mapping_or_empty(selector), everywhere=True)
        elif name == "targetSelectors":
            for selector in mapping_items(value):
                yield ObjectSelector(str(selector.get("kind")), selector, everywhere=False)
        else:
            yield from _selectors(value)
    for value in part if isinstance(part, list) else ():
        yield from _selectors(value)


def _tells_apart(selector: Mapping[str, Any], before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    return label_selector_accepts(selector, before) != label_selector_accepts(selector, after)
