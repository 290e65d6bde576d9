"""The command line: which commands there are, the one `except`, the exit status.

A command's arguments are in `arguments/NAME.py`, its code in `commands/NAME.py`, imported once they are read.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from compiler import __version__
from compiler.cli.arguments import add_command_arguments, common_arguments
from compiler.cli.commands import COMMANDS
from compiler.cli.exit_status import EXIT_INTERRUPTED, EXIT_USAGE
from compiler.cli.terminal import progress_shown, terminal_width
from compiler.support.deferred_methods import defer_methods
from compiler.support.suggest import did_you_mean

DESCRIPTION = "Compiles release specs into Kubernetes manifests, proves each commit safe, and publishes it for Argo CD."

WITHOUT_SPECS: Final = ("verify", "demo", "comment", "init", "completion", "schema", "explain", "docs")
"""The commands that need no specs; the others look for them in the folders above as well."""
TERMINATION_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP)


CHOICES: Final = " (choose from "
"""How argparse goes on after a value that is none of its choices."""


class Parser(argparse.ArgumentParser):
    """argparse with "did you mean" and the exit status of usage errors."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        reason, _, choices = message.partition(CHOICES)
        wrong = reason.removeprefix("argument COMMAND: invalid choice: ")
        shown = f"{wrong} is not a command" if wrong != reason else reason
        suggestion = self.suggestion(message)
        listed = f"{CHOICES}{choices}" if choices and "did you mean" not in suggestion else ""
        sys.stderr.write(f"{self.prog}: {shown}{listed}\n{suggestion}")
        sys.exit(EXIT_USAGE)

    def suggestion(self, message: str) -> str:
        wrong, _, choices = message.partition("invalid choice: ")[2].partition(CHOICES)
        options = message.partition("unrecognized arguments: ")[2].split(" ")[0]
        if wrong:
            guess = did_you_mean(wrong.strip("'\""), re.findall(r"[\w-]+", choices))
        elif options:
            guess = did_you_mean(options.partition("=")[0], self.known_options())
        else:
            guess = None
        return (
            f"help: did you mean `{guess}`?\n"
            if guess
            else f"help: `{self.prog} --help` lists the commands and options\n"
        )

    def known_options(self) -> list[str]:
        """The options of this parser and of the command that was named, which leaves what it does not know to this."""
        options: list[str] = []
        for action in self._actions:
            options += action.option_strings
            if isinstance(action, argparse._SubParsersAction):
                options += [option for each in action.choices.values() for option in each._option_string_actions]
        return options


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal. argparse would ask shutil for the width, for each argument that is declared, and
    load three compressors with it.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=terminal_width() - 2)


GARBAGE_THRESHOLDS: Final = (500_000, 50, 1000)
"""Nearly all that a run makes lives until its end: looking for cycles in it took a third of `check` of 1,000 services
(1.55 → 1.04 s). What half a million objects may leave behind is the bound for long proofs."""


def run_process(main: Callable[[Sequence[str]], int], words: Sequence[str]) -> NoReturn:
    """The whole life of the process: exits with main's status."""
    if words[:1] == ["__complete"]:
        from compiler.cli.completion import complete  # noqa: PLC0415 - only a shell's TAB asks for it

        sys.exit(complete(list(words[1:])))
    open_streams()
    install_signal_handlers()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    exit_process(main(words))


def exit_process(status: int) -> NoReturn:
    """Ends the process as it stands: to free 1,000 releases piece by piece takes 15 ms (mypy: `hard_exit`)."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads on, or it is closed
            stream.flush()
    os._exit(status)


def open_streams() -> None:
    """A stream that the starter closed (`>&-`) leads nowhere, and no file that is opened later takes its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - it lives to the end


def install_signal_handlers() -> None:
    """Lets what ends a job (CI's SIGTERM, a terminal's SIGHUP) end as Ctrl-C does: programs that were started end too,
    and no copy of a repository, with the token in its address, is left. What the starter ignores stays ignored.
    """
    for number in TERMINATION_SIGNALS:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, raise_interrupt)


def raise_interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    for number in TERMINATION_SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # the way out is short, and not to be cut
    raise KeyboardInterrupt


def run_program(argv: Sequence[str]) -> int:
    """Runs one command; returns its exit status. Every failure passes through here."""
    args = None
    try:
        args = parser_for(argv).parse_args(argv)
        with progress_shown(quiet=args.quiet):
            status = run_command(args, argv)
        sys.stdout.flush()  # while its errors can still be reported
        return status
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return EXIT_INTERRUPTED
    except SystemExit as stop:
        return int(stop.code or 0)
    except Exception as error:
        from compiler.cli.failures import report_failure  # noqa: PLC0415 - only a failure needs the renderers

        return report_failure(error, args)


def top_level() -> Parser:
    parser = Parser(prog="shipway", description=DESCRIPTION, formatter_class=HelpFormatter)
    parser.add_argument("--version", action="version", version=f"shipway {__version__}")
    common_arguments(parser, {"root": ".", "quiet": False, "verbose": False})
    parser.set_defaults(command=None)
    parser.epilog = "Exit status: 0 done, 1 the input is wrong or unsafe, 2 usage, 3 a bug of ours, 130 interrupted."
    return parser


def parser_for(argv: Sequence[str]) -> Parser:
    """The parser with all commands' names and, of the commands named in `argv`, their arguments."""
    parser = top_level()
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.help, description=command.help, formatter_class=HelpFormatter)
        if name in argv:
            add_arguments(sub, name)
    return parser


def add_arguments(parser: Parser, name: str) -> None:
    # without defaults here, what stands before the command's name counts
    common_arguments(parser, {})
    add_command_arguments(parser, name)
    parser.epilog = f"examples:\n{COMMANDS[name].example_lines()}"
    parser.set_defaults(command=name)


def run_command(args: argparse.Namespace, words: Sequence[str]) -> int:
    """Imports the command's module, which imports the stages that it needs, and runs it."""
    if args.command is None:
        return print_usage()
    defer_methods(importlib.import_module("dataclasses"))  # loaded here: `--help` needs none
    args.words, args.given_root, args.command_line, args.started = words, args.root, run_program, time.time()
    if args.command not in WITHOUT_SPECS:
        args.root = str(specs_root(Path(args.root)))
    return int(importlib.import_module(f"compiler.cli.commands.{args.command.replace('-', '_')}").run(args))


def specs_root(folder: Path) -> Path:
    """The nearest folder, from `folder` upwards, with environments in it, as Git finds its repository; `folder` itself
    where none has any.
    """
    here = folder.resolve()
    above = next((each for each in (here, *here.parents) if has_environments(each)), here)
    return folder if above == here else Path(os.path.relpath(above))


def has_environments(folder: Path) -> bool:
    return any(folder.glob("environments/*/environment.yaml"))


def print_usage() -> int:
    """No command was named: what there is, and the status of a usage error."""
    parser_for(()).print_help()
    return EXIT_USAGE
