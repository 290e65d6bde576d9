"""The few endpoints of GitHub's REST interface that `shipway comment` uses, on loopback, with what they got."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.local_server import serving_http

TOKEN = "t0ken"
ROBOT = "github-actions[bot]"


@dataclass
class Forge:
    """One repository, `acme/deploy`. `failures`: statuses to answer with first, before anything is looked at."""

    pulls: list[dict[str, Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    url: str = ""

    def open_pull(self, number: int, branch: str, head: str) -> None:
        self.pulls.append({"number": number, "head": {"label": branch, "sha": head}})

    def add_comment(self, body: str, login: str = ROBOT) -> dict[str, Any]:
        number = len(self.comments) + 1
        made = {"id": number, "body": body, "user": {"login": login}, "html_url": f"{self.url}/c/{number}"}
        self.comments.append(made)
        return made

    def bodies(self) -> list[str]:
        return [comment["body"] for comment in self.comments]

    def answer(self, method: str, target: str, body: Any) -> tuple[int, Any]:
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        parts = url.path.removeprefix("/repos/acme/deploy/").split("/")
        page = slice((int(query.get("page", 1)) - 1) * 100, int(query.get("page", 1)) * 100)
        match [method, *parts]:
            case ["GET", "pulls"]:
                return 200, [pull for pull in self.pulls if pull["head"]["label"] == query["head"]]
            case ["GET", "pulls", _, "files"]:
                return 200, [{"filename": name} for name in self.files][page]
            case ["GET", "issues", _, "comments"]:
                return 200, self.comments[page]
            case ["POST", "issues", _, "comments"]:
                return 201, self.add_comment(body["body"])
            case ["PATCH", "issues", "comments", number]:
                result = self.comments[int(number) - 1]
                result["body"] = body["body"]
                return 200, result
        return 404, {"message": "Not Found"}


class _Handler(BaseHTTPRequestHandler):
    forge: Forge

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def _serve(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.forge.requests.append(f"{self.command} {self.path}")
        if self.forge.failures:
            status, answer = self.forge.failures.pop(0), {"message": "as the test wishes"}
        elif self.headers["Authorization"] != f"Bearer {TOKEN}":
            status, answer = 401, {"message": "Bad credentials"}
        else:
            status, answer = self.forge.answer(self.command, self.path, json.loads(raw or b"null"))
        data = json.dumps(answer).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"{self.forge.url}/repos/acme/deploy/elsewhere")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:
        """Quiet: what was asked is in `requests`."""


@contextmanager
def forging() -> Iterator[Forge]:
    """A forge that answers at its `url` until the block ends."""
    forge = Forge()
    with serving_http(type("Handler", (_Handler,), {"forge": forge})) as address:
        forge.url = f"http://{address}"
        yield forge
