"""One comment per environment on a pull request: identified by its marker, edited in place, never doubled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from compiler.forge.api import Api
from compiler.forge.artifact import comment_marker
from compiler.forge.event import Event

_MOST_PAGES: Final = 30
_MARKER: Final = re.compile(r"<!-- shipway:([a-z0-9-]{1,63}) -->")
# hatchling takes its settings, and with them programs to run, from `hatch.toml` too (hatch, "Configuration")
_ACTION_FILES: Final = {
    "action.yml",
    "action.yaml",
    "requirements.lock",
    "requirements-pilot.lock",
    "pyproject.toml",
    "hatch.toml",
    "hatch_build.py",
}
_WORKFLOW_WARNING: Final = (
    "> [!WARNING]\n> This pull request changes the workflows or the action that make this plan. *Its* version made "
    "what follows, not the version of the target branch.\n\n"
)


@dataclass(frozen=True, slots=True)
class CommentWrite:
    """A comment to make (`number` None) or to edit."""

    environment: str
    number: int | None
    body: str


@dataclass(frozen=True, slots=True)
class CommentResult:
    """What came of one comment, and where it is."""

    environment: str
    action: str
    address: str


def pull_requests_of(api: Api, event: Event) -> list[int]:
    """The open pull requests whose head is what was planned; none when the branch has moved on since.

    A head is looked up by its branch, for a run of a fork names no pull request (GitHub's documentation of
    `workflow_run`: `pull_requests` is empty for forks).
    """
    if event.number is not None:
        return [event.number]
    query = {"state": "open", "head": event.branch}
    pulls = api.pages(f"/repos/{event.repository}/pulls", query, most=1)
    numbers = (nested(pull, "number") for pull in pulls if nested(pull, "head", "sha") == event.head)
    return [number for number in numbers if isinstance(number, int)]


def update_comments(
    api: Api, event: Event, number: int, plans: Mapping[str, str], author: str
) -> Iterator[CommentResult]:
    """Writes the plans to one pull request; yields what was done. Raises Rejected when the forge refuses."""
    issue = f"/repos/{event.repository}/issues/{number}"
    warning = _WORKFLOW_WARNING if event.number is None and changes_workflows(api, event, number) else ""
    bodies = {environment: warning + plan for environment, plan in plans.items()}
    existing = own_comments(api.pages(f"{issue}/comments", {}, _MOST_PAGES), author)
    for write in comment_writes(bodies, existing, event):
        if write.number is None:
            answer = api.send("POST", f"{issue}/comments", {"body": write.body})
            yield CommentResult(write.environment, "commented", comment_address(answer, event, number))
        else:
            path = f"/repos/{event.repository}/issues/comments/{write.number}"
            answer = api.send("PATCH", path, {"body": write.body})
            yield CommentResult(write.environment, "edited", comment_address(answer, event, number))


def comment_address(answer: Any, event: Event, number: int) -> str:
    """Where the comment is; an answer without an address names the pull request."""
    address = nested(answer, "html_url")
    return address if isinstance(address, str) else f"{event.repository}#{number}"


def nested(answer: Any, *names: str) -> Any:
    """A value of the forge's answer; None where a part of it is missing or of another kind."""
    for name in names:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def changes_workflows(api: Api, event: Event, number: int) -> bool:
    files = api.pages(f"/repos/{event.repository}/pulls/{number}/files", {}, _MOST_PAGES)
    names = (nested(file, name) for file in files for name in ("filename", "previous_filename"))
    return any(isinstance(name, str) and _decides_plans(name) for name in names)


def _decides_plans(path: str) -> bool:
    """Whether a file takes part in making a plan: workflows, and an action of the repository's own (`uses: ./`) with
    all that its installation reads.
    """
    return path.startswith((".github/", "compiler/")) or path.rpartition("/")[2] in _ACTION_FILES


def own_comments(
    comments: Iterable[Any], author: str, author_at: tuple[str, ...] = ("user", "login")
) -> dict[str, tuple[int, str]]:
    """The first comment of each environment that `author` wrote: id and text. A marker in another's text is a quote."""
    own: dict[str, tuple[int, str]] = {}
    for each in comments:
        body, number = nested(each, "body"), nested(each, "id")
        if not isinstance(body, str) or not isinstance(number, int) or nested(each, *author_at) != author:
            continue
        text = body.replace("\r\n", "\n")
        marker = _MARKER.fullmatch(text.partition("\n")[0])
        if marker:
            own.setdefault(marker[1], (number, text))
    return own


def comment_writes(
    plans: Mapping[str, str], existing: Mapping[str, tuple[int, str]], event: Event
) -> list[CommentWrite]:
    """What has to be written: nothing for an environment that does not change and has no comment yet."""
    wanted = {environment: signed_comment(environment, plan, event) for environment, plan in plans.items()}
    for environment in existing.keys() - plans.keys():
        wanted[environment] = signed_comment(environment, no_changes_comment(environment, event), event)
    writes = []
    for environment, body in sorted(wanted.items()):
        number, before = existing.get(environment, (None, ""))
        if before.rstrip("\n") != body.rstrip("\n"):
            writes.append(CommentWrite(environment, number, body))
    return writes


def no_changes_comment(environment: str, event: Event) -> str:
    if event.success:
        return f"Nothing changes in **{environment}** anymore.\n"
    return f"There is no plan for **{environment}**: the run failed. Its annotations show the reason.\n"


def signed_comment(environment: str, plan: str, event: Event) -> str:
    """The comment's text: the marker, the plan, and which commit and run it comes from."""
    run = f", by [this run]({event.run})" if event.run else ""
    return f"{comment_marker(environment)}\n{plan.strip()}\n\n<sub>Planned at {event.head}{run}.</sub>\n"
