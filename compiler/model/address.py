"""Addresses that Git and a file system read: repositories, branches, paths, each checked before they see it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from compiler.diagnostics.model import Problem

ENVIRONMENT: Final = "_environment"
"""The folder of what belongs to the environment itself."""
_BRANCH_FAULTS: tuple[tuple[str, str], ...] = (
    (r"\A-", "starts with `-`, which Git would take for an option"),
    (r"[\x00-\x20\x7f~^:?*\[\\]", "has a space, a control character or one of ~ ^ : ? * [ \\"),
    (r"\.\.|@\{|//", "has `..`, `@{` or `//`"),
    (r"\A/|/\Z|\.\Z", "starts or ends with `/`, or ends with `.`"),
    (r"(\A|/)\.|\.lock(/|\Z)", "has a part that starts with `.` or ends with `.lock`"),
    (r"\A(@|HEAD)?\Z|\Arefs/", "is not the name of a branch"),
)
_SCP_LIKE = re.compile(r"(?P<user>[A-Za-z0-9_][\w.-]*@)?(?P<host>[A-Za-z0-9][\w.-]*):(?!/?/)(?P<path>[^-].*)")
# a password with `/` in it ends no authority, so that no parser of URLs finds the user that it belongs to
_USER = re.compile(r"(?<=://)([^/]*|[^/@:]*:(?!\d*/)[^@]*)@")
_QUERY = re.compile(r"\A(?P<rest>https?://[^?#]*)[?#].*")
_SCP_PASSWORD = re.compile(r"\A(?P<user>[^/@:]+):[^/@]*@")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*|[0-9a-fA-F:]+")
_PATH_PART = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.+-]{0,254}")
_COMMON_PATH = re.compile(r"[a-z0-9_][a-z0-9-]{0,200}(?:\.yaml)?(?:/[a-z0-9_][a-z0-9-]{0,200}(?:\.yaml)?)*")
_GIT_NAMES = re.compile(r"\.git|git~\d+|\.git(modules|attributes|ignore)", re.IGNORECASE)


def target_problems(environment: str, repository: str, branch: str, path: str) -> list[Problem]:
    """What is wrong with the values, each at its place in an environment's spec."""
    problems = []
    if fault := repository_fault(repository):
        message = f"`{without_credentials(repository)}` {fault}"
        problems.append(target_problem("repository", "repository-url", message, _URL_HELP))
    if fault := branch_fault(branch):
        problems.append(target_problem("branch", "branch-name", f"the branch {branch!r} {fault}", _BRANCH_HELP))
    if fault := path_fault(normalized_path(path)) if normalized_path(path) else None:
        problems.append(target_problem("path", "publish-path", f"the path {path!r} {fault}", _PATH_HELP))
    if fault := branch_fault(environment) or path_fault(environment):
        message = f"the environment's name {environment!r} {fault}"
        problems.append(Problem("environment-name", message, ("metadata", "name"), _NAME_HELP))
    return problems


def branch_fault(branch: str) -> str | None:
    """Why `branch` is not a valid branch name, or None. Source: git-check-ref-format(1) with `--branch`."""
    for pattern, fault in _BRANCH_FAULTS:
        if re.search(pattern, branch):
            return fault
    return None


def repository_fault(repository: str) -> str | None:
    """Why Shipway does not publish to `repository`, or None: https, ssh, `user@host:path`, file or a path."""
    if not repository or repository.startswith("-") or re.search(r"[\x00-\x20\x7f]", repository):
        return "is empty, starts with `-` or has a space or a control character"
    if "::" in repository.split("/", 1)[0] and "://[" not in repository:
        return "names a Git remote helper"
    if "://" not in repository:
        return "has a password, which ssh takes from no address" if _SCP_PASSWORD.match(repository) else None
    try:
        return _url_fault(repository)
    except ValueError:
        return "is not a valid URL"


def _url_fault(repository: str) -> str | None:
    url = urlsplit(repository)
    _ = url.port  # raises ValueError unless it is a number in range
    if url.scheme == "file":
        return None if not url.netloc and url.path.startswith("/") else "must be file:// and an absolute path"
    if not _HOST.fullmatch(url.hostname or ""):
        return "has no valid host"
    if (url.username or "").startswith("-"):
        return "has a user that starts with `-`"
    if url.scheme == "ssh":
        if url.password is not None:
            return "has a password, which ssh takes from no address"
        return None if url.path.strip("/") else _NO_PATH_FAULT
    return _web_fault(url)


def _web_fault(url: SplitResult) -> str | None:
    if url.query or url.fragment:
        return "has a `?` or a `#`, as no address of a repository does"
    if url.scheme == "http":
        return None if url.hostname in _LOOPBACK else "is http: manifests and tokens would travel in clear"
    if url.scheme != "https":
        return f"has the scheme {url.scheme!r}"
    return None if url.path.strip("/") else _NO_PATH_FAULT


def is_local_path(repository: str) -> bool:
    """Whether the address is a path on this machine: neither a URL nor `user@host:path`."""
    return "://" not in repository and not _SCP_LIKE.fullmatch(repository)


def without_credentials(repository: str) -> str:
    """The address without user, password and query, fit for a message, a commit or a manifest."""
    if "://" not in repository:
        return _SCP_PASSWORD.sub(r"\g<user>@", repository, count=1)
    return _QUERY.sub(r"\g<rest>", _USER.sub("", repository, count=1))


def normalized_path(path: str) -> str:
    """The path without `./` before it and `/` after it; "" for the root."""
    return "" if path in {".", "./", "/"} else path.removeprefix("./").rstrip("/")


def target_problem(key: str, code: str, message: str, help: str) -> Problem:
    """A problem at one key of the spec's `gitops`."""
    return Problem(code, message, ("spec", "gitops", key), help)


def path_fault(path: str) -> str | None:
    """Why `path` (parts joined by `/`) must not be written, or None if it may be."""
    if _COMMON_PATH.fullmatch(path):  # at once what nearly all paths are, a tenth of the time
        return None
    for part in path.split("/"):
        if part in {"", ".", ".."}:
            return "has an empty part, `.` or `..`"
        if _GIT_NAMES.fullmatch(part):
            return f"has the part `{part}`, which Git reads itself"
        if part.endswith("."):
            return f"has the part {part!r}, which ends in a dot"
        if not _PATH_PART.fullmatch(part):
            return f"has the part {part!r}: only letters, digits and `-_+.`, not starting with `-`"
    return None


_NO_PATH_FAULT = "names no repository on its host"
_URL_HELP = "use https://host/path, ssh://git@host/path, git@host:path, file:///path or a path"
_BRANCH_HELP = "name it as `git branch` would take it, for example `main` or `shipway/prod`"
_PATH_HELP = "a path inside the repository such as `prod` or `clusters/eu/prod`"
_NAME_HELP = "lower-case letters, digits and `-`, as in `prod`"
