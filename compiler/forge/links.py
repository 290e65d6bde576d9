"""Where a browser opens the pull request of a branch, or a commit, on the forges whose addresses are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

REMOTE: Final = re.compile(
    r"(?:https://(?:[^/@]*@)?|ssh://(?:[^/@]*@)?|[\w.-]+@)(?P<host>[\w.-]+)(?P<port>:\d+)?[:/](?P<path>[\w./~-]+?)(?:\.git)?/?"
)
"""https, ssh and the short form of SSH (giturls in `git help clone`)."""
NEW_REQUEST: Final = {
    "github": "https://{host}/{path}/compare/{branch}?expand=1",
    "gitlab": "https://{host}/{path}/-/merge_requests/new?merge_request%5Bsource_branch%5D={branch}",
    "bitbucket": "https://{host}/{path}/pull-requests/new?source={branch}",
    "gitea": "https://{host}/{path}/compare/{branch}",
}
"""By forge: docs.github.com "Using query parameters to create a pull request", docs.gitlab.com "Create merge requests",
support.atlassian.com "Create a pull request", forgejo.org "Pull requests".
"""

COMMIT: Final = {
    "github": "https://{host}/{path}/commit/{commit}",
    "gitlab": "https://{host}/{path}/-/commit/{commit}",
    "bitbucket": "https://{host}/{path}/commits/{commit}",
    "gitea": "https://{host}/{path}/commit/{commit}",
}
"""By forge, as the forges themselves link to a commit."""

HOSTS: Final = {"bitbucket.org": "bitbucket", "codeberg.org": "gitea"}
"""Forges whose host does not begin with their name. Forgejo's pages are Gitea's."""
HOST_NAMES: Final = {"github": "github", "gitlab": "gitlab", "gitea": "gitea", "forgejo": "gitea"}
"""What the first label of a host says of it: `gitlab.com`, and `gitlab.example.com` that a team runs itself."""


def pull_request_address(remote: str, branch: str) -> str | None:
    """The page that opens a pull request of the branch; None for a host whose pages are not known."""
    return page_address(NEW_REQUEST, remote, branch=quote(branch, safe=""))


def commit_address(remote: str, commit: str) -> str | None:
    """The page of a commit's id; None for a host whose pages are not known."""
    return page_address(COMMIT, remote, commit=quote(commit, safe=""))


def page_address(pages: Mapping[str, str], remote: str, **parts: str) -> str | None:
    """The page of a repository by its remote's address, with the parts put in."""
    place = REMOTE.fullmatch(remote)
    if place is None:
        return None
    host = place["host"].lower()
    page = pages.get(HOSTS.get(host, HOST_NAMES.get(host.partition(".")[0], "")))
    if page is None:
        return None
    port = place["port"] if remote.startswith("https:") and place["port"] else ""
    return page.format(host=host + port, path=place["path"].strip("/"), **parts)
