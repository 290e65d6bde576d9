"""What of custom resources can do harm that are classified as a whole: what comes or goes often harms nobody."""

from __future__ import annotations

from typing import Any

from compiler.model.objects import mapping_items, mapping_or_empty, nested_value

COLLECTOR_MODES = (None, "deployment", "daemonset", "statefulset")


def is_not_new(old: Any, _new: Any) -> bool:
    """Whether there was such an object: one that only comes takes nothing from anybody."""
    return old is not None


def reaches_what_is(old: Any, new: Any) -> bool:
    """Whether an object of Rook is not new, is for a pool that Ceph has by itself, or labels pods of its gateway.

    Source: Rook, pkg/apis/ceph.rook.io/v1/types.go `NamedBlockPoolSpec` (`.mgr`, `.nfs`, `.rgw.root`), `GatewaySpec`.
    """
    own_pool = str(nested_value(new, "spec", "name") or "").startswith(".")
    return is_not_new(old, new) or own_pool or bool(nested_value(new, "spec", "gateway", "labels"))


def evicts_pods(_old: Any, new: Any) -> bool:
    """Whether a VerticalPodAutoscaler does more than recommend (its pkg/apis/autoscaling.k8s.io/v1 `UpdateModeOff`).

    One that goes, or only recommends from now on, evicts nobody: new pods have the requests of their template.
    """
    return new is not None and nested_value(new, "spec", "updatePolicy", "updateMode") != "Off"


def deletes_objects(_old: Any, new: Any) -> bool:
    """Whether a cleanup policy deletes more than events; one that goes deletes nothing any more."""
    match = mapping_or_empty(nested_value(new, "spec", "match")) if new is not None else {}
    kinds = [nested_value(part, "resources", "kinds") for part in mapping_items(match.get("any"))]
    events_only = bool(kinds) and match.keys() == {"any"} and all(each == ["Event"] for each in kinds)
    return new is not None and not events_only


def injects_proxies(old: Any, new: Any) -> bool:
    """Whether a collector is not new, comes to stand in the pods of others, or has an Ingress made for it.

    Source: OpenTelemetry operator, apis/v1beta1/opentelemetrycollector_types.go (`mode`, deployment by default;
    `ingress`; `hostNetwork`).
    """
    spec = mapping_or_empty(nested_value(new, "spec"))
    return (
        is_not_new(old, new)
        or spec.get("mode") not in COLLECTOR_MODES
        or bool(spec.keys() & {"hostNetwork", "ingress"})
    )
