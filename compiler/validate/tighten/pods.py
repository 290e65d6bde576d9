"""Pods: k8s.io/kubernetes/pkg/apis/core/validation/validation.go and the constants of k8s.io/api/core/v1."""

from __future__ import annotations

from compiler.validate.tighten.words import (
    DATA_KEY,
    DNS_LABEL,
    DNS_SUBDOMAIN,
    LABEL_VALUE,
    PORT,
    PORT_NAME,
    PORT_OR_NAME,
    QUALIFIED_NAME,
    Schema,
    at_most_one,
    between,
    exactly_one,
    one_of,
    rule,
    text,
)

_MODE = between(0, 0o777)
_ITEM_PATH = text(r"(?!/)(?!(?:.*/)?\.\.(?:/|$)).+", "a relative path without `..`")
_PROTOCOL = one_of("TCP", "UDP", "SCTP")
# The strict form; versions before 1.34 refuse what the relaxed one adds.
_ENV_NAME = text(
    r"(?!\.$|\.\.)[-._a-zA-Z][-._a-zA-Z0-9]*",
    "letters, digits, `_`, `-` and `.`, no digit first",
    code="env-name-invalid",
)
# github.com/distribution/reference/regexp.go, without its limits on lengths.
_IMAGE = text(
    r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?/)?"
    r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64}|@sha512:[a-f0-9]{128})?",
    "an image reference: [registry/]name[:tag][@sha256:digest], the name in lower case",
    code="image-invalid",
)

# validateContainerResourceName: without a domain only Kubernetes' own
_RESOURCE = text(
    r"cpu|memory|ephemeral-storage|hugepages-[0-9]+[KMG]i|"
    r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?",
    "`cpu`, `memory`, `ephemeral-storage`, `hugepages-SIZE`, or a device with its domain: `nvidia.com/gpu`",
    code="resource-unknown",
)
# validEnvDownwardAPIFieldPathExpressions and validVolumeDownwardAPIFieldPathExpressions
_FIELD_PATH = text(
    r"metadata\.(?:name|namespace|uid|(?:labels|annotations)(?:\['[^']+'\])?)|"
    r"spec\.(?:nodeName|serviceAccountName)|status\.(?:host|pod)IPs?",
    "a field that pods can be told, such as `metadata.name`, `metadata.labels['app']` or `status.podIP`",
)

_VOLUME_SOURCES = {"defaultMode": _MODE}
_CONTAINER: dict[str, Schema] = {
    "name": DNS_LABEL,
    "image": _IMAGE,
    "imagePullPolicy": one_of("Always", "IfNotPresent", "Never"),
    "terminationMessagePolicy": one_of("File", "FallbackToLogsOnError"),
}

