"""The event that started a workflow: written by the forge, not by the pull request's author."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from compiler.diagnostics.model import Rejected
from compiler.forge.refusals import forge_rejection

_MAX_BYTES: Final = 4 * 1024 * 1024
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Event:
    """The repository, and the head that was planned.

    `number` is known for `pull_request` only; `workflow_run` gives `branch` as `OWNER:BRANCH`, which an author
    chooses, so it is data. `run` is the address of the run that made the plan, `success` how it ended.
    """

    repository: str
    head: str
    number: int | None
    branch: str
    run: str
    success: bool


def read_event(path: Path) -> Event:
    """The event in the file that GITHUB_EVENT_PATH names. Raises Rejected when it is not one of the two kinds.

    Source: GitHub's documentation, Webhook events and payloads, `workflow_run` and `pull_request`.
    """
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(_MAX_BYTES))
        return event_of(data)
    except OSError as error:
        raise _invalid_event(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _invalid_event(f"{path} is not an event of a pull request or of a workflow run") from None


def event_of(data: Any) -> Event:
    """The event of a payload; KeyError, TypeError or ValueError when a part is missing or of another form."""
    repository = _matching(_REPOSITORY, data["repository"]["full_name"])
    if "workflow_run" in data:
        run = data["workflow_run"]
        branch = f"{run['head_repository']['owner']['login']}:{run['head_branch']}"
        head = _matching(_COMMIT, run["head_sha"])
        return Event(repository, head, None, branch, _address(run["html_url"]), run["conclusion"] == "success")
    pull = data["pull_request"]
    number = int(pull["number"])
    return Event(repository, _matching(_COMMIT, pull["head"]["sha"]), number, "", "", success=True)


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(value)
    return value


def _address(value: Any) -> str:
    return _matching(re.compile(r"https?://[\w.:/-]+"), value)


def _invalid_event(message: str) -> Rejected:
    return forge_rejection(
        "forge-event", message, "name the file of a `workflow_run` or `pull_request` event with --event"
    )
