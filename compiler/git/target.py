"""Where an environment is published: repository, branch and path, each checked before Git sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from compiler.diagnostics.model import Diagnostic, Problem, Rejected
from compiler.tree.paths import path_fault

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


@dataclass(frozen=True, slots=True)
class Target:
    """A checked place to publish to. `path` is "" for the root; show `shown`, `repository` may hold a token."""

    environment: str
    repository: str = field(repr=False)
    branch: str
    path: str

    @property
    def ref(self) -> str:
        return f"refs/heads/{self.branch}"

    @property
    def shown(self) -> str:
        return without_credentials(self.repository)

    @property
    def local(self) -> Path | None:
        """The folder of a repository on this machine, else None."""
        if self.repository.startswith("file://"):
            return Path(unquote(urlsplit(self.repository).path))
        return Path(self.repository) if self.repository.startswith("/") else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The password of the address, as written and as decoded, or nothing."""
        if "://" not in self.repository:
            return ()
        password = urlsplit(self.repository).password
        return (password, unquote(password)) if password else ()


def checked_target(environment: str, repository: str, branch: str, path: str, base: Path) -> Target:
    """The checked target; a relative `repository` counts from `base`. Raises `Rejected` with all faults."""
    problems = target_problems(environment, repository, branch, path)
    if problems:
        raise Rejected([Diagnostic(p.code, p.message, None, p.help) for p in problems])
    if "://" not in repository and not _SCP_LIKE.fullmatch(repository):
        repository = str((base / repository).resolve())
    return Target(environment, repository, branch, _normalized_path(path))


def target_problems(environment: str, repository: str, branch: str, path: str) -> list[Problem]:
    """What is wrong with the values, each at its place in an environment's spec."""
    found = []
    if fault := repository_fault(repository):
        message = f"`{without_credentials(repository)}` {fault}"
        found.append(_target_problem("repository", "repository-url", message, _URL_HELP))
    if fault := branch_fault(branch):
        found.append(_target_problem("branch", "branch-name", f"the branch {branch!r} {fault}", _BRANCH_HELP))
    if fault := path_fault(_normalized_path(path)) if _normalized_path(path) else None:
        found.append(_target_problem("path", "publish-path", f"the path {path!r} {fault}", _PATH_HELP))
    if fault := branch_fault(environment) or path_fault(environment):
        message = f"the environment's name {environment!r} {fault}"
        found.append(Problem("environment-name", message, ("metadata", "name"), _NAME_HELP))
    return found


def spec_problems(environment: str, repository: str | None, branch: str | None, path: str | None) -> list[Problem]:
    """What is wrong with what an environment's spec says of its place (None: nothing), as `problems_of` finds it.

    A spec is in Git for all to read, so its address holds no password; that of a checkout may.
    """
    said = repository or _PLACEHOLDER_URL
    found = target_problems(environment, said, branch or f"shipway/{environment}", path or environment)
    if not found and "://" in said and urlsplit(said).password is not None:
        message = f"the address `{without_credentials(said)}` stands there with a password"
        found.append(_target_problem("repository", "repository-password", message, _CREDENTIAL_HELP))
    return found


def branch_fault(branch: str) -> str | None:
    """Why `branch` is no branch's name, or None. Source: git-check-ref-format(1) with `--branch`."""
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


def without_credentials(repository: str) -> str:
    """The address without user, password and query, fit for a message, a commit or a manifest."""
    if "://" not in repository:
        return _SCP_PASSWORD.sub(r"\g<user>@", repository, count=1)
    return _QUERY.sub(r"\g<rest>", _USER.sub("", repository, count=1))


def _normalized_path(path: str) -> str:
    return "" if path in {".", "./", "/"} else path.removeprefix("./").rstrip("/")


def _target_problem(key: str, code: str, message: str, help: str) -> Problem:
    return Problem(code, message, ("spec", "gitops", key), help)


_NO_PATH_FAULT = "names no repository on its host"
_PLACEHOLDER_URL = "https://localhost/specs"
_CREDENTIAL_HELP = "take it out and revoke it; give this machine a deploy key, or a token in a Git credential helper"
_URL_HELP = "use https://host/path, ssh://git@host/path, git@host:path, file:///path or a path"
_BRANCH_HELP = "name it as `git branch` would take it, for example `main` or `shipway/prod`"
_PATH_HELP = "a path inside the repository such as `prod` or `clusters/eu/prod`"
_NAME_HELP = "lower-case letters, digits and `-`, as in `prod`"
