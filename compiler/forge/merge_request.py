"""One note per environment on a merge request of GitLab: identified by its marker, edited in place, never doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from compiler.forge.api import Api, forge_api
from compiler.forge.event import Event
from compiler.forge.refusals import forge_rejection, unexpected_answer
from compiler.forge.sticky_comment import CommentResult, comment_writes, nested, own_comments

_MOST_PAGES: Final = 30
TOKEN_VARIABLE: Final = "SHIPWAY_COMMENT_TOKEN"  # noqa: S105 - a name


def gitlab_api(environment: Mapping[str, str], pause: float = 2.0) -> Api:
    """The interface that a job's variables name. Raises Rejected.

    The job's own token may not write notes (GitLab's documentation, CI/CD job token), so there is one for that.
    """
    token = environment.get(TOKEN_VARIABLE, "")
    advice = f"set the masked variable {TOKEN_VARIABLE}: a project access token with the scope api"
    return forge_api(
        ("CI_API_V4_URL", environment.get("CI_API_V4_URL", "")),
        (TOKEN_VARIABLE, token, advice),
        {"PRIVATE-TOKEN": token},
        pause,
    )


def merge_request_event(environment: Mapping[str, str]) -> Event:
    """The merge request of a job, from GitLab's predefined variables. Raises Rejected outside of one's pipeline."""
    project, number = environment.get("CI_MERGE_REQUEST_PROJECT_ID", ""), environment.get("CI_MERGE_REQUEST_IID", "")
    head = environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environment.get("CI_COMMIT_SHA", "")
    run = environment.get("CI_PIPELINE_URL", "")
    if not (project.isdecimal() and number.isdecimal() and re.fullmatch(r"[0-9a-f]{40}([0-9a-f]{24})?", head)):
        message = "this job is in no pipeline of a merge request: CI_MERGE_REQUEST_IID is not set"
        raise forge_rejection("forge-event", message, 'run it where `$CI_PIPELINE_SOURCE == "merge_request_event"`')
    return Event(project, head, int(number), "", run if re.fullmatch(r"https?://[\w.:/-]+", run) else "", success=True)


def update_notes(api: Api, event: Event, plans: Mapping[str, str]) -> Iterator[CommentResult]:
    """Writes the plans to the merge request; yields what was done. Raises Rejected when GitLab refuses."""
    author = nested(api.send("GET", "/user"), "username")
    if not isinstance(author, str):
        raise unexpected_answer("GET /user", "it names no user")
    place = f"/projects/{event.repository}/merge_requests/{event.number}/notes"
    existing = own_comments(api.pages(place, {}, _MOST_PAGES), author, ("author", "username"))
    for write in comment_writes(plans, existing, event):
        method, path = ("POST", place) if write.number is None else ("PUT", f"{place}/{write.number}")
        api.send(method, path, {"body": write.body})
        yield CommentResult(write.environment, "commented" if write.number is None else "edited", f"!{event.number}")
