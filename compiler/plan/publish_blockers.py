"""What would keep a publish from happening though its transition is safe: edits by hand, a freeze, older specs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from compiler.diagnostics.model import Rejected
from compiler.git.clone import Clone
from compiler.git.published_source import compare_with_published
from compiler.git.source_repository import source_repository
from compiler.plan.freezes import freeze_finding
from compiler.tree.ownership import DesiredFiles, existing_files, file_changes
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment

MAX_BLOCKERS = 5


def publish_blockers(built: BuiltEnvironment, base: PublishedTree, now: datetime) -> list[str]:
    """A line for each reason why `publish` would refuse this plan at `now`; none where it would not."""
    try:
        differing = file_changes(existing_files(base), DesiredFiles(built.files))
    except Rejected as rejected:
        said = [f"publish refuses: {each.message}" for each in rejected.diagnostics[:MAX_BLOCKERS]]
        more = len(rejected.diagnostics) - len(said)
        return said + ([f"publish refuses {more} more files"] if more else [])
    frozen = freeze_finding(built.compiled.documents.environment, now)
    return [f"publish refuses: {frozen.message}"] if frozen is not None and differing.beyond_indexes else []


def source_conflicts(clone: Clone, base: PublishedTree, root: Path) -> list[str]:
    """A line where what is published comes from specs that are not behind those below `root`."""
    source = source_repository(root)
    stands, says = compare_with_published(clone, base, root, source.head if source is not None else None)
    return [f"publish refuses: {says}" if stands == "older" else says] if says else []
