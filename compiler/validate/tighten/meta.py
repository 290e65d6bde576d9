"""Metadata, labels, quantities, ConfigMaps, Secrets, quotas: k8s.io/kubernetes/pkg/apis/core/validation."""

from __future__ import annotations

from compiler.validate.tighten.words import (
    BASE64,
    DATA_KEY,
    DNS_LABEL,
    LABEL_VALUE,
    QUALIFIED_NAME,
    QUANTITY,
    Schema,
    one_of,
    rule,
)

_OPERATORS = one_of("In", "NotIn", "Exists", "DoesNotExist")

FIELDS: dict[str, dict[str, Schema]] = {
    "meta.v1.ObjectMeta": {
        "namespace": DNS_LABEL,
        "labels{key}": QUALIFIED_NAME,
        "labels{}": LABEL_VALUE,
        "annotations{key}": QUALIFIED_NAME,
        "finalizers[]": QUALIFIED_NAME,
    },
    "meta.v1.LabelSelector": {"matchLabels{key}": QUALIFIED_NAME, "matchLabels{}": LABEL_VALUE},
    "meta.v1.LabelSelectorRequirement": {"key": QUALIFIED_NAME, "operator": _OPERATORS, "values[]": LABEL_VALUE},
    "api.resource.Quantity": {"": QUANTITY},
    "core.v1.ConfigMap": {"data{key}": DATA_KEY, "binaryData{key}": DATA_KEY, "binaryData{}": BASE64},
    "core.v1.Secret": {"data{key}": DATA_KEY, "data{}": BASE64, "stringData{key}": DATA_KEY},
    "core.v1.LimitRangeItem": {"type": one_of("Container", "Pod", "PersistentVolumeClaim")},
    "core.v1.PersistentVolumeClaimSpec": {
        "accessModes[]": one_of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"),
        "accessModes": {"minItems": 1},
        "volumeMode": one_of("Filesystem", "Block"),
    },
    "rbac.v1.RoleRef": {"kind": one_of("Role", "ClusterRole")},
    "rbac.v1.Subject": {"kind": one_of("User", "Group", "ServiceAccount")},
    "rbac.v1.PolicyRule": {"verbs": {"minItems": 1}},
}

_NEEDS_VALUES = {"properties": {"operator": one_of("In", "NotIn")}}
_TAKES_NONE = {"properties": {"operator": one_of("Exists", "DoesNotExist"), "values": {"maxItems": 0}}}
RULES: dict[str, tuple[Schema, ...]] = {
    "meta.v1.LabelSelectorRequirement": (
        rule(
            "In and NotIn need `values`; Exists and DoesNotExist take none",
            "value-malformed",
            anyOf=[{**_NEEDS_VALUES, "required": ["values"]}, _TAKES_NONE],
        ),
    ),
}
