"""The few endpoints of GitLab's REST interface that `shipway comment` uses, on loopback, with what they got."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.local_server import serving_http

TOKEN = "gl-t0ken"
HEAD = "c" * 40
NOTES = "/api/v4/projects/17/merge_requests/5/notes"


@dataclass
class GitLab:
    """The notes of merge request 5 of project 17, and what was asked."""

    notes: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def add(self, body: str, author: str = "project_17_bot") -> dict[str, Any]:
        self.notes.append({"id": len(self.notes) + 1, "body": body, "author": {"username": author}})
        return self.notes[-1]

    def answer(self, method: str, target: str, body: Any) -> tuple[int, Any]:
        url = urlsplit(target)
        page = int(parse_qs(url.query).get("page", ["1"])[0])
        if (method, url.path) == ("GET", "/api/v4/user"):
            return 200, {"username": "project_17_bot"}
        if (method, url.path) == ("GET", NOTES):
            return 200, self.notes[(page - 1) * 100 : page * 100]
        if (method, url.path) == ("POST", NOTES):
            return 201, self.add(body["body"])
        if method == "PUT" and url.path.startswith(f"{NOTES}/"):
            self.notes[int(url.path.rpartition("/")[2]) - 1]["body"] = body["body"]
            return 200, {}
        return 404, {"message": "404 Not Found"}


class _Handler(BaseHTTPRequestHandler):
    gitlab: GitLab

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_GET  # noqa: N815 - named by http.server

    def _serve(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.gitlab.requests.append(f"{self.command} {urlsplit(self.path).path}")
        allowed = self.headers["PRIVATE-TOKEN"] == TOKEN
        refused = (401, {"message": "401 Unauthorized"})
        status, answer = self.gitlab.answer(self.command, self.path, json.loads(raw or b"null")) if allowed else refused
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:
        """Quiet: what was asked is in `requests`."""


@contextmanager
def merge_request_forge() -> Iterator[tuple[GitLab, dict[str, str]]]:
    """The server, and the variables of a job of merge request 5 in GitLab's own words."""
    made = GitLab()
    with serving_http(type("Handler", (_Handler,), {"gitlab": made})) as address:
        yield (
            made,
            {
                "GITLAB_CI": "true",
                "CI_API_V4_URL": f"http://{address}/api/v4",
                "CI_MERGE_REQUEST_PROJECT_ID": "17",
                "CI_MERGE_REQUEST_IID": "5",
                "CI_COMMIT_SHA": HEAD,
                "CI_PIPELINE_URL": "https://gitlab.example.com/acme/deploy/-/pipelines/9",
                "SHIPWAY_COMMENT_TOKEN": TOKEN,
            },
        )
