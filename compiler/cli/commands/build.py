"""shipway build: the published tree as files."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK
from compiler.cli.output import next_command, print_detail, print_diagnostics, print_notice
from compiler.cli.release_selection import check_releases, selected_releases
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.source.workspace import ENVIRONMENTS, start_reading

if TYPE_CHECKING:
    from compiler.tree.render import BuiltEnvironment


def run(args: argparse.Namespace) -> int:
    root, out = Path(args.root), Path(args.out)
    refuse_specs(root, out)
    diagnostics: list[Diagnostic] = []
    built: list[tuple[str, BuiltEnvironment, set[str]]] = []
    chosen = selected_releases(root, args.names)
    with ExitStack() as stack:
        specs = {name: stack.enter_context(start_reading(root, name)) for name in chosen}
        # loaded while other processes read
        from compiler.git.destination import publish_destination  # noqa: PLC0415
        from compiler.pipeline import build_environment, render_environment  # noqa: PLC0415
        from compiler.publish.output_folder import write_folder  # noqa: PLC0415

        for name, wanted in chosen.items():
            try:
                rendered = render_environment(specs[name]())
                result = build_environment(rendered, publish_destination(root, rendered.environment))
            except Rejected as rejected:
                diagnostics += rejected.diagnostics
                continue
            check_releases(wanted, [release.name for release in result.compiled.releases])
            diagnostics += result.warnings
            built.append((name, result, wanted))
    if print_diagnostics(diagnostics, args) == EXIT_FAILURE:
        return EXIT_FAILURE
    for name, result, wanted in built:
        files = {path: data for path, data in result.files.items() if not wanted or path.split("/")[0] in wanted}
        others = {path.split("/")[0] if "/" in path else "" for path in result.files} - {
            path.split("/")[0] if "/" in path else "" for path in files
        }
        written = write_folder(out / name, files, keep=frozenset(others))
        if not args.quiet:
            sys.stdout.write("".join(f"{out / name}/{path}\n" for path in written.written))
        counts = f"{len(written.written)} written, {len(written.removed)} removed, {written.unchanged} unchanged"
        for path in written.removed:
            print_detail(args, f"removed {out / name / path}")
        print_notice(args, f"{name}: {counts}")
        for note in result.notes:
            print_notice(args, f"note: {note}")
    next_command(args, "shipway plan")
    return EXIT_OK


def refuse_specs(root: Path, out: Path) -> None:
    """Raises Rejected for a folder among the specs: they and what is made of them would lie in each other."""
    specs = (root / ENVIRONMENTS).resolve()
    if specs in (out.resolve(), *out.resolve().parents):
        message = f"{out} is where the specs are: what is made of them would lie between them"
        raise Rejected([Diagnostic("out-in-specs", message, None, "name another folder with --out")])
