"""accepted, as far as the version of Kubernetes decides it: the API versions that it serves, the fields that it knows.

Source: Argo CD gitops-engine, pkg/sync/sync_context.go `getSyncTasks` (a kind that the API server does not serve fails
the whole operation, before anything is applied).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.objects import Key, distinct_kind, mapping_items, nested_value
from compiler.transition.facts.api_versions import dropped_pod_field, unserved_pod_field, unserved_text
from compiler.transition.facts.rules.admission_rule import pod_or_template
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import START, Change, Cut

PROPERTY = "accepted"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Objects that the version refuses. Where nobody said which it is, what does not change was applied before."""
    change = judged.change
    yield from _versions_given_up(change)
    stated = not change.options.kubernetes_assumed
    for key in change.target.objects if stated else change.ops:
        text = _unserved(change, key, stated=stated)
        if text:
            yield PropertyBreach(
                "object-refused",
                PROPERTY,
                f"{key}: {text}",
                (key,),
                "use an apiVersion that this version serves, or give the cluster's version with --kubernetes",
                cut=Cut(change.ops[key][0]) if key in change.ops else START,
            )
        dropped = _dropped(change, key) if stated and not text else ""
        if dropped:
            yield PropertyBreach(
                "field-dropped",
                PROPERTY,
                f"Kubernetes {change.options.kubernetes} drops {dropped}, unless its feature gate is on: Argo CD then "
                f"never finds {key} in sync",
                (key,),
                "remove the field until the cluster has a later version, or turn on its feature gate",
                "warning",
            )


def _versions_given_up(change: Change) -> Iterator[PropertyBreach]:
    """Objects of the folder in a version that their definition no longer serves."""
    for key in change.ops:
        old, new = change.live.objects.get(key), change.target.objects.get(key)
        if key.kind == "CustomResourceDefinition" and old is not None and new is not None:
            group, kind = nested_value(new, "spec", "group"), str(nested_value(new, "spec", "names", "kind"))
            gone = {f"{group}/{version}" for version in served_names(old) - served_names(new)}
            held = [
                each
                for each in change.target.of_kind(distinct_kind(str(group), kind))
                if change.target.objects[each]["apiVersion"] in gone
            ]
            if held:
                yield PropertyBreach(
                    "object-refused",
                    PROPERTY,
                    f"{held[0]}: {key} no longer serves apiVersion {change.target.objects[held[0]]['apiVersion']}",
                    (held[0], key),
                    "in an earlier commit, change the objects to a version that stays",
                    cut=change.moment(key),
                )


def served_names(definition: Object) -> set[str]:
    """The versions that a CustomResourceDefinition serves."""
    versions = mapping_items(nested_value(definition, "spec", "versions"))
    return {str(version.get("name")) for version in versions if version.get("served")}


def _unserved(change: Change, key: Key, *, stated: bool) -> str:
    obj, version = change.target.objects.get(key), change.options.kubernetes
    text = "" if obj is None else unserved_text(obj, version, stated=stated)
    if obj is not None and stated and not text and key in change.ops:
        return unserved_pod_field(pod_or_template(obj), version)
    return text


def _dropped(change: Change, key: Key) -> str:
    written = key in change.ops and key in change.target.objects
    return dropped_pod_field(pod_or_template(change.target.objects[key]), change.options.kubernetes) if written else ""
