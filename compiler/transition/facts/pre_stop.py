"""How long a preStop hook holds a container before it is told to stop.

Source: Kubernetes, pkg/kubelet/lifecycle/handlers.go: `exec` runs its words without a shell, and the container gets its
signal once the hook has ended, whether it failed or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from compiler.model.objects import integer_or_default, list_or_empty, mapping_or_empty, nested_value

SHELLS: Final = frozenset({"sh", "bash", "ash", "dash"})
SCRIPT_FLAG: Final = re.compile(r"-[a-z]*c")
SEPARATOR: Final = re.compile(r"&&|\|\||;|\n")
WITHOUT_EFFECT: Final = frozenset({"", ":", "date", "echo", "printf", "set", "touch", "true"})
"""commands that leave the container as it is"""
REACHES_OUT: Final = re.compile(r"[<>|&$`]")
"""what lets a command do more than its name says"""
SECONDS: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)([smhd]?)")
UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def pre_stop_pause(container: Mapping[str, Any]) -> float | None:
    """The seconds for which the hook only waits; None: it does something else, or waits for nobody knows how long."""
    hook = mapping_or_empty(nested_value(container, "lifecycle", "preStop"))
    if not hook:
        return 0.0
    if "sleep" in hook:
        return float(integer_or_default(nested_value(hook, "sleep", "seconds"), 0))
    return _command_pause([str(part) for part in list_or_empty(nested_value(hook, "exec", "command"))])


def _command_pause(words: Sequence[str]) -> float | None:
    program = words[0].rpartition("/")[2] if words else ""
    if len(words) == 1 and program == "sleep":
        return 0.0  # it fails, and nothing waits for it
    if program == "sleep":
        return _sleep_seconds(words[1:])
    if words and program in WITHOUT_EFFECT:
        return 0.0
    if program in SHELLS and len(words) > 2 and SCRIPT_FLAG.fullmatch(words[1]):
        return _script_pause(words[2])
    return None


def _script_pause(script: str) -> float | None:
    """The sum of the pauses that a script begins with; None: it begins with something else."""
    if script.strip() == "sleep":
        return 0.0
    total = 0.0
    for command in SEPARATOR.split(script):
        program, *words = command.partition("#")[0].removeprefix("exec ").split() or [""]
        name = program.rpartition("/")[2]
        pause = _sleep_seconds(words) if name == "sleep" else None
        if pause is not None:
            total += pause
        elif name not in WITHOUT_EFFECT or "&" in words:
            return total or None
    return None if not total and REACHES_OUT.search(script) else total


def _sleep_seconds(words: Sequence[str]) -> float | None:
    """The seconds of `sleep` with these words; None: it fails, or they are not known."""
    parts = [SECONDS.fullmatch(word) for word in words]
    known = [float(part[1]) * UNITS[part[2]] for part in parts if part is not None]
    return sum(known) if known and len(known) == len(parts) else None
