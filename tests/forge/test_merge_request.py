"""`shipway comment` in a job of GitLab's, against a server on loopback: one note per environment, edited in place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from compiler.cli.main import main
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


@pytest.fixture
def gitlab(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitLab]:
    made = GitLab()
    with serving_http(type("Handler", (_Handler,), {"gitlab": made})) as address:
        variables = {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": f"http://{address}/api/v4",
            "CI_MERGE_REQUEST_PROJECT_ID": "17",
            "CI_MERGE_REQUEST_IID": "5",
            "CI_COMMIT_SHA": HEAD,
            "CI_PIPELINE_URL": "https://gitlab.example.com/acme/deploy/-/pipelines/9",
            "SHIPWAY_COMMENT_TOKEN": TOKEN,
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("compiler.forge.api.time.sleep", lambda _: None)
        yield made


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    for name in ("dev", "prod"):
        (folder / f"{name}.md").write_text(f"<!-- shipway:{name} -->\nsafe\n/merge @ada !3\n")
    return folder


def test_each_environment_gets_one_note_that_names_its_commit_and_pipeline(
    gitlab: GitLab, plans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["comment", str(plans)]) == 0
    assert capsys.readouterr().out == "dev: commented !5\nprod: commented !5\n"
    first, second = (note["body"] for note in gitlab.notes)
    assert first.startswith("<!-- shipway:dev -->\nsafe\n")
    assert second.startswith("<!-- shipway:prod -->\n")
    assert f"Planned at {HEAD}" in first
    assert "https://gitlab.example.com/acme/deploy/-/pipelines/9" in first


def test_nothing_in_a_plan_is_a_command_or_a_mention(gitlab: GitLab, plans: Path) -> None:
    assert main(["comment", str(plans)]) == 0
    for note in gitlab.notes:
        assert not any(line.startswith("/") for line in note["body"].splitlines())
        assert "@ada" not in note["body"]
        assert "!3" not in note["body"]


def test_a_note_is_edited_in_place_and_left_alone_where_it_says_the_same(gitlab: GitLab, plans: Path) -> None:
    for number in range(150):  # more than a page of other notes
        gitlab.add(f"talk {number}", "ada")
    gitlab.add("<!-- shipway:prod -->\na quote", "ada")
    main(["comment", str(plans)])
    (plans / "prod.md").write_text("<!-- shipway:prod -->\nunsafe\n")
    main(["comment", str(plans)])
    assert len(gitlab.notes) == 153
    assert "unsafe" in gitlab.notes[-1]["body"]
    assert gitlab.notes[150]["body"] == "<!-- shipway:prod -->\na quote"
    before = len([each for each in gitlab.requests if not each.startswith("GET")])
    main(["comment", str(plans)])
    assert len([each for each in gitlab.requests if not each.startswith("GET")]) == before


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("SHIPWAY_COMMENT_TOKEN", "", "forge-token"),
        ("SHIPWAY_COMMENT_TOKEN", "wrong", "forge-refused"),
        ("CI_MERGE_REQUEST_IID", "", "forge-event"),
        ("CI_COMMIT_SHA", "main", "forge-event"),
        ("CI_API_V4_URL", "http://gitlab.example.com/api/v4", "forge-address"),
    ],
)
def test_what_is_missing_is_named_and_the_token_is_not(
    variable: str,
    value: str,
    code: str,
    gitlab: GitLab,
    plans: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    assert main(["comment", str(plans)]) == 1
    text = capsys.readouterr().err
    assert f"error[{code}]" in text
    assert TOKEN not in text
    assert gitlab.notes == []
