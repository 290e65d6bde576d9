"""What nobody has proven: pods that come under the selector of a Gateway of Istio, or leave it, with a new template.

Source: Istio, networking/v1 `Gateway.selector` (the pods, of any namespace, on which it is configured).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, equality_selector_matches, nested_value, string_entries
from compiler.transition.properties.unread.unread_readers import ISTIO
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads whose old or new pods a Gateway that stays selects, and not both."""
    change = judged.change
    for gateway in change.target.of_kind("Gateway"):
        if gateway.group == ISTIO and gateway in change.live.objects:
            selector = string_entries(nested_value(change.target.objects[gateway], "spec", "selector"))
            for workload in _relabeled(judged, selector):
                yield PropertyBreach(
                    "field-unproven",
                    PROPERTY,
                    f"{gateway} selects pods of {workload} before this commit or after it, and not both. Not judged: "
                    "which gateways serve its hosts",
                    (gateway, workload),
                    "keep the labels by which the Gateway selects pods",
                    "warning",
                    change.moment(workload),
                )


def _relabeled(judged: JudgedChange, selector: dict[str, str]) -> Iterator[Key]:
    live, target = judged.change.live.workloads, judged.change.target.workloads
    for key, new in target.items():
        old = live.get(key)
        if selector and old is not None and old.template is not new.template:
            before, after = (equality_selector_matches(selector, each.template.labels) for each in (old, new))
            if before != after:
                yield key
