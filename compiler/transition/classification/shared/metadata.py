"""ObjectMeta, by what the object is: plain, a route, a workload, the template of pods, a Namespace, an account."""

from __future__ import annotations

from typing import Any

from compiler.model.classification import Entries, FieldTable, Inert, Modeled, Unjudged
from compiler.transition.classification.shared.annotations import (
    account_annotation,
    namespace_annotation,
    plain_annotation,
    route_annotation,
    template_annotation,
    workload_annotation,
)
from compiler.transition.classification.shared.labels import (
    namespace_label,
    plain_label,
    route_label,
    template_label,
)

SERVER_WRITTEN = Inert("Kubernetes, apimachinery pkg/apis/meta/v1/types.go `ObjectMeta`: populated by the system")


def _finalizers_lost(old: Any, new: Any) -> bool:
    """Whether an object loses its finalizers, or goes with them: they do nothing before it is deleted."""
    return bool(old) and not new


def _metadata(labels: Entries, annotations: Entries) -> FieldTable:
    return {
        "name": Modeled("the object's identity"),
        "namespace": Modeled("the object's identity"),
        "generateName": Modeled("the object's identity"),
        "labels": labels,
        "annotations": annotations,
        "finalizers": Unjudged(
            "whether the object can be deleted, and so whether the wave that prunes it ends", matters=_finalizers_lost
        ),
        "ownerReferences": Unjudged("with which other object this one is deleted"),
        "creationTimestamp": SERVER_WRITTEN,
        "deletionGracePeriodSeconds": SERVER_WRITTEN,
        "deletionTimestamp": SERVER_WRITTEN,
        "generation": SERVER_WRITTEN,
        "managedFields": SERVER_WRITTEN,
        "resourceVersion": Unjudged(
            "whether the API server takes the object: it refuses a version that is not the newest", alone=False
        ),
        "selfLink": SERVER_WRITTEN,
        "uid": SERVER_WRITTEN,
        "clusterName": SERVER_WRITTEN,
    }


METADATA = _metadata(Entries(plain_label), Entries(plain_annotation))
ROUTE_METADATA = _metadata(Entries(route_label), Entries(route_annotation))
WORKLOAD_METADATA = _metadata(Entries(plain_label), Entries(workload_annotation))
TEMPLATE_METADATA = _metadata(Entries(template_label), Entries(template_annotation))
NAMESPACE_METADATA = _metadata(Entries(namespace_label), Entries(namespace_annotation))
ACCOUNT_METADATA = _metadata(Entries(plain_label), Entries(account_annotation))
