"""shipway completion: scripts for bash, zsh and fish that ask `shipway __complete` for what may come next."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.output import next_command

BASH: Final = """\
_shipway() {
    local IFS=$'\\n'
    COMPREPLY=($(shipway __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace
}
complete -o default -F _shipway shipway
"""
ZSH: Final = """\
#compdef shipway
_shipway() {
    local -a found
    found=("${(@f)$(shipway __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n $found ]]; then compadd -Q -- $found; else _files; fi
}
if [[ $funcstack[1] == _shipway ]]; then _shipway "$@"; else compdef _shipway shipway; fi
"""
FISH: Final = """\
function __shipway_complete
    set -l words (commandline -opc) (commandline -ct)
    shipway __complete $words[2..-1] 2>/dev/null
end
complete -c shipway -f -a '(__shipway_complete)'
"""
SCRIPTS: Final = {"bash": BASH, "zsh": ZSH, "fish": FISH}
SETUP_COMMANDS: Final = {"bash": "source <(shipway completion bash)", "zsh": "exec zsh", "fish": "exec fish"}

VERB_COMMANDS: Final = ("start", "advance", "abort", "finish", "rollback")
RELEASE_COMMANDS: Final = (*VERB_COMMANDS, "check", "build", "status", "history", "why")
ENVIRONMENT_COMMANDS: Final = ("plan", "publish", "confirm", "bootstrap")
VERSION_OPTIONS: Final = ("--from", "--to")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=tuple(SCRIPTS), help="the shell to write the script for")


def run(args: argparse.Namespace) -> int:
    sys.stdout.write(SCRIPTS[args.shell])
    next_command(args, SETUP_COMMANDS[args.shell])
    return EXIT_OK


def complete(words: list[str]) -> int:
    """Prints what the last of `words` (those after `shipway`) may become, a line each."""
    *before, last = words or [""]
    found = completions(before, last)
    sys.stdout.write("".join(f"{each}\n" for each in found if each.startswith(last)))
    return EXIT_OK


def completions(before: list[str], last: str) -> list[str]:
    from compiler.cli.commands import COMMANDS  # noqa: PLC0415 - the script itself needs none of it

    command = next((word for word in before if word in COMMANDS), None)
    if command is None:
        return [*COMMANDS]
    if last.startswith("-"):
        return option_names(command)
    return option_values(command, before)


def option_names(command: str) -> list[str]:
    from compiler.cli.main import command_options  # noqa: PLC0415 - as above

    return command_options(command)


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
        return list(SCRIPTS)
    if command == "schema":
        from compiler.cli.schema import KINDS  # noqa: PLC0415 - as above

        return list(KINDS)
    from compiler.explanations.catalog import explanations  # noqa: PLC0415 - as above

    return list(explanations())


def completion_root(before: list[str]) -> Path:
    """The folder of `-C`, if one was given."""
    return Path(before[before.index("-C") + 1]) if "-C" in before[:-1] else Path()


def environment_folder_names(folder: Path) -> list[str]:
    return sorted(entry.parent.name for entry in folder.glob("*/environment.yaml"))


def release_file_names(folder: Path) -> list[str]:
    """Files are called as their releases are, as a rule; reading them would cost a keystroke's patience."""
    found = (entry for entry in folder.glob("*.y*ml") if entry.name != "environment.yaml" and entry.name[0] != ".")
    return sorted(entry.stem for entry in found)
