"""Pods: k8s.io/kubernetes/pkg/apis/core/validation/validation.go and the constants of k8s.io/api/core/v1."""

from __future__ import annotations

from compiler.validate.tighten.constraints import (
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
    enum_constraint,
    exactly_one,
    number_between,
    object_rule,
    required_fields,
    text_constraint,
)

_MODE = number_between(0, 0o777)
# ValidateLocalNonReservedPath
_ITEM_PATH = text_constraint(r"(?!/|\.\.)(?!.*/\.\.(?:/|$)).+", "a relative path without `..`")
_SUB_PATH = text_constraint(r"(?!/)(?!(?:.*/)?\.\.(?:/|$)).*", "a relative path without `..`")
_NOT_EMPTY = text_constraint(".+", "a name or path that is not empty")
_PROTOCOL = enum_constraint("TCP", "UDP", "SCTP")
# The strict form; versions before 1.34 refuse what the relaxed one adds.
_ENV_NAME = text_constraint(
    r"(?!\.$|\.\.)[-._a-zA-Z][-._a-zA-Z0-9]*",
    "letters, digits, `_`, `-` and `.`, not beginning with a digit",
    code="env-name-invalid",
)
# github.com/distribution/reference/regexp.go, without its limits on lengths.
_IMAGE = text_constraint(
    r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?/)?"
    r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64}|@sha512:[a-f0-9]{128})?",
    "an image reference: [registry/]name[:tag][@sha256:digest], the name in lower case",
    code="image-invalid",
)

# validateContainerResourceName: without a domain only Kubernetes' own
_RESOURCE = text_constraint(
    r"cpu|memory|ephemeral-storage|hugepages-[0-9]+[KMG]i|"
    r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?",
    "`cpu`, `memory`, `ephemeral-storage`, `hugepages-SIZE`, or a device with its domain: `nvidia.com/gpu`",
    code="resource-unknown",
)
# validEnvDownwardAPIFieldPathExpressions and validVolumeDownwardAPIFieldPathExpressions
_FIELD_PATH = text_constraint(
    r"metadata\.(?:name|namespace|uid|(?:labels|annotations)(?:\['(?:[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?/)?"
    r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?'\])?)|"
    r"spec\.(?:nodeName|serviceAccountName)|status\.(?:host|pod)IPs?",
    "a field of the downward API, such as `metadata.name`, `metadata.labels['app']` or `status.podIP`",
)

# ValidateCSIDriverName
_DRIVER = text_constraint(
    r"[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?)*",
    "at most 63 letters, digits and `-`, in parts joined by `.`",
    63,
    "name-invalid",
)
_VOLUME_SOURCES = {"defaultMode": _MODE}
_CONTAINER: dict[str, Schema] = {
    "name": DNS_LABEL,
    "image": _IMAGE,
    "imagePullPolicy": enum_constraint("Always", "IfNotPresent", "Never"),
    "terminationMessagePolicy": enum_constraint("File", "FallbackToLogsOnError"),
}

