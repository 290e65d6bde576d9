"""available, for Secrets that tell Argo CD of a cluster: ApplicationSets make Applications of what they say.

Source: Argo CD, docs/operator-manual/declarative-setup.md (clusters) and applicationset/Generators-Cluster.md: an
Application that a generator no longer makes is deleted with what it deployed; labels select, and all metadata fill in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_or_empty, nested_value
from compiler.transition.classification.kinds.external_secrets.external_secret import fetched_values
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.existence import secret_values

PROPERTY = "available"
TYPE_LABEL = "argocd.argoproj.io/secret-type"
WRITTEN_BY_TOOLS = ("argocd.argoproj.io/", "kubectl.kubernetes.io/")
IDENTITY_OF_A_CLUSTER = ("name", "server", "project")


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The clusters that are called, reached or labeled otherwise from now on."""
    change = judged.change
    for key in change.ops:
        if key.distinct_kind not in ("Secret", "ExternalSecret"):
            continue
        old, new = change.live.objects.get(key), change.target.objects.get(key)
        if old is None or new is None:
            continue
        before, after = _cluster_facts(key, old), _cluster_facts(key, new)
        if before is not None and after is not None and before != after:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key} tells Argo CD something else of a cluster. Not judged: which Applications ApplicationSets make "
                "for it, and which they delete",
                (key,),
                "look for ApplicationSets with a cluster generator, and at what they make of the Secret",
                "warning",
                change.moment(key),
            )


def _cluster_facts(key: Key, obj: Object) -> Mapping[str, Any] | None:
    """What generators read of the Secret that the object is, or that is made of it; None: it is about no cluster."""
    made = key.kind != "Secret"
    metadata = mapping_or_empty(
        nested_value(obj, *(("spec", "target", "template", "metadata") if made else ("metadata",)))
    )
    labels, annotations = (mapping_or_empty(metadata.get(name)) for name in ("labels", "annotations"))
    if labels.get(TYPE_LABEL) != "cluster":
        return None
    notes = {name: value for name, value in annotations.items() if not str(name).startswith(WRITTEN_BY_TOOLS)}
    return {
        "labels": labels,
        "annotations": notes,
        "values": _values_made_for_argo(obj) if made else _identity_values(secret_values(obj)),
    }


def _values_made_for_argo(obj: Object) -> list[Any]:
    fetched = [each for each in fetched_values(obj)[0] if each[0] in IDENTITY_OF_A_CLUSTER]
    return [fetched, _identity_values(mapping_or_empty(nested_value(obj, "spec", "target", "template", "data")))]


def _identity_values(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: data.get(name) for name in IDENTITY_OF_A_CLUSTER}
