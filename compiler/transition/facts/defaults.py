"""Pod templates and claims as the API server keeps them: what says the same is one value.

A default that a manifest writes out, a quantity in another unit, an empty list: none of them makes new pods, and none
changes an immutable field. Source: Kubernetes, pkg/apis/core/v1/defaults.go (`SetDefaults_PodSpec`,
`SetDefaults_Container`, `SetDefaults_Probe`, `SetDefaults_PersistentVolumeClaimSpec` …); deployment_util.go
`EqualIgnoreHash` (semantic equality: quantities by value, empty as absent).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.model.quantity import quantity_value

_PROBE = {
    "initialDelaySeconds": 0,
    "timeoutSeconds": 1,
    "periodSeconds": 10,
    "successThreshold": 1,
    "failureThreshold": 3,
}
_CONTAINER = {
    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "resources": {},
    "stdin": False, "stdinOnce": False, "tty": False, "workingDir": "",
}  # fmt: skip
_VOLUME = {"defaultMode": 0o644}
_METADATA: Mapping[str, Any] = {"labels": {}, "annotations": {}}
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "metadata": _METADATA,
    "spec": {
        "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler",
        "terminationGracePeriodSeconds": 30, "securityContext": {}, "nodeSelector": {}, "volumeMode": "Filesystem",
        "hostNetwork": False, "hostPID": False, "hostIPC": False, "hostname": "", "subdomain": "", "nodeName": "",
        "serviceAccountName": "", "priorityClassName": "",
    },
    "containers": _CONTAINER,
    "initContainers": _CONTAINER,
    "ports": {"protocol": "TCP", "name": "", "hostPort": 0, "hostIP": ""},
    "env": {"value": ""},
    "envFrom": {"prefix": ""},
    "volumeMounts": {"readOnly": False, "subPath": "", "subPathExpr": ""},
    "persistentVolumeClaim": {"readOnly": False},
    "emptyDir": {"medium": ""},
    "readinessProbe": _PROBE,
    "livenessProbe": _PROBE,
    "startupProbe": _PROBE,
    "httpGet": {"path": "/", "scheme": "HTTP", "host": ""},
    "resources": {"limits": {}, "requests": {}},
    "volumes": {"emptyDir": {}},
    "configMap": _VOLUME,
    "secret": _VOLUME,
    "projected": _VOLUME,
    "downwardAPI": _VOLUME,
    "fieldRef": {"apiVersion": "v1"},
    "volumeClaimTemplates": {"apiVersion": "v1", "kind": "PersistentVolumeClaim"},
}  # fmt: skip
"""The defaults of what a field holds, or of the items of a list there, by the field's name.

False, 0 and empty text only of fields that are no pointers (pkg/apis/core/types.go): Go tells those from none.
"""
QUANTITIES = frozenset({"limits", "requests"})
ACCOUNT_NAMES = ("serviceAccountName", "serviceAccount")
"""One field and its former name (pkg/apis/core/v1/conversion.go `Convert_v1_PodSpec_To_core_PodSpec`)."""


def without_defaults(value: Any, field: str = "") -> Any:
    """`value` without what says nothing; `field` is the one that holds it."""
    if isinstance(value, list):
        return [without_defaults(item, field) for item in value]
    if not isinstance(value, dict):
        return value
    if field in QUANTITIES:
        return {name: quantity_value(inner) for name, inner in value.items()}
    kept = {name: without_defaults(inner, name) for name, inner in value.items()}
    implied = {**DEFAULTS.get(field, {}), "imagePullPolicy": default_pull_policy(str(kept.get("image")))}
    return {name: inner for name, inner in kept.items() if inner not in (None, []) and inner != implied.get(name)}


def same_without_defaults(one: Any, other: Any, field: str = "") -> bool:
    """Whether two values are equal without what says nothing: `without_defaults` of both, up to a difference."""
    if one == other:
        return True
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same_without_defaults(first, second, field) for first, second in pairs)
    if not (isinstance(one, dict) and isinstance(other, dict)) or field in QUANTITIES:
        return bool(without_defaults(one, field) == without_defaults(other, field))
    names = (name for name in {**one, **other} if name not in one or name not in other or one[name] != other[name])
    return all(_same_field(one, other, name, field) for name in names)


def _same_field(one: Mapping[str, Any], other: Mapping[str, Any], name: str, field: str) -> bool:
    """Whether a field of two mappings says the same: in both, in one beside its default, or nothing in either."""
    if field == "spec" and name in ACCOUNT_NAMES:
        return bool(_named_account(one) == _named_account(other))
    if name in one and name in other and same_without_defaults(one[name], other[name], name):
        return True
    return all(_says_nothing(holder, name, field) for holder in (one, other))


def _named_account(spec: Mapping[str, Any]) -> Any:
    return next((spec[name] for name in ACCOUNT_NAMES if spec.get(name)), None)


def _says_nothing(holder: Mapping[str, Any], name: str, field: str) -> bool:
    """Whether `without_defaults` leaves the field out."""
    if name not in holder:
        return True
    value = holder[name]
    implied = default_pull_policy(str(holder.get("image"))) if name == "imagePullPolicy" else None
    implied = DEFAULTS.get(field, {}).get(name) if implied is None else implied
    if isinstance(value, dict):
        return isinstance(implied, dict) and bool(without_defaults(value, name) == implied)
    return value in (None, []) or bool(value == implied)


def default_pull_policy(image: str) -> str:
    """What a container does that says nothing of it (`SetDefaults_Container`: the tag decides)."""
    name = image.partition("@")[0].rpartition("/")[2]
    untagged = ":" not in name and "@" not in image
    return "Always" if untagged or name.endswith(":latest") else "IfNotPresent"
