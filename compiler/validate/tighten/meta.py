"""Metadata, labels, quantities, ConfigMaps, Secrets, quotas, volumes, rights, classes, admission.

Source: k8s.io/kubernetes/pkg/apis/{admissionregistration,core,rbac,scheduling}/validation; rbac/v1/defaults.go
(`SetDefaults_RoleBinding`: a role without a group is one of rbac.authorization.k8s.io).
"""

from __future__ import annotations

from compiler.validate.tighten.constraints import (
    BASE64,
    DATA_KEY,
    DNS_LABEL,
    LABEL_VALUE,
    QUALIFIED_NAME,
    QUANTITY,
    Schema,
    enum_constraint,
    object_rule,
    required_fields,
)

_OPERATORS = enum_constraint("In", "NotIn", "Exists", "DoesNotExist")

_VOLUME_SOURCES = (
    *("awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker"),
    *("gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk", "portworxVolume"),
    *("quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume"),
)

FIELDS: dict[str, dict[str, Schema]] = {
    "admissionregistration.v1.ValidatingAdmissionPolicy": {"": required_fields("spec")},
    "admissionregistration.v1.ValidatingAdmissionPolicyBinding": {"": required_fields("spec")},
    "admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec": {
        "": required_fields("policyName", "validationActions")
    },
    "admissionregistration.v1.ValidatingAdmissionPolicySpec": {"": required_fields("matchConstraints")},
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
    "core.v1.LimitRangeItem": {"type": enum_constraint("Container", "Pod", "PersistentVolumeClaim")},
    "core.v1.PersistentVolumeClaimSpec": {
        "accessModes[]": enum_constraint("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"),
        "accessModes": {"minItems": 1},
        "volumeMode": enum_constraint("Filesystem", "Block"),
    },
    "core.v1.PersistentVolume": {"": required_fields("spec")},
    "core.v1.PersistentVolumeSpec": {"": required_fields("accessModes", "capacity")},
    "rbac.v1.RoleRef": {"": required_fields("kind", "name"), "kind": enum_constraint("Role", "ClusterRole")},
    "rbac.v1.Subject": {"kind": enum_constraint("User", "Group", "ServiceAccount")},
    "rbac.v1.PolicyRule": {"verbs": {"minItems": 1}},
    "scheduling.v1.PriorityClass": {"": required_fields()},  # a value that is left out is 0
}

_NEEDS_VALUES = {"properties": {"operator": enum_constraint("In", "NotIn")}}
_TAKES_NONE = {"properties": {"operator": enum_constraint("Exists", "DoesNotExist"), "values": {"maxItems": 0}}}
RULES: dict[str, tuple[Schema, ...]] = {
    "meta.v1.LabelSelectorRequirement": (
        object_rule(
            "In and NotIn need `values`; Exists and DoesNotExist cannot have them",
            "value-malformed",
            anyOf=[{**_NEEDS_VALUES, "required": ["values"]}, _TAKES_NONE],
        ),
    ),
    "core.v1.PersistentVolumeSpec": (
        object_rule(
            "a volume needs exactly one source, such as csi, nfs or hostPath",
            "choice-of-one",
            oneOf=[{"required": [name]} for name in _VOLUME_SOURCES],
        ),
    ),
}
