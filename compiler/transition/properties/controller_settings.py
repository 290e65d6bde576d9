"""available, for ConfigMaps by which a controller works that stands in no folder; others are judged by readers."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.classification.controller_config import controller_influence
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import referenced_key

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The controllers that this commit tells something else."""
    change = judged.change
    for key in change.ops:
        influence = controller_influence(key.namespace, key.name) if key.distinct_kind == "ConfigMap" else ""
        if influence and _settings_differ(change, key) and not _is_read_here(change, key):
            goes = key not in change.target.objects
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key}: {'it is removed' if goes else 'its data changes'}, and a controller reads it. Not judged: "
                f"{influence}",
                (key,),
                "review the change by hand; if it does no harm, declare that once, with a reason (--inert "
                "KIND[:FIELD]=REASON, policy.verify.inert)",
                "warning",
            )


def _settings_differ(change: Change, key: Key) -> bool:
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    differ = old is not None and (new is None or old.get("data") != new.get("data"))
    return differ and not any(each.covers(key, "data") for each in change.options.inert)


def _is_read_here(change: Change, key: Key) -> bool:
    return any(
        referenced_key(each, ref) == key
        for each, workload in change.target.workloads.items()
        if each.namespace == key.namespace
        for ref in workload.template.needs
    )
