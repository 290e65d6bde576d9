"""Annotations of Stakater's Reloader: they do nothing while nobody writes what it watches.

Source: Reloader, internal/pkg/handler/upgrade.go `PerformAction`: it restarts pods when a ConfigMap or Secret is
written; what makes these (an ExternalSecret, say) stands in groups of its own, or is a pod that may write them.
"""

from __future__ import annotations

from compiler.model.objects import Key, annotations_of, mapping_or_empty, nested_value
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.facts.pods import BATCH_TEMPLATES, Template, read_template
from compiler.transition.sync.account_rights import account_of_pods, may_write
from compiler.transition.sync.change import Change
from compiler.transition.sync.order import hook_phases

ANNOTATIONS = tuple(f"metadata.annotations.{kind}reloader.stakater.com/" for kind in ("", "configmap.", "secret."))
RELOADED = frozenset({"ConfigMap", "Secret"})
RESOURCES = frozenset({"configmaps", "secrets"})
GROUPS_WITHOUT_DATA = frozenset(
    {
        "",
        "apps",
        "autoscaling",
        "batch",
        "gateway.networking.k8s.io",
        "networking.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
    }
)
"""Groups whose kinds write no ConfigMap and no Secret, but for the pods of some."""
CERTIFICATE_ANNOTATIONS = ("cert-manager.io/", "certmanager.k8s.io/", "kubernetes.io/tls-acme")


def reloads_nothing_of_this_commit(change: Change, _key: Key, difference: UnjudgedDifference) -> bool:
    """Whether Reloader comes to watch, or no longer watches, what this commit leaves as it is."""
    if not difference.field.startswith(ANNOTATIONS):
        return False
    return not any(_may_change_data(change, other) for other in change.ops)


def _may_change_data(change: Change, key: Key) -> bool:
    differs = change.live.objects.get(key) != change.target.objects.get(key)
    makes = key.kind in RELOADED or key.group not in GROUPS_WITHOUT_DATA or _asks_for_a_certificate(change, key)
    return (differs and makes) or _starts_writing_pods(change, key)


def _starts_writing_pods(change: Change, key: Key) -> bool:
    """Whether pods start that have an account which may write such data; of a Job, also one that no folder has."""
    template = _starting_template(change, key)
    account = None if template is None else account_of_pods(key, template)
    if account is None:
        return False
    sides = (change.live, change.target)
    unknown = key.kind in BATCH_TEMPLATES and not any(account in side.objects for side in sides)
    return unknown or any(may_write(side, account, RESOURCES) for side in sides)


def _starting_template(change: Change, key: Key) -> Template | None:
    """The template of pods that the commit starts; batch work runs again as a hook, and whenever it is written anew."""
    obj = change.target.objects.get(key)
    if obj is None:
        return None
    if key.distinct_kind in BATCH_TEMPLATES:
        runs = hook_phases(obj) is not None or obj != change.live.objects.get(key)
        return read_template(mapping_or_empty(nested_value(obj, *BATCH_TEMPLATES[key.kind]))) if runs else None
    new, old = change.target.workloads.get(key), change.live.workloads.get(key)
    return None if new is None or (old is not None and old.template is new.template) else new.template


def _asks_for_a_certificate(change: Change, key: Key) -> bool:
    """Whether cert-manager makes the Secret of an Ingress or a Gateway (its docs/usage/ingress.md)."""
    sides = (snapshot.objects.get(key, {}) for snapshot in (change.live, change.target))
    return any(part in name for side in sides for name in annotations_of(side) for part in CERTIFICATE_ANNOTATIONS)