FIELDS: dict[str, dict[str, Schema]] = {
    "core.v1.PodSpec": {
        "containers": {"minItems": 1},
        "restartPolicy": one_of("Always", "OnFailure", "Never"),
        "dnsPolicy": one_of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
        "preemptionPolicy": one_of("PreemptLowerPriority", "Never"),
        "terminationGracePeriodSeconds": between(0),
        "activeDeadlineSeconds": between(1),
        "serviceAccountName": DNS_SUBDOMAIN,
        "priorityClassName": DNS_SUBDOMAIN,
        "nodeSelector{key}": QUALIFIED_NAME,
        "nodeSelector{}": LABEL_VALUE,
    },
    "core.v1.Container": _CONTAINER,
    "core.v1.ContainerPort": {
        "containerPort": PORT,
        "hostPort": PORT,
        "name": PORT_NAME,
        "protocol": _PROTOCOL,
    },
    "core.v1.EnvVar": {"name": _ENV_NAME},
    "core.v1.ObjectFieldSelector": {"fieldPath": _FIELD_PATH},
    "core.v1.ResourceRequirements": {"requests{key}": _RESOURCE, "limits{key}": _RESOURCE},
    "core.v1.EnvFromSource": {"prefix": text(r"(?:[-._a-zA-Z][-._a-zA-Z0-9]*)?", "the start of a variable's name")},
    "core.v1.ConfigMapKeySelector": {"key": DATA_KEY, "name": DNS_SUBDOMAIN},
    "core.v1.SecretKeySelector": {"key": DATA_KEY, "name": DNS_SUBDOMAIN},
    "core.v1.ConfigMapEnvSource": {"name": DNS_SUBDOMAIN},
    "core.v1.SecretEnvSource": {"name": DNS_SUBDOMAIN},
    "core.v1.LocalObjectReference": {"name": DNS_SUBDOMAIN},
    "core.v1.Volume": {"name": DNS_LABEL},
    "core.v1.VolumeMount": {
        "name": DNS_LABEL,
        "mountPath": text("[^:]+", "a path without `:`"),
        "mountPropagation": one_of("None", "HostToContainer", "Bidirectional"),
        "subPath": text(r"(?!/)(?!(?:.*/)?\.\.(?:/|$)).*", "a relative path without `..`"),
    },
    "core.v1.ConfigMapVolumeSource": {**_VOLUME_SOURCES, "name": DNS_SUBDOMAIN},
    "core.v1.SecretVolumeSource": {**_VOLUME_SOURCES, "secretName": DNS_SUBDOMAIN},
    "core.v1.ProjectedVolumeSource": _VOLUME_SOURCES,
    "core.v1.DownwardAPIVolumeSource": _VOLUME_SOURCES,
    "core.v1.KeyToPath": {"key": DATA_KEY, "path": _ITEM_PATH, "mode": _MODE},
    "core.v1.HTTPGetAction": {"port": PORT_OR_NAME, "scheme": one_of("HTTP", "HTTPS")},
    "core.v1.TCPSocketAction": {"port": PORT_OR_NAME},
    "core.v1.GRPCAction": {"port": PORT},
    "core.v1.Probe": {
        "initialDelaySeconds": between(0),
        "periodSeconds": between(1),
        "timeoutSeconds": between(1),
        "successThreshold": between(1),
        "failureThreshold": between(1),
        "terminationGracePeriodSeconds": between(1),
    },
    "core.v1.SleepAction": {"seconds": between(0)},
    "core.v1.Toleration": {
        "effect": one_of("NoSchedule", "PreferNoSchedule", "NoExecute"),
        # Lt and Gt: from 1.35 on, behind a gate
        "operator": one_of("Equal", "Exists", "Lt", "Gt"),
        "key": QUALIFIED_NAME,
        "value": LABEL_VALUE,
    },
    "core.v1.TopologySpreadConstraint": {
        "maxSkew": between(1),
        "minDomains": between(1),
        "topologyKey": QUALIFIED_NAME,
        "whenUnsatisfiable": one_of("DoNotSchedule", "ScheduleAnyway"),
        "nodeAffinityPolicy": one_of("Honor", "Ignore"),
        "nodeTaintsPolicy": one_of("Honor", "Ignore"),
    },
    "core.v1.NodeSelectorRequirement": {
        "key": QUALIFIED_NAME,
        "operator": one_of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
    },
    "core.v1.PodAffinityTerm": {"topologyKey": QUALIFIED_NAME},
    "core.v1.WeightedPodAffinityTerm": {"weight": between(1, 100)},
    "core.v1.PreferredSchedulingTerm": {"weight": between(1, 100)},
    "core.v1.SeccompProfile": {"type": one_of("RuntimeDefault", "Localhost", "Unconfined")},
    "core.v1.AppArmorProfile": {"type": one_of("RuntimeDefault", "Localhost", "Unconfined")},
    "core.v1.SecurityContext": {
        "runAsUser": between(0),
        "runAsGroup": between(0),
        "procMount": one_of("Default", "Unmasked"),
    },
    "core.v1.PodSecurityContext": {
        "runAsUser": between(0),
        "runAsGroup": between(0),
        "fsGroup": between(0),
        "fsGroupChangePolicy": one_of("OnRootMismatch", "Always"),
    },
}

_EXISTS = {"properties": {"operator": {"const": "Exists"}}, "required": ["operator"]}
_NO_EXECUTE = {"properties": {"effect": {"const": "NoExecute"}}, "required": ["effect"]}
_TOLERATION = "toleration-invalid"

RULES: dict[str, tuple[Schema, ...]] = {
    # ValidateSecurityContext
    "core.v1.SecurityContext": (
        rule(
            "a privileged container cannot do without privilege escalation",
            "security-contradiction",
            **{
                "not": {
                    "properties": {"privileged": {"const": True}, "allowPrivilegeEscalation": {"const": False}},
                    "required": ["privileged", "allowPrivilegeEscalation"],
                }
            },
        ),
    ),
    # ValidateTolerations
    "core.v1.Toleration": (
        rule(
            "a toleration with the operator Exists takes no `value`",
            _TOLERATION,
            **{"not": {"allOf": [_EXISTS, {"properties": {"value": {"minLength": 1}}, "required": ["value"]}]}},
        ),
        rule(
            "a toleration without a `key` needs the operator Exists",
            _TOLERATION,
            anyOf=[{"required": ["key"]}, _EXISTS],
        ),
        rule(
            "`tolerationSeconds` needs the effect NoExecute",
            _TOLERATION,
            anyOf=[{"not": {"required": ["tolerationSeconds"]}}, _NO_EXECUTE],
        ),
    ),
    "core.v1.Container": (rule("a container needs an image", "field-missing", required=["image"]),),
    "core.v1.Probe": (exactly_one("a probe", "httpGet", "tcpSocket", "exec", "grpc"),),
    "core.v1.LifecycleHandler": (exactly_one("a lifecycle hook", "sleep", "exec", "httpGet", "tcpSocket"),),
    "core.v1.EnvVar": (at_most_one("a variable", "value", "valueFrom"),),
    "core.v1.EnvVarSource": (
        rule("`valueFrom` needs exactly one source", "choice-of-one", minProperties=1, maxProperties=1),
    ),
    "core.v1.EnvFromSource": (exactly_one("an `envFrom`", "configMapRef", "secretRef"),),
    "core.v1.Volume": (
        rule("a volume has its name and exactly one source", "choice-of-one", minProperties=2, maxProperties=2),
    ),
}
