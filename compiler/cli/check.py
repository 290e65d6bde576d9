"""shipway check: everything up to the manifests, and their validation; writes nothing."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.cli.failure import WRONG
from compiler.cli.output import add_format, amount, detail, next_command, print_diagnostics, say
from compiler.diagnostics.model import Diagnostic, Rejected

if TYPE_CHECKING:
    from compiler.spec.documents import Documents


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV[/RELEASE]", help="what to check (default: all)")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from compiler.cli.names import check_releases, selected  # noqa: PLC0415 - `--help` needs no stages
    from compiler.workspace import reading  # noqa: PLC0415 - the same

    root = Path(args.root)
    found: list[Diagnostic] = []
    objects = releases = 0
    chosen = selected(root, args.names)
    with ExitStack() as stack:
        specs = {name: stack.enter_context(reading(root, name)) for name in chosen}
        # loaded while other processes read
        from compiler.pipeline import count, finished  # noqa: PLC0415

        for name, wanted in chosen.items():
            try:
                compiled, sizes = finished(specs[name](), count)
            except Rejected as rejected:
                found += rejected.diagnostics
                continue
            check_releases(wanted, [release.name for release in compiled.releases])
            found += compiled.warnings
            found += exceptions_at_odds(compiled.documents, datetime.now(UTC).date())
            for each, size in zip(compiled.releases, sizes, strict=True):
                stands, written = each.strategy.position(each.subject), amount(size, "object")
                detail(args, f"{name}/{each.name}: {each.strategy.NAME}, {stands}, {written} from {each.document.file}")
            releases += len(compiled.releases)
            objects += sum(sizes) + len(compiled.own)
    status = print_diagnostics(found, args)
    if status == WRONG:
        return status
    if args.format == "text":
        counts = [amount(len(chosen), "environment"), amount(releases, "release"), amount(objects, "object")]
        say(args, f"{', '.join(counts)}: all valid")
        next_command(args, "shipway build")
    return status


def exceptions_at_odds(documents: Documents, today: date) -> list[Diagnostic]:
    """Exceptions to the policy that have run out, and those that except nothing."""
    if not documents.environment.model.spec.policy.exceptions:
        return []
    from compiler.cli.explanations import explanations  # noqa: PLC0415 - the codes of every stage
    from compiler.policy_exceptions import expired_exceptions, idle_exceptions  # noqa: PLC0415 - as above

    names = [*(each.name for each in documents.releases), *(each.name for each in documents.groups)]
    expired = expired_exceptions(documents.environment, today)
    return expired + idle_exceptions(documents.environment, explanations(), names)
