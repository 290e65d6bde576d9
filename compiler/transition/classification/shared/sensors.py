"""What a Sensor does when its events come: whether it does more than start batch work, and tell people.

Source: Argo Events, pkg/apis/events/v1alpha1/sensor_types.go `Trigger`, and
pkg/sensors/triggers/standard-k8s/standard-k8s.go `Execute` (it creates where no operation is written), and
pkg/sensors/artifacts `GetArtifactReader` (of several sources of an object, `resource` comes last).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.model.objects import mapping_items, mapping_or_empty, nested_value

HARMLESS_TRIGGERS = frozenset({"argoWorkflow", "email", "log", "slack"})
BESIDE_TRIGGERS = frozenset({"conditions", "conditionsReset", "name"})
BATCH_WORK = frozenset({("argoproj.io", "Workflow"), ("batch", "Job")})
POD_LABELS = (("podMetadata", "labels"), ("template", "metadata", "labels"))


def reaches_receivers(old: Any, new: Any) -> bool:
    """Whether either form of a Sensor does more than start batch work, and tell people.

    Pods with labels of their own count: a Service may select them.
    """
    sides = [side for side in (old, new) if side is not None]
    triggers = [each for side in sides for each in mapping_items(nested_value(side, "spec", "triggers"))]
    labeled = any(nested_value(side, "spec", "template", "metadata", "labels") for side in sides)
    return labeled or any(_does_more_than_start(each) for each in triggers)


def _does_more_than_start(trigger: Mapping[str, Any]) -> bool:
    kinds = mapping_or_empty(trigger.get("template")).keys() - BESIDE_TRIGGERS
    others = kinds - HARMLESS_TRIGGERS
    return bool(others) and not (others == {"k8s"} and _creates_batch_work(trigger))


def _creates_batch_work(trigger: Mapping[str, Any]) -> bool:
    """Whether events change nothing of it but the body of the batch work: parameters can change all else too."""
    created = mapping_or_empty(nested_value(trigger, "template", "k8s"))
    source = mapping_or_empty(created.get("source"))
    made = mapping_or_empty(source.get("resource"))
    group = str(made.get("apiVersion", "")).rpartition("/")[0]
    places = [str(each.get("dest", "")) for each in mapping_items(created.get("parameters"))]
    return (
        created.get("operation", "create") in ("", "create")
        and (group, made.get("kind")) in BATCH_WORK
        and source.keys() == {"resource"}
        and not any(nested_value(made, "spec", *place) for place in POD_LABELS)
        and all(place.startswith(("metadata.", "spec.")) for place in places)
        and not trigger.get("parameters")
    )
