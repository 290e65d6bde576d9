"""The one door to the `git` program: fixed settings, a clean environment, deadlines, no secret in its reports.

GitPython's command object starts the program (`program.py`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import TimeoutExpired
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compiler.git.program import ProgramAnswer

LOCAL_SECONDS = 120.0
NETWORK_SECONDS = 120.0
"""A server that says nothing for two minutes hangs: a shallow fetch or a push of one commit takes seconds."""
SECONDS_VARIABLE = "SHIPWAY_GIT_SECONDS"
_NOT_STARTED = "git cannot be started: it is not on PATH, or `git version` fails"

_TRANSPORTS = ("https", "ssh", "file")
_SETTINGS = (
    "protocol.allow=never",
    *(f"protocol.{name}.allow=always" for name in _TRANSPORTS),
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "safe.bareRepository=explicit",
    "core.quotePath=true",
    "core.commitGraph=true",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "fetch.writeCommitGraph=false",
    "push.recurseSubmodules=no",
    "push.followTags=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "log.showSignature=false",
    "i18n.commitEncoding=UTF-8",
    "i18n.logOutputEncoding=UTF-8",
    "protocol.version=2",  # older ones serve no blob by its id, which a filtered copy asks for
    "color.ui=false",
)

# What a user's shell or CI may tell git. The rest of GIT_* is dropped: inside a hook it names another
# repository, and GIT_TRACE* writes request headers, and with them tokens, to stderr.
_KEPT_VARIABLES = re.compile(
    r"GIT_(SSH(_COMMAND|_VARIANT)?|ASKPASS|SSL_\w+|PROXY_\w+|EXEC_PATH|HTTP_\w+"
    r"|(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)"
    r"|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+))"
)
_FIXED_VARIABLES = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ADVICE": "0",
    "GCM_INTERACTIVE": "never",
    "GIT_OPTIONAL_LOCKS": "0",
}
_IN_URL = re.compile(r"(?<=://)[^/\s@]*@")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class GitError(Exception):
    """`git` ended with a status other than 0, or not in time; `stderr` has had its secrets taken out."""

    def __init__(self, verb: str, status: int | None, stderr: str, stdout: str = "") -> None:
        super().__init__(f"git {verb}: {stderr.strip() or 'no message'}")
        self.verb, self.status, self.stderr, self.stdout = verb, status, stderr, stdout


@dataclass(frozen=True, slots=True)
class Git:
    """A repository to run `git` in. `secrets` are strings that no message may show; `settings` and
    the variables `environment` go to each call.

    `bare`: `directory` is a repository itself. Else Git looks for the one with a work tree that it is in: whoever
    writes files there could dress a folder up as a bare one, and its settings name programs (git-config(1),
    `safe.bareRepository`).
    """

    directory: Path
    secrets: tuple[str, ...] = field(default=(), repr=False)
    settings: tuple[str, ...] = ()
    bare: bool = False
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    def run(
        self,
        verb: str,
        *arguments: str,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        settings: tuple[str, ...] = (),
        seconds: float = LOCAL_SECONDS,
    ) -> bytes:
        """What `git VERB ARGUMENTS…` writes to stdout; raises `GitError`."""
        place = [f"--git-dir={self.directory}"] if self.bare else ["-C", str(self.directory)]
        command = ["git", *place, "--literal-pathspecs", "--no-pager"]
        for setting in (*_SETTINGS, *self.settings, *settings):
            command += ["-c", setting]
        extra = {**self.environment, **(environment or {})}
        answer = _answer([*command, verb, *arguments], stdin, extra, seconds)
        if answer.status != 0:
            raise GitError(verb, answer.status, self._clean(answer.err), self._clean(answer.out[:4096]))
        return answer.out

    def text(self, verb: str, *arguments: str, seconds: float = LOCAL_SECONDS) -> str:
        """What `run` gives, as text without the final newline; bytes that are not UTF-8 are replaced."""
        return self.run(verb, *arguments, seconds=seconds).decode("utf-8", "replace").rstrip("\n")

    def _clean(self, raw: bytes) -> str:
        text = _IN_URL.sub("", raw.decode("utf-8", "replace"))
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return _CONTROLS.sub("", text)


def user_repository(directory: Path) -> Git:
    """The repository that a user names by its folder, with a work tree or bare."""
    return Git(directory, bare=not (directory / ".git").exists() and (directory / "HEAD").is_file())


def network_seconds() -> float:
    """How long one call to a server may take: 120 s, or what `SHIPWAY_GIT_SECONDS` says. Raises `GitError`."""
    text = os.environ.get(SECONDS_VARIABLE, "")
    if not text:
        return NETWORK_SECONDS
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        raise GitError("start", None, f"{SECONDS_VARIABLE} is not a whole number of seconds from 1 to 99999")
    return float(text)


def _dropped_variables() -> list[str]:
    return sorted(name for name in os.environ if name.startswith("GIT_") and not _KEPT_VARIABLES.fullmatch(name))


def _answer(command: list[str], stdin: bytes, extra: Mapping[str, str], seconds: float) -> ProgramAnswer:
    try:
        from compiler.git.program import NotStartedError, Program  # noqa: PLC0415 - takes 70 ms, and runs `git version`
    except ImportError:
        raise GitError("start", None, _NOT_STARTED) from None
    try:
        return Program().answer(command, stdin, _dropped_variables(), {**_FIXED_VARIABLES, **extra}, seconds)
    except TimeoutExpired:
        raise GitError("wait", None, f"timed out after {seconds:g} seconds") from None
    except NotStartedError:
        raise GitError("start", None, _NOT_STARTED) from None
