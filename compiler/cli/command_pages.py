"""A page for each command, made from its arguments, and the page that lists them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from compiler.cli.arguments import add_command_arguments, common_arguments

if TYPE_CHECKING:
    from compiler.cli.commands import Command

FOLDER: Final = "reference/commands"
INDEX_HEAD: Final = """\
# Every command

Results go to standard output, everything else to standard error. `shipway COMMAND --help` prints a command's options.
All commands share their [exit statuses](../../versioning.md#exit-statuses) and the
[promise of their formats](../../versioning.md#formats).

| command | what it does |
|---|---|
"""
COMMON: Final = """
## Options of every command

"""
OPTION_HEAD: Final = "| option | what it does |\n|---|---|\n"


def command_pages(commands: Mapping[str, Command]) -> dict[str, str]:
    """Markdown by path below the documentation's folder: the list, and a page for each command."""
    pages = {f"{FOLDER}/{name}.md": command_page(name, command) for name, command in commands.items()}
    return {f"{FOLDER}/index.md": command_index(commands), **pages}


def command_index(commands: Mapping[str, Command]) -> str:
    rows = (f"| [`{name}`]({name}.md) | {command.help} |\n" for name, command in commands.items())
    common = argparse.ArgumentParser(prog="shipway", add_help=False)
    common_arguments(common, {})
    return f"{INDEX_HEAD}{''.join(rows)}{COMMON}{option_table(common)}"


def command_page(name: str, command: Command) -> str:
    parser = argparse.ArgumentParser(prog=f"shipway {name}", add_help=False)
    add_command_arguments(parser, name)
    examples = "".join(f"shipway {example}\n" for example in command.examples)
    table = option_table(parser)
    return (
        f"# shipway {name}\n\n{command.help[0].upper()}{command.help[1:]}.\n\n```sh\n{examples}```\n"
        + (f"\n## Arguments\n\n{table}" if table else "")
        + "\n[Every command](index.md), with the options that all have and the exit statuses.\n"
    )


def option_table(parser: argparse.ArgumentParser) -> str:
    """A row for each argument of the parser; empty where it takes none."""
    rows = (
        f"| {cell(spelling(action))} | {plain_cell(action.help or '')}{choices(action)} |\n"
        for action in parser._actions
    )
    body = "".join(rows)
    return f"{OPTION_HEAD}{body}" if body else ""


def spelling(action: argparse.Action) -> str:
    """As it is typed: `--to STEP`, `-C DIR`, or the name of what stands without an option."""
    metavar = str(action.metavar or action.dest.upper())
    if not action.option_strings:
        return metavar
    names = ", ".join(action.option_strings)
    return names if action.nargs == 0 else f"{names} {'FORMAT' if action.choices else metavar}"


def choices(action: argparse.Action) -> str:
    if not action.choices:
        return ""
    listed = ", ".join(f"`{choice}`" for choice in action.choices)
    return f" One of {listed}."


def cell(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def plain_cell(text: str) -> str:
    """A help text as a sentence, in a table's cell."""
    text = text.replace("%%", "%").replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")
    return f"{text[0].upper()}{text[1:]}." if text else ""
