"""accepted: the API server takes every object, at the moment when it is written.

Source: Kubernetes, pkg/apis/apps/validation/validation.go (`ValidateDeploymentUpdate`, `ValidateStatefulSetUpdate`,
`validateRollingUpdateDeployment`), pkg/apis/core/validation (`ValidateServiceUpdate`, `ValidateConfigMapUpdate`,
`ValidateSecretUpdate`), pkg/apis/batch/validation (`ValidateJobUpdate`), pkg/registry/core/service/portallocator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compiler.manifest import Object
from compiler.transition.change import Change, Cut
from compiler.transition.objects import Key, dig, mapping, matches, sync_options, whole
from compiler.transition.scene import Breach
from compiler.transition.sync import Op

PROPERTY = "accepted"
STATEFUL_MUTABLE = frozenset(
    {
        "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
    }
)  # fmt: skip
SELECTOR, POD_FIELDS = ("spec", "selector"), ("containers", "initContainers", "activeDeadlineSeconds", "tolerations")
FIXED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Deployment": (SELECTOR,),
    "DaemonSet": (SELECTOR,),
    "ReplicaSet": (SELECTOR,),
    "Job": (SELECTOR, ("spec", "template"), ("spec", "completionMode"), ("spec", "manualSelector")),
    "RoleBinding": (("roleRef",),),
    "ClusterRoleBinding": (("roleRef",),),
    "StorageClass": (("provisioner",), ("parameters",), ("reclaimPolicy",), ("volumeBindingMode",)),
    "IngressClass": (("spec", "controller"),),
    "PriorityClass": (("value",), ("preemptionPolicy",)),
    "Secret": (("type",),),
}


def breaches(change: Change) -> Iterator[Breach]:
    """What the API server refuses in this sync."""
    for key, (place, op) in change.ops.items():
        new = change.target.objects.get(key)
        if new is None:
            continue
        old = change.live.objects.get(key)
        if old is not None and op.action == "apply" and not _replaced(change, old, new):
            yield from _immutable(key, old, new, Cut(place))
        yield from _invalid(key, new, Cut(place))
        if key.kind == "Service":
            yield from _node_ports(change, key, op, Cut(place, frozenset({key})))


def _replaced(change: Change, old: Object, new: Object) -> bool:
    """Whether a refused update is answered by deleting the object (`kubectl apply --force`)."""
    return change.options.has("Force=true") or "Force=true" in sync_options(old) | sync_options(new)


def fixed_fields(key: Key, old: Object, new: Object) -> list[str]:
    """The fields that differ though the API server lets nobody change them."""
    found = [".".join(path) for path in FIXED.get(key.kind, ()) if dig(old, *path) != dig(new, *path)]
    special = SPECIAL.get(key.kind)
    return found + (special(mapping(old.get("spec")), mapping(new.get("spec"))) if special else []) + _sealed(old, new)


def _sealed(old: Object, new: Object) -> list[str]:
    if old.get("immutable") is not True or old.get("kind") not in ("ConfigMap", "Secret"):
        return []
    return [field for field in ("data", "binaryData", "stringData", "immutable") if old.get(field) != new.get(field)]


def _stateful_set(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    names = {*old, *new} - STATEFUL_MUTABLE
    defaults = {"podManagementPolicy": "OrderedReady"}
    return [f"spec.{n}" for n in sorted(names) if old.get(n, defaults.get(n)) != new.get(n, defaults.get(n))]


def _service(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    found = []
    if "ExternalName" not in (old.get("type"), new.get("type")):
        found = [n for n in ("clusterIP", "ipFamilies") if n in old and n in new and old[n] != new[n]]
        if "clusterIP" in new and "clusterIP" not in old:
            found.append("clusterIP")
        if old.get("clusterIP") == "None" and "clusterIP" not in new:
            found.append("clusterIP")
    both = old.get("type") == new.get("type") == "LoadBalancer"
    found += ["loadBalancerClass"] if both and old.get("loadBalancerClass") != new.get("loadBalancerClass") else []
    port = "healthCheckNodePort"
    found += [port] if port in old and port in new and old[port] != new[port] else []
    return [f"spec.{name}" for name in found]


def _claim(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    names = sorted({*old, *new} - {"resources", "volumeAttributesClassName", "volumeName"})
    return [f"spec.{name}" for name in names if old.get(name) != new.get(name)]


def _job(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    indexed = old.get("completionMode") == "Indexed"
    return ["spec.completions"] if not indexed and old.get("completions") != new.get("completions") else []


def _pod(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    names = sorted({*old, *new} - set(POD_FIELDS))
    found = [f"spec.{name}" for name in names if old.get(name) != new.get(name)]
    strip = [[{**c, "image": ""} for c in spec.get("containers") or []] for spec in (old, new)]
    return found + (["spec.containers"] if strip[0] != strip[1] else [])


SPECIAL: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], list[str]]] = {
    "StatefulSet": _stateful_set,
    "Service": _service,
    "PersistentVolumeClaim": _claim,
    "Job": _job,
    "Pod": _pod,
}


def _immutable(key: Key, old: Object, new: Object, cut: Cut) -> Iterator[Breach]:
    for field in fixed_fields(key, old, new):
        code = "selector-immutable" if field == "spec.selector" else "field-immutable"
        yield Breach(
            code, PROPERTY, f"{key}: {field} cannot be changed: the API server refuses the update, and every retry of it",
            (key,), "give the object a new name, and remove the old one in a later commit", cut=cut,
        )  # fmt: skip


def _invalid(key: Key, obj: Object, cut: Cut) -> Iterator[Breach]:
    for text, mend in _faults(key, obj):
        code = "selector-mismatch" if "selector" in text else "object-refused"
        yield Breach(code, PROPERTY, f"{key}: {text}", (key,), mend, cut=cut)


def _faults(key: Key, obj: Object) -> Iterator[tuple[str, str]]:
    spec = mapping(obj.get("spec"))
    if key.kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet") and key.group == "apps":
        labels = mapping(dig(spec, "template", "metadata", "labels"))
        selector = mapping(spec.get("selector"))
        if not (selector.get("matchLabels") or selector.get("matchExpressions")):
            yield "it has no selector", "select the template's labels"
        elif not matches(selector, labels):
            yield "its selector does not match its template's labels", "give the template every label that is selected"
    if key.kind == "Deployment":
        yield from _rolling_faults(spec)


def _rolling_faults(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rolling = mapping(dig(spec, "strategy", "rollingUpdate"))
    if dig(spec, "strategy", "type") == "Recreate" and rolling:
        yield "strategy Recreate takes no rollingUpdate", "remove rollingUpdate"
    zeros = ("0", "0%")
    if str(rolling.get("maxSurge", "25%")) in zeros and str(rolling.get("maxUnavailable", "25%")) in zeros:
        yield "maxSurge and maxUnavailable are both 0", "set maxSurge: 1"
    if whole(spec.get("progressDeadlineSeconds"), 600) <= whole(spec.get("minReadySeconds"), 0):
        yield "progressDeadlineSeconds is not greater than minReadySeconds", "raise progressDeadlineSeconds"


def _node_ports(change: Change, key: Key, op: Op, cut: Cut) -> Iterator[Breach]:
    """A node port is the cluster's: another Service may still, or already, hold it."""
    mine = change.target.services[key].node_ports
    if not mine or op.action != "apply":
        return
    for other in {**change.live.services, **change.target.services}:
        if other == key:
            continue
        held = [side.services[other].node_ports for side in _possible(change, other, cut) if other in side.services]
        clash = sorted({port for ports in held for port in mine & ports})
        if clash:
            yield Breach(
                "node-port-taken", PROPERTY, f"{key} asks for node port {clash[0][1]}, which {other} may hold at that moment",
                (key, other), "free the port in an earlier commit, or take another one", cut=cut,
            )  # fmt: skip


def _possible(change: Change, key: Key, cut: Cut) -> list[Any]:
    """The forms that an object can have while the group of `cut` is written, in any order."""
    sides = [change.side_of(key, cut)]
    if key in change.ops and change.ops[key][0] == cut.place:
        sides.append(change.side_of(key, Cut((cut.place[0], cut.place[1] + 1))))
    return [side for side in sides if side is not None]
