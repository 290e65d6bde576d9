"""Where a browser opens the pull request of a branch, on the forges whose addresses are known."""

from __future__ import annotations

import re
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


def pull_request_address(remote: str, branch: str) -> str | None:
    """The page that opens a pull request of the branch; None for a host whose pages are not known."""
    parts = REMOTE.fullmatch(remote)
    page = NEW_REQUEST.get(parts["host"]) if parts is not None else None
    if parts is None or page is None:
        return None
    return page.format(host=parts["host"], path=parts["path"].strip("/"), branch=quote(branch, safe=""))
