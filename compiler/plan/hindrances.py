"""What would keep a publish from happening though its transition is safe: edits by hand, a freeze, older specs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from compiler.diagnostics.model import Rejected
from compiler.gitops.clone import Clone
from compiler.gitops.ownership import Wanted, changes
from compiler.gitops.publish import compared, held
from compiler.gitops.source import source_of
from compiler.gitops.tree import PublishedTree
from compiler.pipeline import Built
from compiler.plan.freezes import freeze_finding

MOST = 5


def hindrances(built: Built, base: PublishedTree, now: datetime) -> list[str]:
    """A line for each reason why `publish` would refuse this plan at `now`; none where it would not."""
    try:
        differing = changes(held(base), Wanted(built.files))
    except Rejected as rejected:
        said = [f"publish refuses: {each.message}" for each in rejected.diagnostics[:MOST]]
        more = len(rejected.diagnostics) - len(said)
        return said + ([f"publish refuses {more} more files"] if more else [])
    frozen = freeze_finding(built.compiled.documents.environment, now)
    return [f"publish refuses: {frozen.message}"] if frozen is not None and differing.beyond_indexes else []


def strangers(clone: Clone, base: PublishedTree, root: Path) -> list[str]:
    """A line where what is published comes from specs that are not behind those below `root`."""
    source = source_of(root)
    stands, says = compared(clone, base, root, source.head if source is not None else None)
    return [f"publish refuses: {says}" if stands == "older" else says] if says else []
