"""Argo CD's API and Prometheus' as far as the pilot asks them, over HTTP on the loopback, in their real forms."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.local_server import serving_http

Answer = tuple[int, Any]
Route = Callable[[str, Mapping[str, str]], Answer]


@dataclass
class Served:
    """A server, what was asked of it, and the headers that it sends."""

    url: str
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


@contextmanager
def serving(route: Route) -> Iterator[Served]:
    """Answers each request with what `route` gives for its path and parameters: a status and JSON, or raw bytes."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            fields = {key: values[-1] for key, values in parse_qs(parts.query or body).items()}
            served.asked.append((parts.path, fields, dict(self.headers)))
            status, data = route(parts.path, fields)
            raw = data if isinstance(data, bytes) else json.dumps(data).encode()
            self.send_response_only(status)
            headers = {"Date": self.date_time_string(), "Content-Length": str(len(raw)), **served.headers}
            for key, value in headers.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(raw)

        do_GET = answer  # noqa: N815 - http.server calls it so
        do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with serving_http(Handler) as address:
        served = Served(f"http://{address}")
        yield served


@dataclass
class Argo:
    """What Argo CD would report: by default every Application is synced to `revision` and Healthy."""

    repository: str
    applications: list[str]
    revision: str = ""
    project: str = "prod"
    finished: float | None = None
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    """by Application: keys of its status that differ"""
    trees: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    recorded: dict[str, dict[str, Any]] = field(default_factory=dict)
    """by Application: the whole object"""
    deployments: dict[str, Answer] = field(default_factory=dict)
    away: bool = False

    def route(self, path: str, _fields: Mapping[str, str]) -> Answer:
        if self.away:
            return 503, {"error": "unavailable"}
        if path.endswith("/resource-tree"):
            return 200, {"nodes": self.trees.get(path.split("/")[-2], [])}
        if "/deployments/" in path:
            return self.deployments.get(path.rpartition("/")[2], (404, {"kind": "Status", "code": 404}))
        return 200, {"metadata": {"resourceVersion": "1"}, "items": [self.application(n) for n in self.applications]}

    def application(self, name: str) -> dict[str, Any]:
        if name in self.recorded:
            return self.recorded[name]
        finished = self.finished if self.finished is not None else time.time() - 3600
        done = datetime.fromtimestamp(finished, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        status: dict[str, Any] = {
            "sync": {"status": "Synced", "revision": self.revision},
            "health": {"status": "Healthy"},
            "operationState": {
                "phase": "Succeeded",
                "message": "successfully synced (all tasks run)",
                "startedAt": done,
                "finishedAt": done,
                "syncResult": {"revision": self.revision},
            },
            "reconciledAt": done,
        }
        for key, value in self.changed.get(name, {}).items():
            status[key] = {**status.get(key, {}), **value} if isinstance(value, dict) else value
        return {
            "metadata": {"name": name, "namespace": "argocd"},
            "spec": {
                "project": self.project,
                "source": {"repoURL": self.repository, "targetRevision": "shipway/prod", "path": "prod"},
            },
            "status": status,
        }


@dataclass
class Figures:
    """A Prometheus that answers each query by the first key that stands in it; None: no series."""

    values: dict[str, float | None] = field(default_factory=dict)
    away: bool = False
    raw: Answer | None = None
    seconds: float = 0.0
    """what each answer takes"""

    def route(self, _path: str, fields: Mapping[str, str]) -> Answer:
        time.sleep(self.seconds)
        if self.away:
            return 503, b"away"
        if self.raw is not None:
            return self.raw
        value = next((value for key, value in self.values.items() if key in fields["query"]), None)
        at = float(fields["time"])
        result = [] if value is None else [{"metric": {}, "value": [at, f"{value}"]}]
        return 200, {"status": "success", "data": {"resultType": "vector", "result": result}}
