"""What Argo CD reports of an environment's Applications, from its own API or from the Kubernetes API.

Both give the same objects: Argo CD's `GET /api/v1/applications` (`server/application/application.proto`) and the
custom resource `argoproj.io/v1alpha1`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from compiler.observe.http import Answer, Server, UnobservedError

REVISION: Final = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
WORD: Final = re.compile(r"[A-Za-z]{0,40}")


@dataclass(frozen=True, slots=True)
class ApplicationStatus:
    """What an Application says of itself; a word is empty where it says nothing. Times are seconds since 1970.

    `revision` is the commit that `sync` was worked out for; `operation_revision` the one that the last operation
    brought, which ended at `finished` (None: it still runs, or there was none). `sources` is their number, and
    `condition` the first error that the controller reports.
    """

    name: str
    project: str = ""
    repository: str = ""
    path: str = ""
    branch: str = ""
    sync: str = ""
    revision: str = ""
    health: str = ""
    operation: str = ""
    operation_revision: str = ""
    finished: int | None = None
    running: bool = False
    message: str = ""
    sources: int = 1
    deleting: bool = False
    condition: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationsApi:
    """Where Applications are read: `kubernetes` or Argo CD's own server."""

    server: Server
    kubernetes: bool
    namespace: str

    def list(self, environment: str) -> dict[str, ApplicationStatus]:
        """The environment's Applications by name, in one question. Raises UnobservedError."""
        selector = f"app.kubernetes.io/managed-by=shipway,app.kubernetes.io/part-of={environment}"
        if self.kubernetes:
            path = f"/apis/argoproj.io/v1alpha1/namespaces/{quote(self.namespace)}/applications"
            answer = self.server.read(path, {"labelSelector": selector})
        else:
            query = {"selector": selector, "appNamespace": self.namespace}
            answer = self.server.read("/api/v1/applications", query)
        items = answered(self.server.name, answer).get("items")
        if items is not None and not isinstance(items, list):
            raise UnobservedError(f"{self.server.name} does not answer with a list of Applications")
        read = [application_status(item) for item in items or [] if isinstance(item, dict)]
        return {each.name: each for each in read if each.name}

    def workload_health(self, application: str, namespace: str, workload: str) -> str:
        """The health of one Deployment of an Application, in Argo CD's words; empty where it is not known."""
        if self.kubernetes:
            path = f"/apis/apps/v1/namespaces/{quote(namespace)}/deployments/{quote(workload)}"
            return deployment_health(answered(self.server.name, self.server.read(path)))
        path = f"/api/v1/applications/{quote(application)}/resource-tree"
        tree = answered(self.server.name, self.server.read(path, {"appNamespace": self.namespace}))
        nodes = [node for node in items_of(tree.get("nodes")) if isinstance(node, dict)]
        ours = [node for node in nodes if (node.get("kind"), node.get("name")) == ("Deployment", workload)]
        return word(mapping(ours[0].get("health")).get("status")) if ours else ""


def answered(name: str, answer: Answer) -> Mapping[str, Any]:
    """The answer's object. Raises UnobservedError for a refusal."""
    if answer.status in (401, 403):
        raise UnobservedError(f"{name} refuses the token (status {answer.status})", lasting=True)
    if answer.status != 200 or not isinstance(answer.data, dict):
        raise UnobservedError(f"{name} gave no answer (status {answer.status})")
    return answer.data


def application_status(item: Mapping[str, Any]) -> ApplicationStatus:
    """The status in an Application's object; what has another form than Argo CD's says nothing.

    The fields are those of `pkg/apis/application/v1alpha1/types.go`. One source may stand in `source` or be the only
    one of `sources`; revisions then stand in `revision` or in `revisions`.
    """
    metadata, spec, status = (mapping(item.get(key)) for key in ("metadata", "spec", "status"))
    sources = [mapping(each) for each in items_of(spec.get("sources"))] or [mapping(spec.get("source"))]
    source, sync = sources[0], mapping(status.get("sync"))
    state = mapping(status.get("operationState"))
    phase = word(state.get("phase"))
    return ApplicationStatus(
        name=str(metadata.get("name") or ""),
        project=str(spec.get("project") or ""),
        repository=str(source.get("repoURL") or ""),
        path=str(source.get("path") or ""),
        branch=str(source.get("targetRevision") or ""),
        sync=word(sync.get("status")),
        revision=only_revision(sync) if compared_to(sync, source) else "",
        health=word(mapping(status.get("health")).get("status")),
        operation=phase,
        operation_revision=only_revision(mapping(state.get("syncResult"))),
        finished=moment(state.get("finishedAt")),
        running=phase in ("Running", "Terminating") or bool(item.get("operation")),
        message=one_line(state.get("message")),
        sources=len(sources),
        deleting=bool(metadata.get("deletionTimestamp")),
        condition=error_condition(items_of(status.get("conditions"))),
    )


def only_revision(part: Mapping[str, Any]) -> str:
    """The commit of the one source."""
    several = items_of(part.get("revisions"))
    return commit_id(part.get("revision")) or (commit_id(several[0]) if len(several) == 1 else "")


def compared_to(sync: Mapping[str, Any], source: Mapping[str, Any]) -> bool:
    """Whether the status was worked out for this source, not for the one that the Application had before."""
    compared = mapping(sync.get("comparedTo"))
    seen = [mapping(each) for each in items_of(compared.get("sources"))] or [mapping(compared.get("source"))]
    keys = ("repoURL", "path", "targetRevision")
    return not seen[0].get("repoURL") or all((seen[0].get(key) or "") == (source.get(key) or "") for key in keys)


def error_condition(conditions: Sequence[Any]) -> str:
    """The first condition that is an error, as `ComparisonError: …`; warnings change nothing."""
    errors = [mapping(each) for each in conditions if word(mapping(each).get("type")).endswith("Error")]
    return f"{errors[0]['type']}: {one_line(errors[0].get('message'))}" if errors else ""


def deployment_health(deployment: Mapping[str, Any]) -> str:
    """Degraded as Argo CD sees it: the rollout passed its deadline (gitops-engine, `health_deployment.go`)."""
    conditions = items_of(mapping(deployment.get("status")).get("conditions"))
    reasons = [mapping(each).get("reason") for each in conditions if mapping(each).get("type") == "Progressing"]
    return "Degraded" if "ProgressDeadlineExceeded" in reasons else ""


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def items_of(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def one_line(value: Any) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", str(value or ""))[:300]


def word(value: Any) -> str:
    return value if isinstance(value, str) and WORD.fullmatch(value) else ""


def commit_id(value: Any) -> str:
    return value if isinstance(value, str) and REVISION.fullmatch(value) else ""


def moment(value: Any) -> int | None:
    """Seconds since 1970 of an RFC 3339 time; None for what is none."""
    try:
        return int(datetime.fromisoformat(value).timestamp()) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
