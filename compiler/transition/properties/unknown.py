"""What the model does not know: kinds that may route to, or write, what this commit changes.

Source: the transition model (an unknown kind with influence on traffic is named, and the verdict is `unknown`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import Key, is_service
from compiler.model.request import RouteMatch, pattern_matches
from compiler.traffic.ingress_nginx.routes import location_matches
from compiler.transition.routing.request import paths_near, sample_text
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.object_index import service_weights
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
BUILT_IN_GROUPS = frozenset(
    {
        "", "apps", "batch", "autoscaling", "policy", "networking.k8s.io", "rbac.authorization.k8s.io",
        "storage.k8s.io", "scheduling.k8s.io", "apiextensions.k8s.io", "admissionregistration.k8s.io",
        "apiregistration.k8s.io", "coordination.k8s.io", "node.k8s.io", "discovery.k8s.io", "certificates.k8s.io",
        "events.k8s.io", "snapshot.storage.k8s.io", "argoproj.io", "shipway.dev",
    }
)  # fmt: skip
HARMLESS_GROUPS = frozenset(
    {
        "monitoring.coreos.com", "monitoring.googleapis.com", "cert-manager.io", "acme.cert-manager.io",
        "external-secrets.io", "bitnami.com", "grafana.integreatly.org", "operator.victoriametrics.com",
        "logging.banzaicloud.io", "kyverno.io", "wgpolicyk8s.io", "postgresql.cnpg.io", "kafka.strimzi.io",
        "secrets-store.csi.x-k8s.io", "secrets.hashicorp.com", "externaldns.k8s.io", "velero.io", "sloth.slok.dev",
        "keda.sh", "autoscaling.k8s.io",
    }
)  # fmt: skip
KNOWN_GATEWAY_KINDS = frozenset({"HTTPRoute", "Gateway", "GatewayClass", "ReferenceGrant"})


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The objects of unknown kinds that name a Service or workload which this commit touches."""
    change = judged.change
    yield from _unknown_backends(change)
    yield from _unsampled_patterns(change)
    unknown = {
        key: snapshot for snapshot in (change.live, change.target) for key in snapshot.objects if _is_unknown_kind(key)
    }
    if not unknown:
        return
    concerned = _affected_workloads_and_services(change)
    for key, snapshot in unknown.items():
        words = _referenced_words(snapshot.objects[key])
        candidates = (
            _all_traffic_objects(change)
            if key in change.ops
            else [each for each in concerned if _may_refer_to(each, words)]
        )
        named = [other for other in candidates if other.name in words and other.namespace == key.namespace]
        if named:
            yield PropertyBreach(
                "unknown-kind",
                PROPERTY,
                f"{key} names {', '.join(map(str, named))}; the model does not know what it does to them",
                (key, *named),
                "judge it by hand, or route by HTTPRoute, Ingress or Service",
                "warning",
            )


def _unknown_backends(change: Change) -> Iterator[PropertyBreach]:
    """Routes that come to lead to something other than a Service."""
    for key, route in change.target.http_routes.items():
        strange = sorted(str(service) for service in route.services if not is_service(service))
        if strange and key in change.ops:
            yield PropertyBreach(
                "unknown-kind",
                PROPERTY,
                f"{key} leads to {', '.join(strange)}, and the model does not know what answers there",
                (key,),
                "lead to a Service",
                "warning",
            )


def _unsampled_patterns(change: Change) -> Iterator[PropertyBreach]:
    """Paths for which no request was found, on routes to what this commit touches: nothing was proven for them."""
    unread: dict[tuple[Key, str], frozenset[Key]] = {}
    for snapshot in (change.live, change.target):
        for key, route in snapshot.http_routes.items():
            paths = [match.path for rule in route.rules for match in rule.matches if match.kind == "Regex"]
            unread |= {(key, path): route.services for path in paths if not pattern_matches(path, sample_text(path))}
        for key, facts in snapshot.ingresses.items():
            patterns = [rule.match for rule in facts.rules if facts.regex]
            unread |= {(key, match.path): facts.services for match in patterns if not _pattern_is_sampled(match)}
    touched = {*change.ops, *_affected_workloads_and_services(change)} if unread else set()
    for (key, path), services in unread.items():
        if key in touched or services & touched:
            yield PropertyBreach(
                "path-unread",
                PROPERTY,
                f"{key} takes the paths {path}, and no request was found that they match",
                (key,),
                "judge it by hand, or write a plainer path",
                "warning",
            )


