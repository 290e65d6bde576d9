"""accepted and config, for what somebody else fills in: `kubectl replace` takes it away until it is filled in again.

Where that may never change, the API server refuses the whole replacement.

Source: Argo CD gitops-engine, pkg/sync/sync_context.go `applyObject` (Replace=true, also of what does not differ);
cert-manager, docs/concepts/ca-injector.md, and ingress-nginx, kube-webhook-certgen (both write `caBundle` afterwards);
Kubernetes, extensible-admission-controllers.md (without it, the roots of the API server's own system decide).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.rules.webhooks import CONFIGURATIONS
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import holds_filled_data
from compiler.transition.sync.order import hook_phases, is_left_out, survives_sync

PROPERTY = "accepted"
HELP = "remove Replace=true from this object, or set ApplyOutOfSyncOnly=true and leave the object as it is"
DATA_KINDS = ("ConfigMap", "Secret")
FIXED_KINDS = ("PersistentVolumeClaim", "Pod", "Job")
CALLED_KINDS = (*CONFIGURATIONS, "CustomResourceDefinition", "APIService")


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The objects that this sync replaces, and that hold more in the cluster than their manifests say."""
    change = judged.change
    for key in (key for kind in FIXED_KINDS for key in change.target.of_kind(kind)) if change.ops else ():
        if _is_replaced(change, key) and not _is_deleted_first(change, key) and not _names_its_volume(change, key):
            yield _refused_replacement(change, key)
    for key in (key for kind in DATA_KINDS for key in change.target.of_kind(kind)) if change.ops else ():
        if holds_filled_data(change.target.objects[key]) and _is_replaced(change, key):
            yield _data_breach(change, key)
    for key in (key for kind in CALLED_KINDS for key in change.target.of_kind(kind)) if change.ops else ():
        obj = change.target.objects[key]
        if _is_replaced(change, key) and any(map(_is_filled_in_later, _called_clients(key.kind, obj))):
            yield _bundle_breach(change, key)


def _is_replaced(change: Change, key: Key) -> bool:
    """Whether the sync puts the manifest in the place of the live object; it does so again where nothing differs."""
    live, options = change.live.objects.get(key), change.options
    if live is None or any(each.covers(key, "") for each in options.inert):
        return False
    new = change.target.objects[key]
    return not is_left_out(live, new, options) and "Replace=true" in options.of_write(new, live)


def _is_deleted_first(change: Change, key: Key) -> bool:
    """Whether nothing of the live object is left to compare with: it is created anew, or was deleted with its hook."""
    live, new = change.live.objects[key], change.target.objects[key]
    hooked = key not in change.ops and hook_phases(new) is not None
    asked = change.options.of_write(new, live)
    return hooked or change.recreated(key) or "Force=true" in asked or not survives_sync(live)


def _names_its_volume(change: Change, key: Key) -> bool:
    return bool(nested_value(change.target.objects[key], "spec", "volumeName"))


def _refused_replacement(change: Change, key: Key) -> PropertyBreach:
    """Source: Kubernetes, `ValidatePersistentVolumeClaimUpdate` (volumeName), `ValidateJobUpdate` (selector),
    `ValidatePodUpdate` (nodeName).
    """
    return PropertyBreach(
        "field-immutable",
        PROPERTY,
        f"{key}: with Replace=true it loses fields that the cluster has filled in, and the API server refuses that",
        (key,),
        "remove Replace=true from this object, or add Force=true if it may be deleted and created again",
        cut=change.moment(key),
    )


def _called_clients(kind: str, obj: Object) -> Iterable[Mapping[str, Any]]:
    """What says whom the API server calls; of a webhook that only checks and may fail nothing depends on it."""
    if kind == "CustomResourceDefinition":
        return (mapping_or_empty(nested_value(obj, "spec", "conversion", "webhook", "clientConfig")),)
    if kind == "APIService":
        spec = mapping_or_empty(obj.get("spec"))
        return () if spec.get("insecureSkipTLSVerify") else (spec,)
    hooks = mapping_items(obj.get("webhooks"))
    needed = (hook for hook in hooks if kind.startswith("Mutating") or hook.get("failurePolicy", "Fail") != "Ignore")
    return (mapping_or_empty(hook.get("clientConfig")) for hook in needed)


def _is_filled_in_later(client: Mapping[str, Any]) -> bool:
    return bool(client.get("service")) and not client.get("caBundle")


def _data_breach(change: Change, key: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        "config",
        f"{key} is replaced (Replace=true) by a manifest without what a controller fills in: that is gone until it is "
        "filled in again. Not judged: what its readers do meanwhile",
        (key,),
        HELP,
        "warning",
        change.moment(key),
    )


def _bundle_breach(change: Change, key: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key} is replaced (Replace=true) by a manifest without caBundle: what cert-manager or a Job filled in is "
        "gone until it is filled in again. Not judged: what the API server refuses meanwhile",
        (key,),
        HELP,
        "warning",
        change.moment(key),
    )
