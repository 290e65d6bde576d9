"""What an object's fields say together, which no schema can: per kind, for objects that their schema accepts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from compiler.traffic import PACKAGES, ObjectCheck, provider_object_checks
from compiler.validate.checks.argocd import check_application
from compiler.validate.checks.data import check_config_map, check_secret
from compiler.validate.checks.metadata import check_metadata
from compiler.validate.checks.services import check_service
from compiler.validate.checks.workloads import (
    check_autoscaler,
    check_budget,
    check_cron_job,
    check_daemon_set,
    check_deployment,
    check_job,
    check_pod,
    check_stateful_set,
)

FOR_EVERY_KIND: tuple[ObjectCheck, ...] = (check_metadata,)
_OF_A_KIND: Mapping[tuple[str, str], ObjectCheck] = {
    ("", "ConfigMap"): check_config_map,
    ("", "Secret"): check_secret,
    ("", "Service"): check_service,
    ("", "Pod"): check_pod,
    ("apps", "DaemonSet"): check_daemon_set,
    ("apps", "Deployment"): check_deployment,
    ("apps", "StatefulSet"): check_stateful_set,
    ("argoproj.io", "Application"): check_application,
    ("autoscaling", "HorizontalPodAutoscaler"): check_autoscaler,
    ("batch", "CronJob"): check_cron_job,
    ("batch", "Job"): check_job,
    ("policy", "PodDisruptionBudget"): check_budget,
}


def object_checks(group: str, kind: str) -> tuple[ObjectCheck, ...]:
    """The checks of a kind: a built-in one, or one of a traffic provider."""
    return _checks_of_kind(group, kind, tuple(PACKAGES))


@lru_cache(maxsize=1024)
def _checks_of_kind(group: str, kind: str, _: tuple[str, ...]) -> tuple[ObjectCheck, ...]:
    own = _OF_A_KIND.get((group, kind)) or provider_object_checks().get((group, kind))
    return FOR_EVERY_KIND if own is None else (*FOR_EVERY_KIND, own)
