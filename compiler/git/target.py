"""A checked place to publish to: repository, branch and path."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.model.address import is_local_path, normalized_path, target_problems, without_credentials


@dataclass(frozen=True, slots=True)
class Target:
    """A checked place to publish to. `path` is "" for the root; show `shown`, `repository` may hold a token.

    `holds_specs`: it is the repository of the specs itself, on this machine.
    """

    environment: str
    repository: str = field(repr=False)
    branch: str
    path: str
    holds_specs: bool = False

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
    if is_local_path(repository):
        repository = str((base / repository).resolve())
    return Target(environment, repository, branch, normalized_path(path))
