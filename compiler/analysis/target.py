"""One track as metrics name it, and the templates of queries over it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PLACEHOLDER: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class MetricsTarget:
    """A track of a release. `service` and `workload` are its own Service and Deployment; `version` is what it runs."""

    namespace: str
    release: str
    track: str
    service: str
    workload: str
    version: str

    @property
    def pod(self) -> str:
        """A regular expression for the names of its pods: Deployment, ReplicaSet's hash, pod's suffix."""
        return f"{re.escape(self.workload)}-[a-z0-9]+-[a-z0-9]{{5}}".replace("\\-", "-")


def template_values(target: MetricsTarget, window: int) -> dict[str, str]:
    """What a query's `{{name}}` may stand for; `window` in seconds. None of the values can end a quoted string."""
    return {
        "namespace": target.namespace,
        "release": target.release,
        "track": target.track,
        "service": target.service,
        "workload": target.workload,
        "pod": target.pod,
        "version": target.version,
        "window": f"{window}s",
    }


SAMPLE: Final = MetricsTarget("namespace", "release", "track", "service", "workload", "1.0.0")
"""Stands in where only a query's form is judged."""


def filled_query(template: str, target: MetricsTarget, window: int) -> str:
    """The query with every `{{name}}` replaced. Raises KeyError for a name that there is not."""
    values = template_values(target, window)
    return PLACEHOLDER.sub(lambda match: values[match[1]], template)


def unknown_placeholders(template: str) -> list[str]:
    """The names in `{{…}}` that stand for nothing."""
    known = template_values(SAMPLE, 60)
    return sorted({match[1] for match in PLACEHOLDER.finditer(template) if match[1] not in known})
