"""available, as far as deletions decide it that take others along: of Namespaces, definitions of kinds, Applications.

Source: Kubernetes, pkg/controller/namespace (all that is in it goes), plugin/pkg/admission/namespace/lifecycle
(`immortalNamespaces`), apiextensions-apiserver, pkg/controller/finalizer (all objects of the kind go); Argo CD,
docs/user-guide/app_deletion.md (the finalizer) and docs/operator-manual/applicationset/Application-Deletion.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from compiler.model.objects import Key, distinct_kind, list_or_empty, nested_value
from compiler.transition.classification import Inert, classified_kind
from compiler.transition.properties.available.certificates import certificate_holders, served_certificates
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change, Cut

PROPERTY = "available"
IMMORTAL = frozenset({"default", "kube-system", "kube-public"})
FINALIZER = "resources-finalizer.argocd.argoproj.io"
KEEP = "mark it Prune=false (argocd.argoproj.io/sync-options)"
CascadeReader = Callable[[Change, Key, Cut], Iterator[PropertyBreach]]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """What each object that is pruned, or deleted and created anew, takes along."""
    change = judged.change
    for key, (place, op) in change.ops.items():
        reader = READERS.get((key.group, key.kind)) if op.action in ("prune", "recreate") else None
        if reader is not None:
            yield from reader(change, key, Cut(place, frozenset({key})))


def _pruned_namespace(change: Change, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    held = [other for other in change.target.objects if other.namespace == key.name]
    if key.name in IMMORTAL:
        yield PropertyBreach(
            "namespace-kept", "accepted",
            f"the API server refuses to delete {key}: every sync fails at this point", (key,),
            f"keep it in the folder, or {KEEP}", cut=cut,
        )  # fmt: skip
    elif held:
        text = f"{key} is deleted with everything in it, and this folder still has objects in it ({len(held)})"
        yield from _lost_and_refused(
            PropertyBreach("namespace-pruned", PROPERTY, text, (key,), f"keep the Namespace, or {KEEP}", cut=cut)
        )
    elif named := sorted(_named_in(change, key.name)):
        text = f"{key} is deleted with everything in it, and {named[0]} leads there"
        yield from _lost_and_refused(
            PropertyBreach("namespace-pruned", PROPERTY, text, (key,), f"keep the Namespace, or {KEEP}", cut=cut)
        )
    elif not any(other.namespace == key.name for other in change.live.objects):
        yield PropertyBreach(
            "namespace-of-others", PROPERTY,
            f"{key} is deleted with everything in it: this folder has nothing in it, but objects of others are lost",
            (key,), f"{KEEP}, or make sure that the Namespace is empty", "warning", cut,
        )  # fmt: skip


def _named_in(change: Change, namespace: str) -> Iterator[Key]:
    """The objects of TO that name something in the namespace: routes, Gateways, pods by the hosts that they call."""
    target = change.target
    for key, route in target.routes.items():
        if any(named.namespace == namespace for named in (*route.services, *route.gates)):
            yield key
    for key in certificate_holders(target):
        if any(secret.namespace == namespace for secret in served_certificates(target, key)):
            yield key
    for key, workload in target.workloads.items():
        if any(host.split(".")[1:3] == [namespace, "svc"] for host, _ in workload.template.calls):
            yield key


def _pruned_definition(change: Change, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    obj = change.live.objects[key]
    group, kind = (str(nested_value(obj, "spec", *path)) for path in (("group",), ("names", "kind")))
    held = [other for other in change.target.of_kind(distinct_kind(group, kind)) if other.group == group]
    if held:
        text = f"{key} is deleted with every object of its kind, and this folder still has {held[0]}"
        yield from _lost_and_refused(
            PropertyBreach("definition-pruned", PROPERTY, text, (key,), f"keep the definition, or {KEEP}", cut=cut)
        )
    elif not isinstance(classified_kind(group, kind), Inert):
        yield PropertyBreach(
            "definition-of-others", PROPERTY,
            f"{key} is deleted with every object of its kind. Not judged: objects of the kind in other folders",
            (key,), f"{KEEP}, or make sure that no such object exists", "warning", cut,
        )  # fmt: skip


def _pruned_application(change: Change, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    finalizers = list_or_empty(nested_value(change.live.objects[key], "metadata", "finalizers"))
    if any(str(each).startswith(FINALIZER) for each in finalizers):
        text = f"{key} is deleted, and its finalizer deletes everything that it deployed"
        yield from _lost_and_refused(
            PropertyBreach(
                "application-cascades", PROPERTY, text, (key,), "remove the finalizer in an earlier commit", cut=cut
            )
        )
    elif not change.recreated(key):
        yield _orphaned(key, cut)


def _pruned_application_set(change: Change, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    if nested_value(change.live.objects[key], "spec", "syncPolicy", "preserveResourcesOnDeletion") is True:
        if not change.recreated(key):
            yield _orphaned(key, cut)
        return
    text = f"{key} is deleted with its Applications and everything that they deployed"
    fix = "set syncPolicy.preserveResourcesOnDeletion in an earlier commit"
    yield from _lost_and_refused(PropertyBreach("application-cascades", PROPERTY, text, (key,), fix, cut=cut))


def _orphaned(key: Key, cut: Cut) -> PropertyBreach:
    return PropertyBreach(
        "application-orphans", PROPERTY, f"{key} is deleted: what it deployed stays, and is no longer synced",
        (key,), "let another Application deploy these objects, or delete them", "warning", cut,
    )  # fmt: skip


def _lost_and_refused(breach: PropertyBreach) -> Iterator[PropertyBreach]:
    """Requests are lost, and what the folder still holds can no longer be applied."""
    yield breach
    yield replace(breach, property="accepted")


READERS: Mapping[tuple[str, str], CascadeReader] = {
    ("", "Namespace"): _pruned_namespace,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _pruned_definition,
    ("argoproj.io", "Application"): _pruned_application,
    ("argoproj.io", "ApplicationSet"): _pruned_application_set,
}
