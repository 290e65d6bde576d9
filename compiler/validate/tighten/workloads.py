"""Workloads, autoscalers and budgets: k8s.io/kubernetes/pkg/apis/{apps,batch,autoscaling,policy}/validation."""

from __future__ import annotations

from compiler.validate.tighten.words import PERCENT_OR_COUNT, Schema, at_most_one, between, one_of, rule, text

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
        "replicas": between(0),
        "minReadySeconds": between(0),
        "revisionHistoryLimit": between(0),
        "progressDeadlineSeconds": between(1),
    },
    "apps.v1.DeploymentStrategy": {"type": one_of("RollingUpdate", "Recreate")},
    "apps.v1.RollingUpdateDeployment": {"maxSurge": PERCENT_OR_COUNT, "maxUnavailable": PERCENT_OR_COUNT},
    "apps.v1.StatefulSetSpec": {
        "replicas": between(0),
        "minReadySeconds": between(0),
        "podManagementPolicy": one_of("OrderedReady", "Parallel"),
    },
    "apps.v1.StatefulSetUpdateStrategy": {"type": one_of("RollingUpdate", "OnDelete")},
    "batch.v1.JobSpec": {
        "backoffLimit": between(0),
        "activeDeadlineSeconds": between(1),
        "completions": between(0),
        "parallelism": between(0),
        "ttlSecondsAfterFinished": between(0),
        "completionMode": one_of("NonIndexed", "Indexed"),
    },
    "batch.v1.CronJobSpec": {
        "concurrencyPolicy": one_of("Allow", "Forbid", "Replace"),
        "schedule": text(r"@[a-z]+(?: .+)?|\S+(?: +\S+){4}", "a cron schedule of five fields, such as `0 3 * * *`"),
    },
    "autoscaling.v2.HorizontalPodAutoscalerSpec": {"minReplicas": between(1), "maxReplicas": between(1)},
    "autoscaling.v2.MetricSpec": {"type": one_of(*_METRICS)},
    "autoscaling.v2.MetricTarget": {
        "type": one_of("Utilization", "Value", "AverageValue"),
        "averageUtilization": between(1),
    },
    "autoscaling.v2.HPAScalingRules": {
        "selectPolicy": one_of("Max", "Min", "Disabled"),
        "stabilizationWindowSeconds": between(0, 3600),
    },
    "autoscaling.v2.HPAScalingPolicy": {
        "type": one_of("Pods", "Percent"),
        "value": between(1),
        "periodSeconds": between(1, 1800),
    },
    "policy.v1.PodDisruptionBudgetSpec": {
        "minAvailable": PERCENT_OR_COUNT,
        "maxUnavailable": PERCENT_OR_COUNT,
        "unhealthyPodEvictionPolicy": one_of("IfHealthyBudget", "AlwaysAllow"),
    },
}

RULES: dict[str, tuple[Schema, ...]] = {
    "apps.v1.DeploymentStrategy": (
        rule(
            "a strategy of type Recreate takes no `rollingUpdate`",
            "choice-of-one",
            **{"not": {**_RECREATE, "required": ["type", "rollingUpdate"]}},
        ),
    ),
    "autoscaling.v2.MetricSpec": (
        rule(
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
