"""Git's settings as one listing: an unset one is told from a call that failed, which `git config --get` does not do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compiler.git.git import Git, GitError

_TRUE = {None, "true", "yes", "on"}
_FALSE = {"", "false", "no", "off"}
_OWN = {"local", "worktree"}
_FILTER = re.compile(r"filter\.(?P<driver>.+)\.(clean|smudge|process|required)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of Git's configuration. `scope` is "system", "global", "local", "worktree" or "command"; the parts of
    `name` before the first and after the last dot are in lower case; `value` None: the line has no `=`.
    """

    scope: str
    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings that hold in a folder, in the order in which a later one wins."""

    lines: tuple[Setting, ...]

    def first(self, name: str) -> str | None:
        """The first value, such as the address that Git fetches from; None if there is none."""
        return next((each.value or "" for each in self.lines if each.name == name), None)

    def last(self, name: str) -> str:
        """The value that holds, "" if there is none."""
        return next((each.value or "" for each in reversed(self.lines) if each.name == name), "")

    def last_foreign(self, name: str) -> str:
        """As `last`, of what stands outside the repository's own configuration: programs are named nowhere else."""
        foreign = Settings(tuple(each for each in self.lines if each.scope not in _OWN))
        return foreign.last(name)

    def flag(self, name: str) -> bool:
        """Whether the setting holds, False if it is not there. Raises `GitError` where it is not a boolean."""
        value = next((each.value for each in reversed(self.lines) if each.name == name), "")
        word = None if value is None else value.lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        if value is not None and re.fullmatch(r"[+-]?[0-9]+", value):
            return int(value) != 0
        raise GitError("config", None, f"the setting {name} has the value {value!r}, which is not a boolean")

    def without_own_filters(self) -> tuple[str, ...]:
        """Settings that turn off the filter drivers which the repository's own configuration names.

        They are programs, and reading the specs' state must start none (gitattributes(5), `filter`).
        """
        matched = (_FILTER.fullmatch(each.name) for each in self.lines if each.scope in _OWN)
        drivers = sorted({match["driver"] for match in matched if match})
        return tuple(
            f"filter.{driver}.{key}"
            for driver in drivers
            for key in ("clean=", "smudge=", "process=", "required=false")
        )


def read_settings(git: Git) -> Settings:
    """The settings that Git would use in the folder of `git`. Raises `GitError`."""
    listing = git.run("config", "--list", "--show-scope", "-z").decode("utf-8", "surrogateescape")
    return Settings(tuple(_settings(listing)))


def _settings(listing: str) -> Iterator[Setting]:
    parts = iter(listing.split("\0")[:-1])
    for scope, line in zip(parts, parts, strict=True):
        name, equals, value = line.partition("\n")
        yield Setting(scope, name, value if equals else None)
