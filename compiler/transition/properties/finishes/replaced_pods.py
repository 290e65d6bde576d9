"""config and finishes, for pods that this commit does not make: one that is replaced must be made again.

A limit that refuses each pod of a workload, however few there are, keeps its pods from starting as a missing
PriorityClass does; a quota that is too small for all of them lets some start.

Source: Kubernetes, plugin/pkg/admission/limitranger and resourcequota (both look at a pod when it is created, never
later); plugin/pkg/admission/serviceaccount (`imagePullSecrets` of the account are those of its pods that name none).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from compiler.diagnostics.model import Severity
from compiler.model.objects import Key, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value
from compiler.transition.controllers.quota import limit_range_violations, unspecified_resources
from compiler.transition.facts.pods import pull_secrets_of
from compiler.transition.properties.finishes.quotas import container_defaults, counted_usage
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync import replicas
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.made_secrets import lost_secrets
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "finishes"
LATER = "running pods stay, but a pod that has to be replaced is not created again"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """What this commit lays down that running pods do not meet."""
    change = judged.change
    written = [key for key in change.ops if key.distinct_kind in ("LimitRange", "ResourceQuota")]
    for key in written:
        if key in change.target.objects and key.distinct_kind == "LimitRange":
            yield from _beyond_limit_range(judged, key)
        elif key in change.target.objects:
            yield from _beyond_quota(judged, key)
    for namespace in dict.fromkeys(key.namespace for key in written):
        yield from _without_what_quotas_count(judged, namespace, written)
    yield from _pruned_pull_secrets(change)


def _running_pods(judged: JudgedChange, namespace: str) -> list[Key]:
    """The workloads of a namespace whose pods run on as they are."""
    change = judged.change
    return [
        key
        for key, workload in change.target.workloads.items()
        if key.namespace == namespace and key not in judged.starting
        if replicas.converged_replicas(workload, change.options, "low")
    ]


def _beyond_limit_range(judged: JudgedChange, key: Key) -> Iterator[PropertyBreach]:
    change = judged.change
    for pods in _running_pods(judged, key.namespace):
        spec = mapping_or_empty(change.target.workloads[pods].template.raw.get("spec"))
        reason = next(limit_range_violations(spec, change.target.objects[key]), None)
        if reason is not None and not any(limit_range_violations(spec, change.live.objects.get(key, {}))):
            text = f"{key} refuses the pods of {pods} ({reason}): {LATER}"
            yield _unmet_limit(change, "limit-range-refused", (pods, key), text, "config")


def _without_what_quotas_count(judged: JudgedChange, namespace: str, written: list[Key]) -> Iterator[PropertyBreach]:
    """Pods that do not say, and to whom no LimitRange gives, what a quota counts from now on."""
    change = judged.change
    for key in change.target.of_kind("ResourceQuota"):
        for workload in _running_pods(judged, namespace) if key.namespace == namespace else ():
            template = change.target.workloads[workload].template.raw
            missing = _unspecified(change.target, key, template)
            if missing and missing != _unspecified(change.live, key, template):
                causes = [cause for cause in written if cause.namespace == namespace]
                text = f"{key} limits {', '.join(missing)}, which {workload} does not set: {LATER}"
                if counted_usage(change, key, workload, template):
                    yield _unmet_limit(
                        change, "quota-unspecified", tuple(dict.fromkeys((workload, key, *causes))), text, "config"
                    )


def _unspecified(snapshot: Snapshot, quota: Key, template: Mapping[str, Any]) -> list[str]:
    spec = mapping_or_empty(template.get("spec"))
    return unspecified_resources(spec, _hard(snapshot, quota), container_defaults(snapshot, quota.namespace))


def _beyond_quota(judged: JudgedChange, key: Key) -> Iterator[PropertyBreach]:
    change = judged.change
    pods, hard, before = _running_pods(judged, key.namespace), _hard(change.target, key), _hard(change.live, key)
    used = _converged_usage(change, key) if pods else {}
    for name, top in hard.items():
        amount = used.get(name, Fraction(0))
        if amount > quantity_value(top) and (name not in before or amount <= quantity_value(before[name])):
            text = f"{key} allows {top} {name}, and the pods of {key.namespace} use {float(amount):g}: {LATER}"
            yield _unmet_limit(change, "quota-exceeded", (key,), text, PROPERTY)


def _hard(snapshot: Snapshot, key: Key) -> dict[str, object]:
    spec = mapping_or_empty(nested_value(snapshot.objects.get(key), "spec", "hard"))
    return {str(name): value for name, value in spec.items()}


def _converged_usage(change: Change, quota: Key) -> dict[str, Fraction]:
    """What all pods that the quota counts need once the sync is done."""
    total: dict[str, Fraction] = {}
    for key, workload in change.target.workloads.items():
        if key.namespace == quota.namespace:
            count = replicas.converged_replicas(workload, change.options, "low")
            for name, value in counted_usage(change, quota, key, workload.template.raw).items():
                total[name] = total.get(name, Fraction(0)) + count * value
    return total


def _pruned_pull_secrets(change: Change) -> Iterator[PropertyBreach]:
    pruned = {key: key for key, (_, op) in change.ops.items() if key.kind == "Secret" and op.action == "prune"}
    pruned |= lost_secrets(change)
    for account in change.target.of_kind("ServiceAccount") if pruned else ():
        named = pull_secrets_of(change.target.objects[account])
        secrets = [Key("", "Secret", account.namespace, name) for name in named]
        gone = next((secret for secret in secrets if secret in pruned), None)
        users = [key for key in change.target.workloads if _pulls_by(change.target, key, account)] if gone else []
        if gone is not None and users:
            yield PropertyBreach(
                "pull-secret-pruned",
                PROPERTY,
                f"{gone} is deleted, but {account} uses it to pull the images of {users[0]}",
                (gone, account, *users),
                "keep the Secret, or remove it from the ServiceAccount first",
                "warning",
                change.deleted_at(pruned[gone]),
            )


def _pulls_by(snapshot: Snapshot, key: Key, account: Key) -> bool:
    """Whether pods of a workload take the pull Secrets of an account: those that name none of their own."""
    spec = mapping_or_empty(snapshot.workloads[key].template.raw.get("spec"))
    name = spec.get("serviceAccountName") or spec.get("serviceAccount") or "default"
    return key.namespace == account.namespace and name == account.name and not spec.get("imagePullSecrets")


def _unmet_limit(change: Change, code: str, objects: tuple[Key, ...], text: str, property_name: str) -> PropertyBreach:
    place = next((change.ops[key][0] for key in objects if key in change.ops), (0, 0))
    fix = "change the pods first so that they fit, or leave the limit unchanged"
    severity: Severity = "error" if property_name == "config" else "warning"
    return PropertyBreach(code, property_name, text, objects, fix, severity, Cut(place))
