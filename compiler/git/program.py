"""GitPython's command object, with what it lacks: it cannot leave out a variable, and knows no groups of processes.

Its class runs whatever a name says (`git.fetch(…)`), so nothing but `git.py` uses this one, and only by `answer`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from subprocess import PIPE, Popen, TimeoutExpired
from typing import Final, NamedTuple, cast

from git import GitCommandNotFound, cmd

GRACE_SECONDS: Final = 5.0
"""How long Git and its helpers may take to remove their locks once they are asked to end."""


_ENV_FAILED = {126, 127}  # env(1): the program cannot be run, or is not there


class NotStartedError(Exception):
    """There is no program of that name on PATH, or it cannot be run."""


class ProgramAnswer(NamedTuple):
    """How a program ended (a negative status is a signal's number), and what it wrote."""

    status: int
    out: bytes
    err: bytes


class Program(cmd.Git):
    """Git in a session of its own: no terminal to ask for a password on, and one group that ends together."""

    def answer(
        self,
        command: Sequence[str],
        stdin: bytes,
        dropped: Sequence[str],
        environment: Mapping[str, str],
        seconds: float,
    ) -> ProgramAnswer:
        """The answer of `command`, run with `environment` added to and the variables `dropped` taken from this
        process's own. Raises `TimeoutExpired` once the whole group has ended, and `NotStartedError`.
        """
        unset = [word for name in dropped for word in ("-u", name)]
        # env(1) takes a third of the time of a short answer, and most often there is nothing to drop
        with self._started(["env", *unset, *command] if unset else command, environment) as process:
            try:
                out, err = process.communicate(stdin, timeout=seconds)
            except BaseException:
                _end_group(process)
                raise
        if process.returncode in _ENV_FAILED and err.startswith(b"env: "):
            raise NotStartedError
        return ProgramAnswer(process.returncode, out, err)

    def _started(self, command: Sequence[str], environment: Mapping[str, str]) -> Popen[bytes]:
        try:
            started = self.execute(
                command, istream=PIPE, as_process=True, env=environment, shell=False, start_new_session=True
            )
        except (GitCommandNotFound, OSError) as error:
            raise NotStartedError from error
        process, started.proc = started.proc, None  # its wrapper would end it once nobody holds the wrapper
        return cast("Popen[bytes]", process)


def _end_group(process: Popen[bytes]) -> None:
    """Git's helpers (git-remote-https, ssh, git-receive-pack) outlive git itself unless their group is ended.

    They remove their locks on SIGTERM, not on SIGKILL. That all have ended shows where their pipes close.
    """
    with suppress(ProcessLookupError, TimeoutExpired, ValueError):  # ValueError: the pipes are closed already
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=GRACE_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
