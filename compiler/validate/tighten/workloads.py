"""Workloads, autoscalers and budgets: k8s.io/kubernetes/pkg/apis/{apps,batch,autoscaling,policy}/validation."""

from __future__ import annotations

from compiler.validate.tighten.constraints import (
    DNS_LABEL,
    PERCENT_OR_COUNT,
    Schema,
    at_most_one,
    enum_constraint,
    number_between,
    object_rule,
    required_fields,
    text_constraint,
)

_RECREATE = {"properties": {"type": {"const": "Recreate"}}, "required": ["type"]}
_METRICS = {
    "Resource": "resource",
    "Pods": "pods",
    "Object": "object",
    "External": "external",
    "ContainerResource": "containerResource",
}

FIELDS: dict[str, dict[str, Schema]] = {
    "apps.v1.DeploymentSpec": {
        "replicas": number_between(0),
        "minReadySeconds": number_between(0),
        "revisionHistoryLimit": number_between(0),
        "progressDeadlineSeconds": number_between(1),
    },
    "apps.v1.DeploymentStrategy": {"type": enum_constraint("RollingUpdate", "Recreate")},
    "apps.v1.RollingUpdateDeployment": {"maxSurge": PERCENT_OR_COUNT, "maxUnavailable": PERCENT_OR_COUNT},
    "apps.v1.ReplicaSet": {"": required_fields("spec")},
    "apps.v1.ReplicaSetSpec": {"": required_fields("selector", "template"), "replicas": number_between(0)},
    "core.v1.ReplicationController": {"": required_fields("spec")},
    "core.v1.ReplicationControllerSpec": {"": required_fields("template"), "replicas": number_between(0)},
    "apps.v1.StatefulSetSpec": {
        "replicas": number_between(0),
        "minReadySeconds": number_between(0),
        "podManagementPolicy": enum_constraint("OrderedReady", "Parallel"),
    },
    "apps.v1.StatefulSetUpdateStrategy": {"type": enum_constraint("RollingUpdate", "OnDelete")},
    "batch.v1.JobSpec": {
        "backoffLimit": number_between(0),
        "activeDeadlineSeconds": number_between(1),
        "completions": number_between(0),
        "parallelism": number_between(0),
        "ttlSecondsAfterFinished": number_between(0),
        "completionMode": enum_constraint("NonIndexed", "Indexed"),
    },
    "batch.v1.CronJobSpec": {
        "concurrencyPolicy": enum_constraint("Allow", "Forbid", "Replace"),
        "schedule": text_constraint(
            r"@[a-z]+(?: .+)?|\S+(?: +\S+){4}", "a cron schedule of five fields, such as `0 3 * * *`"
        ),
    },
    "autoscaling.v2.HorizontalPodAutoscalerSpec": {"minReplicas": number_between(1), "maxReplicas": number_between(1)},
    "autoscaling.v2.MetricSpec": {"type": enum_constraint(*_METRICS)},
    # validateMetricIdentifier: a segment of a path
    "autoscaling.v2.MetricIdentifier": {"name": text_constraint(r"(?!\.{1,2}$)[^/%]+", "a name without `/` and `%`")},
    "autoscaling.v2.ContainerResourceMetricSource": {"container": DNS_LABEL},
    "autoscaling.v2.MetricTarget": {
        "type": enum_constraint("Utilization", "Value", "AverageValue"),
        "averageUtilization": number_between(1),
    },
    "autoscaling.v2.HPAScalingRules": {
        "selectPolicy": enum_constraint("Max", "Min", "Disabled"),
        "stabilizationWindowSeconds": number_between(0, 3600),
    },
    "autoscaling.v2.HPAScalingPolicy": {
        "type": enum_constraint("Pods", "Percent"),
        "value": number_between(1),
        "periodSeconds": number_between(1, 1800),
    },
    "policy.v1.PodDisruptionBudgetSpec": {
        "minAvailable": PERCENT_OR_COUNT,
        "maxUnavailable": PERCENT_OR_COUNT,
        "unhealthyPodEvictionPolicy": enum_constraint("IfHealthyBudget", "AlwaysAllow"),
    },
}

RULES: dict[str, tuple[Schema, ...]] = {
    "apps.v1.DeploymentStrategy": (
        object_rule(
            "a strategy of type Recreate cannot have `rollingUpdate`",
            "choice-of-one",
            **{"not": {**_RECREATE, "required": ["type", "rollingUpdate"]}},
        ),
    ),
    "autoscaling.v2.MetricSpec": (
        object_rule(
            "a metric needs the one field that its `type` names",
            "choice-of-one",
            anyOf=[
                {"properties": {"type": {"const": kind}}, "required": ["type", field], "maxProperties": 2}
                for kind, field in _METRICS.items()
            ],
        ),
    ),
    "policy.v1.PodDisruptionBudgetSpec": (at_most_one("a budget", "minAvailable", "maxUnavailable"),),
}
