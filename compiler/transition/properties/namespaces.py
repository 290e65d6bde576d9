"""available, as far as namespaces decide it: what a deleted one takes with it, and which one an object is in.

Source: Kubernetes, pkg/controller/namespace (deleting a Namespace deletes all that is in it); Argo CD puts an object
without a namespace into the Application's destination.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change, Cut

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Namespaces that are pruned, and a namespace that had to be guessed."""
    change = judged.change
    for key, (place, op) in change.ops.items():
        if key.kind == "Namespace" and op.action == "prune":
            yield from _pruned_namespace(change, key, Cut(place, frozenset({key})))
    if change.options.namespace_assumed:
        yield PropertyBreach(
            "namespace-unknown",
            PROPERTY,
            f"objects stand without a namespace and in {change.options.namespace}: that they are the same is assumed",
            (),
            "say in which namespace the Application puts objects that name none (--namespace, --application)",
            "warning",
        )


def _pruned_namespace(change: Change, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    held = [other for other in change.target.objects if other.namespace == key.name]
    if held:
        for name in (PROPERTY, "accepted"):
            yield PropertyBreach(
                "namespace-pruned",
                name,
                f"{key} is deleted with everything in it, and the folder still holds {len(held)} object(s) of it",
                (key,),
                "keep the Namespace, or mark it Prune=false (argocd.argoproj.io/sync-options)",
                cut=cut,
            )
    elif not any(other.namespace == key.name for other in change.live.objects):
        yield PropertyBreach(
            "namespace-of-others",
            PROPERTY,
            f"{key} is deleted with everything in it, and nothing of it is in this folder: what goes is not known",
            (key,),
            "mark it Prune=false (argocd.argoproj.io/sync-options), or make sure that it is empty",
            "warning",
            cut,
        )
