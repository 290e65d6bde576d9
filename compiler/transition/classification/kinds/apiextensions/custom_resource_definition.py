"""CustomResourceDefinition: Kubernetes, staging/src/k8s.io/apiextensions-apiserver."""

from __future__ import annotations

from typing import Any

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA
from compiler.transition.classification.shared.schemas import lost_schema_parts, lost_schema_text

SERVED = "in which versions and forms the API server accepts objects of the kind"


def _version_lost(old: Any, new: Any) -> bool:
    """Whether a version that was served no longer is."""
    return bool(_served(old) - _served(new))


def _served(versions: Any) -> set[str]:
    items = versions if isinstance(versions, list) else ()
    return {str(item.get("name")) for item in items if isinstance(item, dict) and item.get("served")}


def _version_or_field_lost(old: Any, new: Any) -> bool:
    return _version_lost(old, new) or bool(lost_schema_parts(old, new))


TABLE = KindTable(
    "apiextensions.k8s.io",
    "CustomResourceDefinition",
    versions=("apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1beta1"),
    influence=SERVED,
    fields={
        "metadata": METADATA,
        "spec": {
            "conversion": Unjudged(SERVED),
            "group": Modeled("the object's identity"),
            "names": Unjudged(SERVED),
            "preserveUnknownFields": Unjudged(SERVED, default=False),
            "scope": Unjudged(SERVED),
            "versions": Unjudged(SERVED, matters=_version_or_field_lost, loss=lost_schema_text),
            "version": Unjudged(SERVED),
            "validation": Inert(
                "Kubernetes, apiextensions v1beta1: it concerns only objects of the kind, which are judged too"
            ),
            "subresources": Unjudged(SERVED),
            "additionalPrinterColumns": Inert("Kubernetes, apiextensions: what `kubectl get` shows"),
        },
    },
    appears=Modeled("the order of the sync: the definition before the objects of its kind"),
    goes=Modeled("available, accepted: every object of its kind is deleted with it"),
)
