"""What an object's fields say together, which no schema can: per kind, for objects that their schema accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from compiler.model.manifest import Object
from compiler.validate.checks.argocd import check_application, check_skip_marker
from compiler.validate.checks.data import check_config_map, check_secret
from compiler.validate.checks.httproutes import check_http_route
from compiler.validate.checks.ingresses import check_ingress
from compiler.validate.checks.metadata import check_metadata
from compiler.validate.checks.services import check_service
from compiler.validate.checks.workloads import (
    check_autoscaler,
    check_budget,
    check_cron_job,
    check_deployment,
    check_job,
    check_stateful_set,
)
from compiler.validate.finding import ObjectFinding

Check = Callable[[Object], Iterator[ObjectFinding]]

FOR_EVERY_KIND: tuple[Check, ...] = (check_skip_marker, check_metadata)
_OF_A_KIND: dict[str, Check] = {
    "Application": check_application,
    "ConfigMap": check_config_map,
    "CronJob": check_cron_job,
    "Deployment": check_deployment,
    "HTTPRoute": check_http_route,
    "HorizontalPodAutoscaler": check_autoscaler,
    "Ingress": check_ingress,
    "Job": check_job,
    "PodDisruptionBudget": check_budget,
    "Secret": check_secret,
    "Service": check_service,
    "StatefulSet": check_stateful_set,
}
CHECKS = {kind: (*FOR_EVERY_KIND, check) for kind, check in _OF_A_KIND.items()}

__all__ = ["CHECKS", "FOR_EVERY_KIND"]
