"""shipway check: everything up to the manifests, and their validation; writes nothing."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.cli.answer_inputs import keep_notices
from compiler.cli.exit_status import EXIT_FAILURE
from compiler.cli.output import count_with_noun, next_notice, print_diagnostics, print_notice
from compiler.cli.release_selection import check_releases, selected_releases
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.source.workspace import Sources, readable_environments, start_reading
from compiler.support.parallel import WHOLE, Shard

if TYPE_CHECKING:
    from compiler.model.compiled import CompiledRelease
    from compiler.spec.documents import Documents
    from compiler.validate.spec_findings import ValidatedRelease


def run(args: argparse.Namespace) -> int:
    root = Path(args.root)
    diagnostics: list[Diagnostic] = []
    objects = releases = 0
    environments = readable_environments(root)
    shard = Shard(*args.shard)
    chosen = selected_releases(root, args.names, environments, shard)
    read: list[Sources] = []
    notices: list[str] = []
    with ExitStack() as stack:
        specs = {name: stack.enter_context(start_reading(root, name)) for name in chosen}
        # loaded while other processes read
        from compiler.pipeline import check_sources  # noqa: PLC0415

        for name, wanted in chosen.items():
            try:
                read.append(specs[name]())
                compiled, validated = check_sources(read[-1], shard)
            except Rejected as rejected:
                diagnostics += rejected.diagnostics
                continue
            check_releases(wanted, [release.name for release in compiled.releases])
            diagnostics += compiled.warnings
            diagnostics += problems_of_exceptions(compiled.documents, datetime.now(UTC).date())
            if args.verbose:
                notices += [release_notice(*each) for each in validated]
            releases += len(validated)
            objects += sum(len(written.objects) for _, written in validated)
            objects += len(compiled.own) if shard.holds(name) else 0
    status = print_diagnostics(diagnostics, args)
    if status == EXIT_FAILURE:
        return status
    if args.format == "text":
        counts = [
            count_with_noun(len(chosen), "environment"),
            count_with_noun(releases, "release"),
            count_with_noun(objects, "object"),
        ]
        part = "" if shard == WHOLE else f"part {shard}: "
        notices += [f"{part}{', '.join(counts)}: all valid", next_notice(args, "shipway build")]
        print_notice(args, "\n".join(notices))
        if not diagnostics:
            keep_notices(args, environments, read, notices)
    return status


def release_notice(release: CompiledRelease, validated: ValidatedRelease) -> str:
    """Where a release's course stands, and what it writes."""
    stands, size = release.strategy.position(release.subject), count_with_noun(len(validated.objects), "object")
    name = f"{release.environment.model.metadata.name}/{release.name}"
    return f"{name}: {release.strategy.NAME}, {stands}, {size} from {release.document.file}"


def problems_of_exceptions(documents: Documents, today: date) -> list[Diagnostic]:
    """Exceptions to the policy that have run out, and those that except nothing."""
    if not documents.environment.model.spec.policy.exceptions:
        return []
    from compiler.rules.unused_exceptions import exception_problems  # noqa: PLC0415 - every code, where one is excepted

    names = [*(each.name for each in documents.releases), *(each.name for each in documents.groups)]
    return exception_problems(documents.environment, names, today)
