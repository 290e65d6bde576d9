"""What a shell's TAB offers: commands, options, environments and releases, without loading a stage."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from compiler.cli.arguments import add_command_arguments, common_arguments
from compiler.cli.arguments.completion import SHELLS
from compiler.cli.arguments.schema import SCHEMA_KINDS
from compiler.cli.commands import COMMANDS
from compiler.cli.exit_status import EXIT_OK

VERB_COMMANDS: Final = ("start", "advance", "abort", "finish", "rollback")
RELEASE_COMMANDS: Final = (*VERB_COMMANDS, "check", "build", "plan", "status", "history", "why")
ENVIRONMENT_COMMANDS: Final = ("publish", "confirm", "bootstrap")
VERSION_OPTIONS: Final = ("--from", "--to")


def complete(words: list[str]) -> int:
    """Prints what the last of `words` (those after `shipway`) may become, a line each."""
    *before, last = words or [""]
    words = completions(before, last)
    sys.stdout.write("".join(f"{word}\n" for word in words if word.startswith(last)))
    return EXIT_OK


def completions(before: list[str], last: str) -> list[str]:
    command = next((word for word in before if word in COMMANDS), None)
    if command is None:
        return [*COMMANDS]
    if last.startswith("-"):
        return option_names(command)
    return option_values(command, before)


def option_names(command: str) -> list[str]:
    parser = argparse.ArgumentParser()
    common_arguments(parser, {})
    add_command_arguments(parser, command)
    return [option for action in parser._actions for option in action.option_strings if option.startswith("--")]


def option_values(command: str, before: list[str]) -> list[str]:
    if command in ("explain", "completion", "schema"):
        return static_words(command)
    folder = completion_root(before) / "environments"
    names = environment_folder_names(folder)
    if command in ENVIRONMENT_COMMANDS or (command == "promote" and before[-1] in VERSION_OPTIONS):
        return names
    if command == "promote":
        return sorted({release for name in names for release in release_file_names(folder / name)})
    if command not in RELEASE_COMMANDS:
        return []
    whole = [] if command in VERB_COMMANDS else names
    return whole + [f"{name}/{release}" for name in names for release in release_file_names(folder / name)]


def static_words(command: str) -> list[str]:
    """What commands take that does not depend on the specs."""
    if command == "completion":
        return list(SHELLS)
    if command == "schema":
        return list(SCHEMA_KINDS)
    from compiler.explanations.catalog import explanations  # noqa: PLC0415 - every stage's codes

    return list(explanations())


def completion_root(before: list[str]) -> Path:
    """The folder of `-C`, if one was given."""
    return Path(before[before.index("-C") + 1]) if "-C" in before[:-1] else Path()


def environment_folder_names(folder: Path) -> list[str]:
    return sorted(entry.parent.name for entry in folder.glob("*/environment.yaml"))


def release_file_names(folder: Path) -> list[str]:
    """Files are called as their releases are, as a rule; reading them would cost a keystroke's patience."""
    specs = (entry for entry in folder.glob("*.y*ml") if entry.name != "environment.yaml" and entry.name[0] != ".")
    return sorted(entry.stem for entry in specs)
