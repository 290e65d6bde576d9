"""What nobody has proven: requests that pass to pods of another workload, which differ in what nobody judges.

In a workload that changes, such fields are named with the object; one that comes as a whole does nothing to anybody
until requests pass to it. Liveness probes have been asked of it by then, before it got any (pkg/kubelet/prober).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.model.classification import Unjudged
from compiler.model.objects import Key, mapping_or_empty
from compiler.transition.classification.compare import (
    FieldDifference,
    counts_in_changed_objects_only,
    field_differences,
    is_unjudged,
)
from compiler.transition.classification.shared.pods import POD_SPEC
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
LIVENESS = ".livenessProbe"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """A class of which other workloads answer in the end than before, none of which had pods of this kind."""
    item, change = served.guarantee, served.change
    before, after = (dict.fromkeys(side.workloads) for side in (item.before, item.after))
    old = [spec for key in before if (spec := _pod_spec(change.live, key)) is not None]
    for key in after:
        new = _pod_spec(change.target, key)
        if key in before or new is None or not old:
            continue
        named = [list(_unjudged_differences(spec, new)) for spec in old]
        if all(named):
            first, influence = named[0][0]
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{item.request} passes from {next(iter(before))} to {key}, whose pods differ in {first.path}. Not "
                f"judged: {influence}",
                (key, next(iter(before))),
                "let both workloads have the same value, or review by hand what it does to these requests",
                "warning",
                END,
                item.request,
            )
            return


def _pod_spec(snapshot: Snapshot, key: Key) -> Any:
    workload = snapshot.workloads.get(key)
    return None if workload is None else mapping_or_empty(workload.template.raw.get("spec"))


def _unjudged_differences(old: Any, new: Any) -> Iterator[tuple[FieldDifference, str]]:
    for difference in field_differences(old, new, POD_SPEC, "spec"):
        known = difference.classification
        hidden = is_unjudged(difference) and counts_in_changed_objects_only(difference)
        if isinstance(known, Unjudged) and hidden and LIVENESS not in difference.path:
            yield difference, known.influence
