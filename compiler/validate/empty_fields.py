"""Fields in which empty text, or 0, says no more than to leave them out, and the API server fills in its default.

Source: Kubernetes, staging/src/k8s.io/api/{core,apps,batch,networking}/v1/types.go: the fields that are no pointers and
are omitted when empty; pkg/apis/*/v1/defaults.go. In a pointer (`ingressClassName`, `internalTrafficPolicy`) empty text
is a value, and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_CONTAINER: Final = frozenset({"imagePullPolicy", "terminationMessagePath", "terminationMessagePolicy", "workingDir"})
EMPTY_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "metadata": frozenset({"generateName", "namespace"}),
    "spec": frozenset(
        {
            "clusterIP", "concurrencyPolicy", "dnsPolicy", "externalName", "externalTrafficPolicy", "hostname",
            "loadBalancerIP", "nodeName", "podManagementPolicy", "priorityClassName", "restartPolicy", "schedulerName",
            "serviceAccount", "serviceAccountName", "sessionAffinity", "subdomain", "type", "volumeName",
        }
    ),
    "strategy": frozenset({"type"}),
    "updateStrategy": frozenset({"type"}),
    "containers": _CONTAINER,
    "initContainers": _CONTAINER,
    "ports": frozenset({"hostIP", "hostPort", "name", "nodePort", "protocol", "targetPort"}),
    "env": frozenset({"value"}),
    "envFrom": frozenset({"prefix"}),
    "volumeMounts": frozenset({"subPath", "subPathExpr"}),
    "emptyDir": frozenset({"medium"}),
    "httpGet": frozenset({"host", "path", "scheme"}),
    "port": frozenset({"name", "number"}),
    "rules": frozenset({"host"}),
    "tls": frozenset({"secretName"}),
}  # fmt: skip
"""By the field that holds them, or the list of what does."""


def says_nothing(field: str, name: str, value: Any) -> bool:
    """Whether the value of `name`, in what stands at `field`, is the same as none."""
    return value in ("", 0) and not isinstance(value, bool) and name in EMPTY_FIELDS.get(field, ())


def without_empty_fields(value: Any, field: str = "") -> Any:
    """The value without such fields; `field` is the one that holds it."""
    if isinstance(value, list):
        return [without_empty_fields(item, field) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: without_empty_fields(inner, name) for name, inner in value.items() if not says_nothing(field, name, inner)
    }