def _pattern_is_sampled(pattern: RouteMatch) -> bool:
    """Whether one of the paths that stand for the pattern is taken by it."""
    return any(location_matches(pattern.path, path) for path in paths_near(pattern, loose=True))


def _all_traffic_objects(change: Change) -> list[Key]:
    snapshots = (change.live, change.target)
    return list({key: None for snapshot in snapshots for key in (*snapshot.services, *snapshot.workloads)})


def _is_unknown_kind(key: Key) -> bool:
    if key.group == "gateway.networking.k8s.io":
        return key.kind not in KNOWN_GATEWAY_KINDS
    return key.group not in BUILT_IN_GROUPS and key.group not in HARMLESS_GROUPS


def _may_refer_to(key: Key, words: set[str]) -> bool:
    """Whether an object may mean this one: who refers to a workload says its kind, who leads to a Service need not."""
    return key.kind == "Service" or key.kind in words


def _affected_workloads_and_services(change: Change) -> list[Key]:
    """The workloads that change, and the Services that do or before which more than a rollout happens.

    A rollout behind a Service of its own is judged with the Service's class or its routes', unless they make it idle.
    """
    pods = [key for key in {**change.live.workloads, **change.target.workloads} if change.moving(key)]
    if not pods:
        return [key for key in change.ops if is_service(key)]
    idle = _unweighted_services(change)
    found = dict.fromkeys(pods)
    for snapshot in (change.live, change.target):
        by_label = _workloads_by_label(snapshot)
        for key, facts in snapshot.services.items():
            behind = _selected_workloads(facts, by_label)
            moving = [each for each in behind if change.moving(each)]
            plain = len(behind) == 1 and key not in idle and all(_only_rolls(change, each) for each in moving)
            if key in change.ops or (moving and not plain):
                found[key] = None
    return list(found)


def _unweighted_services(change: Change) -> set[Key]:
    """The Services to which routes lead, but with no share."""
    shares = [pair for snapshot in (change.live, change.target) for pair in service_weights(snapshot)]
    return {service for service, _ in shares} - {service for service, positive in shares if positive}


def _workloads_by_label(snapshot: Snapshot) -> dict[tuple[str, str, str], list[Key]]:
    by_label: dict[tuple[str, str, str], list[Key]] = {}
    for key, workload in snapshot.workloads.items():
        for label in workload.template.labels.items():
            by_label.setdefault((key.namespace, *label), []).append(key)
    return by_label


def _selected_workloads(facts: ServiceFacts, by_label: Mapping[tuple[str, str, str], list[Key]]) -> list[Key]:
    if not facts.selector:
        return []
    found = [set(by_label.get((facts.key.namespace, *label), ())) for label in facts.selector.items()]
    return sorted(set.intersection(*found))


def _only_rolls(change: Change, key: Key) -> bool:
    """Whether the pods are replaced by pods that nobody can tell apart by label or port."""
    old, new = change.live.workloads.get(key), change.target.workloads.get(key)
    if old is None or new is None:
        return False
    return (old.template.labels, old.template.named, old.template.ports) == (
        new.template.labels, new.template.named, new.template.ports,
    )  # fmt: skip


def _referenced_words(value: Any) -> set[str]:
    """Every text in an object's spec, and the first part of those that are host names."""
    words: set[str] = set()
    pending = [part for name, part in value.items() if name not in ("metadata", "status")]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending += item.values()
        elif isinstance(item, list):
            pending += item
        elif isinstance(item, str):
            words.update((item, item.split(".")[0], item.partition("://")[2].split(".")[0].partition(":")[0]))
    return words
