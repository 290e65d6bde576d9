"""accepted: the API server takes every object at the moment when it is written, for what stands beside it or before it.

Source: Kubernetes' validation (see `compiler.transition.facts.immutable` and `.valid`), pkg/registry/core/service
(node ports are the cluster's).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    annotations_of,
    is_service,
    list_or_empty,
    nested_value,
)
from compiler.traffic.readers import readers_by_kind
from compiler.transition.facts.immutable import changed_fixed_fields
from compiler.transition.facts.left_defaults import left_default
from compiler.transition.facts.volume_claims import named_by_claim, requested_storage
from compiler.transition.facts.workload import SCALER_KINDS, read_scaler
from compiler.transition.properties.available.merged_ports import port_losses
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.order import SyncOperation, hook_phases, survives_sync
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "accepted"
DNS_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")
HPA_CHECK = "validations.keda.sh/hpa-ownership"
HPA_TRANSFER = "scaledobject.keda.sh/transfer-hpa-ownership"
PortHolders = dict[tuple[str, int], dict[Key, None]]
"""The Services that hold each node port on either side."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """What the API server refuses in this sync."""
    change = judged.change
    holders = _holders_of_ports(change)
    for key, (place, op) in change.ops.items():
        new = change.target.objects.get(key)
        if new is None:
            continue
        old, cut, just_then = change.live.objects.get(key), Cut(place), Cut(place, frozenset({key}))
        stands = old is not None and survives_sync(old) and not _is_named_anew(key)
        if old is not None and stands and not _is_recreated(change, key, new):
            yield from _immutable_field_breaches(key, old, new, cut)
            if key.group == "apps":
                yield from _left_defaults(change, key, cut)
        if old is None or op.action == "recreate":
            yield from _creation_breaches(key, new, cut)
            yield from _already_scaled(change, key, new, just_then)
        yield from _nameless_object(change, key, new, cut)
        yield from _forced_on_the_server(change, key, cut)
        if old is not None and key.distinct_kind == "PersistentVolumeClaim":
            yield from _unexpandable_claim(change, key, cut)
        yield from port_losses(change, key, op, just_then)
        if is_service(key):
            yield from _node_ports(change, key, op, just_then, holders)
            if old is None:
                yield from _held_addresses(change, key, cut)
            yield from _second_family(change, key)


def _is_recreated(change: Change, key: Key, new: Object) -> bool:
    """Whether the object is deleted and created anew, if need be because the update is refused.

    Source: `kubectl apply --force`; for role bindings gitops-engine, pkg/utils/kube/resource_ops.go `rbacReconcile`:
    both only with client-side apply. The claim that holds a volume keeps it from being deleted (`isBeingUsed`).
    """
    if key[:2] == ("", "PersistentVolume"):
        return False
    asked = change.options.of_write(new, change.live.objects[key])
    forced = str(new.get("kind")).endswith("RoleBinding") or "Force=true" in asked
    return change.recreated(key) or (forced and "ServerSideApply=true" not in asked)


def _immutable_field_breaches(key: Key, old: Object, new: Object, cut: Cut) -> Iterator[PropertyBreach]:
    for field in changed_fixed_fields(key, old, new):
        code = "selector-immutable" if field == "spec.selector" else "field-immutable"
        yield PropertyBreach(
            code,
            PROPERTY,
            f"{key}: {field} cannot be changed: the API server refuses the update and every retry",
            (key,),
            "give the object a new name, and remove the old one in a later commit",
            cut=cut,
        )


def _left_defaults(change: Change, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    old, new = change.live.objects[key], change.target.objects[key]
    field = left_default(key, old, new, change.options.of_write(new))
    if field:
        yield PropertyBreach(
            "object-refused",
            PROPERTY,
            f"{key}: {field} stays as the API server filled it in, and it refuses that beside the new type",
            (key,),
            f"write {field} out in an earlier commit, so that it goes with the old type; or set Replace=true",
            cut=cut,
        )


def _creation_breaches(key: Key, obj: Object, cut: Cut) -> Iterator[PropertyBreach]:
    reader = readers_by_kind().get(key[:2])
    for text, fix in () if reader is None else reader.creation_errors(obj):
        yield PropertyBreach("object-refused", PROPERTY, f"{key}: {text}", (key,), fix, cut=cut)
    if key[:2] == ("apps", "StatefulSet"):
        yield from _misnamed_service(key, str(nested_value(obj, "spec", "serviceName") or ""), cut)


def _misnamed_service(key: Key, name: str, cut: Cut) -> Iterator[PropertyBreach]:
    """Only a new StatefulSet must name a possible Service (apps/validation, `AllowInvalidServiceName`)."""
    if name and not DNS_LABEL.fullmatch(name):
        text = f"{key}: its serviceName {name} is no name of a Service"
        yield PropertyBreach("object-refused", PROPERTY, text, (key,), "correct the name", cut=cut)


def _is_named_anew(key: Key) -> bool:
    """Whether each sync gives the object a name of its own (`generateName`), so that it meets none of before."""
    return key.name.endswith("*")


def _nameless_object(change: Change, key: Key, obj: Object, cut: Cut) -> Iterator[PropertyBreach]:
    """An object of a generated name that is no hook.

    Source: kubectl, pkg/cmd/apply/apply.go ("cannot use generate name with apply"); Argo CD gitops-engine,
    pkg/sync/sync_context.go `getSyncTasks`, which gives names to hooks alone.
    """
    if not _is_named_anew(key) or hook_phases(obj) is not None:
        return
    if "Replace=true" not in change.options.of_write(obj):
        yield PropertyBreach(
            "object-refused",
            PROPERTY,
            f"{key} has a generateName and no name, which only a hook can have: it cannot be applied",
            (key,),
            "give it a name, or make it a hook (argocd.argoproj.io/hook)",
            cut=cut,
        )


def _forced_on_the_server(change: Change, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    """An object that comes to be written with two options of which kubectl takes only one.

    Source: kubectl, pkg/cmd/apply/apply.go `Validate`; Argo CD, issue 29624 (fixed in September 2026). What the
    cluster holds with both of them was written by a newer one.
    """
    both = {"Force=true", "ServerSideApply=true"}
    asked = change.options.of_write(change.target.objects[key])
    if not both <= asked or "Replace=true" in asked:
        return
    old = change.live.objects.get(key)
    if old is None or not both <= change.options.of_write(old):
        yield PropertyBreach(
            "object-refused",
            PROPERTY,
            f"{key} has Force=true and is applied with ServerSideApply=true: kubectl refuses --force and --server-side "
            "together",
            (key,),
            "remove Force=true, or add ServerSideApply=false for this object",
            cut=cut,
        )


def _unexpandable_claim(change: Change, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    """A claim that grows while its StorageClass, in the folder, does not allow that.

    Source: Kubernetes, plugin/pkg/admission/storage/persistentvolume/resize/admission.go.
    """
    old, new = (requested_storage(side.objects[key].get("spec")) for side in (change.live, change.target))
    for named in named_by_claim(change.target.objects[key], key.namespace) if old < new else ():
        forms = [side.objects[named] for side in _possible_forms(change, named, cut) if named in side.objects]
        if any(form.get("allowVolumeExpansion") is not True for form in forms if named.kind == "StorageClass"):
            yield PropertyBreach(
                "object-refused",
                PROPERTY,
                f"{key} grows, and {named} does not allow that (allowVolumeExpansion) at that moment",
                (key, named),
                "set allowVolumeExpansion: true in an earlier commit, if the driver can expand volumes",
                cut=cut,
            )


def _second_family(change: Change, key: Key) -> Iterator[PropertyBreach]:
    """A Service that comes to need two IP families, where nothing shows that the cluster has them.

    Source: Kubernetes, pkg/registry/core/service/storage/alloc.go `initIPFamilyFields`.
    """
    if not _needs_two_families(change.target.objects[key]):
        return
    held = [change.live.objects[each] for each in change.live.services]
    if held and not any(map(_needs_two_families, held)):
        yield PropertyBreach(
            "field-unproven",
            PROPERTY,
            f"{key} needs two IP families, as no Service did before. Not judged: whether the cluster has both; the API "
            "server refuses the Service if it has not",
            (key,),
            "set ipFamilyPolicy: PreferDualStack, which takes what the cluster has",
            "warning",
        )


def _needs_two_families(obj: Object) -> bool:
    families = list_or_empty(nested_value(obj, "spec", "ipFamilies"))
    return len(families) > 1 or nested_value(obj, "spec", "ipFamilyPolicy") == "RequireDualStack"


def _holders_of_ports(change: Change) -> PortHolders:
    holders: PortHolders = {}
    for side in (change.live, change.target):
        for key, facts in side.services.items():
            for port in facts.node_ports:
                holders.setdefault(port, {})[key] = None
    return holders


def _node_ports(
    change: Change, key: Key, op: SyncOperation, cut: Cut, holders: PortHolders
) -> Iterator[PropertyBreach]:
    """A node port is the cluster's: another Service may still, or already, hold it."""
    mine = change.target.services[key].node_ports
    if not mine or op.action != "apply":
        return
    for other in dict.fromkeys(other for port in sorted(mine) for other in holders[port] if other != key):
        held = [
            snapshot.services[other].node_ports
            for snapshot in _possible_forms(change, other, cut)
            if other in snapshot.services
        ]
        clash = sorted({port for ports in held for port in mine & ports})
        if clash:
            yield PropertyBreach(
                "node-port-taken",
                PROPERTY,
                f"{key} requests node port {clash[0][1]}, which {other} may still use at that moment",
                (key, other),
                "free the port in an earlier commit, or use another one",
                cut=cut,
            )


