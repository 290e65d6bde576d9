"""Where a browser opens the pull request of a branch, or a commit, on the forges whose addresses are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

REMOTE: Final = re.compile(
    r"(?:https://(?:[^/@]*@)?|ssh://(?:[^/@]*@)?|[\w.-]+@)(?P<host>[\w.-]+)(?::\d+)?[:/](?P<path>[\w./~-]+?)(?:\.git)?/?"
)
"""https, ssh and the short form of SSH (giturls in `git help clone`)."""
NEW_REQUEST: Final = {
    "github.com": "https://{host}/{path}/compare/{branch}?expand=1",
    "gitlab.com": "https://{host}/{path}/-/merge_requests/new?merge_request%5Bsource_branch%5D={branch}",
    "bitbucket.org": "https://{host}/{path}/pull-requests/new?source={branch}",
    "codeberg.org": "https://{host}/{path}/compare/{branch}",
}
"""By host: docs.github.com "Using query parameters to create a pull request", docs.gitlab.com "Create merge requests",
support.atlassian.com "Create a pull request", forgejo.org "Pull requests".
"""

COMMIT: Final = {
    "github.com": "https://{host}/{path}/commit/{commit}",
    "gitlab.com": "https://{host}/{path}/-/commit/{commit}",
    "bitbucket.org": "https://{host}/{path}/commits/{commit}",
    "codeberg.org": "https://{host}/{path}/commit/{commit}",
}
"""By host, as the forges themselves link to a commit."""


def pull_request_address(remote: str, branch: str) -> str | None:
    """The page that opens a pull request of the branch; None for a host whose pages are not known."""
    return page_address(NEW_REQUEST, remote, branch=quote(branch, safe=""))


def commit_address(remote: str, commit: str) -> str | None:
    """The page of a commit's id; None for a host whose pages are not known."""
    return page_address(COMMIT, remote, commit=quote(commit, safe=""))


def page_address(pages: Mapping[str, str], remote: str, **parts: str) -> str | None:
    """The page of a repository by its remote's address, with the parts put in."""
    place = REMOTE.fullmatch(remote)
    page = pages.get(place["host"]) if place is not None else None
    if place is None or page is None:
        return None
    return page.format(host=place["host"], path=place["path"].strip("/"), **parts)
