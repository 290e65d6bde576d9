"""What nobody has proven: other values in Secrets that a proxy or an operator finds by their labels.

Source: Kong, kubernetes-ingress-controller, internal/store and docs of KongConsumer (`konghq.com/credential`);
Authorino, docs/features.md (API keys by labels); Istio, pkg/kube/multicluster (`istio/multiCluster`); sealed-secrets,
pkg/controller/keys.go; Strimzi, documentation (custom CA certificates).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from compiler.model.objects import Key, object_labels
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import secret_values

PROPERTY = "available"
READ_BY_LABEL: Final = {
    "authorino.kuadrant.io/": "which keys of clients Authorino still takes",
    "istio/multiCluster": "whether Istio still reaches the other cluster, and whose pods it leads to",
    "konghq.com/credential": "which credentials of clients Kong still takes",
    "sealedsecrets.bitnami.com/sealed-secrets-key": "which SealedSecrets the controller can decrypt",
    "strimzi.io/cluster": "whether clients of Kafka still trust it, and whom it trusts",
}


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The Secrets that stay under such a label and lose a value or change it: what only adds keys takes none away."""
    change = judged.change
    for key in change.ops:
        if key[:2] == ("", "Secret") and (question := _question_of_label(change, key)) and _loses_value(change, key):
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key} holds other values, and is read by its labels. Not judged: {question}",
                (key,),
                "write the new values into a Secret of another name, and delete this one once no client needs it",
                "warning",
                change.moment(key),
            )


def _question_of_label(change: Change, key: Key) -> str:
    """What the readers of a Secret that keeps its label do with other values; empty: none reads it so."""
    if key not in change.live.objects or key not in change.target.objects:
        return ""
    before, after = (object_labels(side.objects[key]) for side in (change.live, change.target))
    kept = [label for label in before if label in after]
    questions = (text for prefix, text in READ_BY_LABEL.items() if any(label.startswith(prefix) for label in kept))
    return next(questions, "")


def _loses_value(change: Change, key: Key) -> bool:
    before, after = (secret_values(side.objects[key]) for side in (change.live, change.target))
    return any(after.get(name) != value for name, value in before.items())