def _held_addresses(change: Change, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    """A new Service that asks for an address inside the cluster which another one may still, or already, hold.

    Source: Kubernetes, pkg/registry/core/service/ipallocator (`ErrAllocated`).
    """
    mine = _cluster_addresses(change.target.objects[key])
    for other in {**change.live.services, **change.target.services} if mine else ():
        forms = _possible_forms(change, other, cut) if other != key else []
        held = [mine & _cluster_addresses(each.objects[other]) for each in forms if other in each.objects]
        clash = sorted(address for addresses in held for address in addresses)
        if clash:
            yield PropertyBreach(
                "object-refused",
                PROPERTY,
                f"{key} requests the cluster IP {clash[0]}, which {other} may hold at that moment",
                (key, other),
                "leave clusterIP out, or name a free address",
                cut=cut,
            )


def _cluster_addresses(obj: Object) -> frozenset[str]:
    spec = nested_value(obj, "spec")
    named = [*list_or_empty(nested_value(spec, "clusterIPs")), nested_value(spec, "clusterIP")]
    return frozenset(str(each) for each in named if each and each != "None")


def _already_scaled(change: Change, key: Key, new: Object, cut: Cut) -> Iterator[PropertyBreach]:
    """A ScaledObject of a workload that an autoscaler scales which the sync deletes only later.

    Source: KEDA, apis/keda/v1alpha1/scaledobject_webhook.go (`verifyHpas`, `verifyScaledObjects`).
    """
    notes = annotations_of(new)
    if key[:2] != ("keda.sh", "ScaledObject") or notes.get(HPA_CHECK) == "false" or notes.get(HPA_TRANSFER) == "true":
        return
    target = read_scaler(new, key).target
    for other in sorted(change.live.objects.keys() - change.target.objects.keys()):
        if other[:2] not in SCALER_KINDS or read_scaler(change.live.objects[other], other).target != target:
            continue
        if any(other in snapshot.objects for snapshot in _possible_forms(change, other, cut)):
            yield PropertyBreach(
                "object-refused",
                PROPERTY,
                f"{key} scales {target}, which {other} still scales at that moment: KEDA's webhook refuses it",
                (key, other, target),
                "delete the old autoscaler in an earlier commit",
                cut=cut,
            )


def _possible_forms(change: Change, key: Key, cut: Cut) -> list[Snapshot]:
    """The forms that an object can have while the group of `cut` is written, in any order."""
    snapshots = [change.snapshot_of(key, cut)]
    if key in change.ops and change.ops[key][0] == cut.place:
        snapshots.append(change.snapshot_of(key, Cut((cut.place[0], cut.place[1] + 1))))
    return [snapshot for snapshot in snapshots if snapshot is not None]