FIELDS: dict[str, dict[str, Schema]] = {
    "core.v1.PodTemplateSpec": {"": required_fields("spec")},
    "core.v1.PodSpec": {
        "containers": {"minItems": 1},
        "restartPolicy": enum_constraint("Always", "OnFailure", "Never"),
        "dnsPolicy": enum_constraint("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
        "preemptionPolicy": enum_constraint("PreemptLowerPriority", "Never"),
        "terminationGracePeriodSeconds": number_between(0),
        "activeDeadlineSeconds": number_between(1),
        "serviceAccountName": DNS_SUBDOMAIN,
        "priorityClassName": DNS_SUBDOMAIN,
        "nodeName": DNS_SUBDOMAIN,
        "nodeSelector{key}": QUALIFIED_NAME,
        "nodeSelector{}": LABEL_VALUE,
    },
    "core.v1.Container": _CONTAINER,
    "core.v1.ContainerPort": {
        "containerPort": PORT,
        "hostPort": {**number_between(0, 65535), "x-code": "port-invalid"},  # 0: none
        "name": PORT_NAME,
        "protocol": _PROTOCOL,
    },
    "core.v1.EnvVar": {"name": _ENV_NAME},
    "core.v1.ObjectFieldSelector": {"fieldPath": _FIELD_PATH},
    "core.v1.ResourceRequirements": {"requests{key}": _RESOURCE, "limits{key}": _RESOURCE},
    "core.v1.EnvFromSource": {
        "prefix": text_constraint(r"(?:[-._a-zA-Z][-._a-zA-Z0-9]*)?", "the start of a variable's name")
    },
    "core.v1.ConfigMapKeySelector": {"key": DATA_KEY, "name": DNS_SUBDOMAIN},
    "core.v1.SecretKeySelector": {"key": DATA_KEY, "name": DNS_SUBDOMAIN},
    "core.v1.ConfigMapEnvSource": {"name": DNS_SUBDOMAIN},
    "core.v1.SecretEnvSource": {"name": DNS_SUBDOMAIN},
    "core.v1.LocalObjectReference": {"name": DNS_SUBDOMAIN},
    "core.v1.Volume": {"name": DNS_LABEL},
    "core.v1.VolumeMount": {
        "name": DNS_LABEL,
        "mountPath": text_constraint("[^:]+", "a path without `:`"),
        "mountPropagation": enum_constraint("None", "HostToContainer", "Bidirectional"),
        "subPath": _SUB_PATH,
        "subPathExpr": _SUB_PATH,
        "recursiveReadOnly": enum_constraint("Disabled", "IfPossible", "Enabled"),
    },
    "core.v1.ConfigMapVolumeSource": {**_VOLUME_SOURCES, "name": DNS_SUBDOMAIN},
    "core.v1.SecretVolumeSource": {**_VOLUME_SOURCES, "secretName": DNS_SUBDOMAIN},
    "core.v1.ProjectedVolumeSource": _VOLUME_SOURCES,
    "core.v1.DownwardAPIVolumeSource": _VOLUME_SOURCES,
    "core.v1.DownwardAPIVolumeFile": {"path": _ITEM_PATH, "mode": _MODE},
    "core.v1.ServiceAccountTokenProjection": {"path": _ITEM_PATH},
    "core.v1.PersistentVolumeClaimVolumeSource": {"claimName": _NOT_EMPTY},
    "core.v1.HostPathVolumeSource": {"path": _NOT_EMPTY},
    "core.v1.NFSVolumeSource": {"server": _NOT_EMPTY, "path": _NOT_EMPTY},
    "core.v1.ISCSIVolumeSource": {"targetPortal": _NOT_EMPTY, "iqn": _NOT_EMPTY},
    "core.v1.CSIVolumeSource": {"driver": _DRIVER},
    "core.v1.VolumeDevice": {
        "name": DNS_LABEL,
        "devicePath": text_constraint(r"(?!(?:.*/)?\.\.(?:/|$)).+", "a path without `..`"),
    },
    "core.v1.KeyToPath": {"key": DATA_KEY, "path": _ITEM_PATH, "mode": _MODE},
    "core.v1.HTTPGetAction": {"port": PORT_OR_NAME, "scheme": enum_constraint("HTTP", "HTTPS")},
    "core.v1.HTTPHeader": {"name": text_constraint("[-A-Za-z0-9]+", "letters, digits and `-`")},
    "core.v1.PodReadinessGate": {"conditionType": QUALIFIED_NAME},
    "core.v1.PodSchedulingGate": {"name": QUALIFIED_NAME},
    "core.v1.ContainerResizePolicy": {
        "resourceName": enum_constraint("cpu", "memory"),
        "restartPolicy": enum_constraint("NotRequired", "RestartContainer"),
    },
    "core.v1.TCPSocketAction": {"port": PORT_OR_NAME},
    "core.v1.GRPCAction": {"port": PORT},
    "core.v1.ExecAction": {"command": {"minItems": 1}},
    "core.v1.Probe": {
        "initialDelaySeconds": number_between(0),
        # 0 is the default: SetDefaults_Probe
        "periodSeconds": number_between(0),
        "timeoutSeconds": number_between(0),
        "successThreshold": number_between(0),
        "failureThreshold": number_between(0),
        "terminationGracePeriodSeconds": number_between(1),
    },
    "core.v1.SleepAction": {"seconds": number_between(0)},
    "core.v1.Toleration": {
        "effect": enum_constraint("NoSchedule", "PreferNoSchedule", "NoExecute"),
        # Lt and Gt: from 1.35 on, behind a gate
        "operator": enum_constraint("Equal", "Exists", "Lt", "Gt"),
        "key": QUALIFIED_NAME,
        "value": LABEL_VALUE,
    },
    "core.v1.TopologySpreadConstraint": {
        "maxSkew": number_between(1),
        "minDomains": number_between(1),
        "topologyKey": QUALIFIED_NAME,
        "matchLabelKeys[]": QUALIFIED_NAME,
        "whenUnsatisfiable": enum_constraint("DoNotSchedule", "ScheduleAnyway"),
        "nodeAffinityPolicy": enum_constraint("Honor", "Ignore"),
        "nodeTaintsPolicy": enum_constraint("Honor", "Ignore"),
    },
    "core.v1.NodeSelectorRequirement": {
        "key": QUALIFIED_NAME,
        "operator": enum_constraint("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
    },
    "core.v1.PodAffinityTerm": {
        "topologyKey": QUALIFIED_NAME,
        "namespaces[]": DNS_LABEL,
        "matchLabelKeys[]": QUALIFIED_NAME,
        "mismatchLabelKeys[]": QUALIFIED_NAME,
    },
    "core.v1.WeightedPodAffinityTerm": {"weight": number_between(1, 100)},
    "core.v1.PreferredSchedulingTerm": {"weight": number_between(1, 100)},
    "core.v1.SeccompProfile": {"type": enum_constraint("RuntimeDefault", "Localhost", "Unconfined")},
    "core.v1.AppArmorProfile": {"type": enum_constraint("RuntimeDefault", "Localhost", "Unconfined")},
    "core.v1.SecurityContext": {
        "runAsUser": number_between(0),
        "runAsGroup": number_between(0),
        "procMount": enum_constraint("Default", "Unmasked"),
    },
    "core.v1.PodSecurityContext": {
        "runAsUser": number_between(0),
        "runAsGroup": number_between(0),
        "fsGroup": number_between(0),
        "supplementalGroups[]": number_between(0),
        "fsGroupChangePolicy": enum_constraint("OnRootMismatch", "Always"),
    },
}

_NAMING = {
    "ConfigMapVolumeSource": "configMap",
    "ConfigMapProjection": "configMap",
    "SecretProjection": "secret",
    "ConfigMapEnvSource": "configMapRef",
    "SecretEnvSource": "secretRef",
    "ConfigMapKeySelector": "configMapKeyRef",
    "SecretKeySelector": "secretKeyRef",
}


def _needs(where: str, field: str) -> Schema:
    return object_rule(f"{where} needs a `{field}`", "field-missing", required=[field])


_EXISTS = {"properties": {"operator": {"const": "Exists"}}, "required": ["operator"]}
_NO_EXECUTE = {"properties": {"effect": {"const": "NoExecute"}}, "required": ["effect"]}
_TOLERATION = "toleration-invalid"

RULES: dict[str, tuple[Schema, ...]] = {
    # ValidateSecurityContext
    "core.v1.SecurityContext": (
        object_rule(
            "a privileged container cannot set `allowPrivilegeEscalation: false`",
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
        object_rule(
            "a toleration with the operator Exists cannot have a `value`",
            _TOLERATION,
            **{"not": {"allOf": [_EXISTS, {"properties": {"value": {"minLength": 1}}, "required": ["value"]}]}},
        ),
        object_rule(
            "a toleration without a `key` needs the operator Exists",
            _TOLERATION,
            anyOf=[{"required": ["key"]}, _EXISTS],
        ),
        object_rule(
            "`tolerationSeconds` needs the effect NoExecute",
            _TOLERATION,
            anyOf=[{"not": {"required": ["tolerationSeconds"]}}, _NO_EXECUTE],
        ),
    ),
    "core.v1.Container": (object_rule("a container needs an image", "field-missing", required=["image"]),),
    "core.v1.Probe": (exactly_one("a probe", "httpGet", "tcpSocket", "exec", "grpc"),),
    "core.v1.LifecycleHandler": (exactly_one("a lifecycle hook", "sleep", "exec", "httpGet", "tcpSocket"),),
    "core.v1.EnvVar": (at_most_one("a variable", "value", "valueFrom"),),
    "core.v1.EnvVarSource": (
        object_rule("`valueFrom` needs exactly one source", "choice-of-one", minProperties=1, maxProperties=1),
    ),
    "core.v1.EnvFromSource": (exactly_one("an `envFrom`", "configMapRef", "secretRef"),),
    "core.v1.Volume": (
        # without one it is an emptyDir: SetDefaults_Volume
        object_rule("a volume has a name and one source", "choice-of-one", minProperties=1, maxProperties=2),
    ),
    # validateProjectionSources: nothing at all is accepted
    "core.v1.VolumeProjection": (object_rule("a projected source is of one kind", "choice-of-one", maxProperties=1),),
    # validateExecAction, validateConfigMapVolumeSource and what else the published schemas do not require
    "core.v1.ExecAction": (_needs("`exec`", "command"),),
    "core.v1.SecretVolumeSource": (_needs("a `secret`", "secretName"),),
    **{f"core.v1.{name}": (_needs(f"`{field}`", "name"),) for name, field in _NAMING.items()},
}
