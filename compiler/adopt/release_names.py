"""What each release of an adoption is called: after its workload, as far as no other name is in the way."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final

from compiler.adopt.argo_rollouts import ROLLOUT, rollout_strategy
from compiler.adopt.running import RunningWorkload
from compiler.diagnostics.refusals import rejection

MAX_RELEASE_NAME: Final = 40


def release_name(text: str) -> str:
    """A workload's name as a release's: of the permitted letters, at most 40, first a letter."""
    name = re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-")
    name = name if name[:1].isalpha() else f"r-{name}"
    return name[:MAX_RELEASE_NAME].rstrip("-")


def release_names(workloads: Sequence[RunningWorkload], wanted: str | None, titles: Set[str]) -> dict[str, str]:
    """A name for each workload by its title: its own as far as a release may have it, no two the same.

    `titles` are those of all objects that run. Raises Rejected where one name is wanted for several workloads.
    """
    if wanted is not None and len(workloads) != 1:
        shown = ", ".join(group.source.title for group in workloads) or "none"
        message = f"--release names one release, and the source has {len(workloads)} workloads: {shown}"
        raise rejection("adopt-one-name", message, "leave it out: each release gets the name of its workload")
    names: dict[str, str] = {}
    for group in workloads:
        first = wanted if wanted is not None else release_name(group.source.name)
        name, number = first, 2
        while name in names.values() or (wanted is None and _takes_running_name(group, name, titles)):
            name, number = f"{first[:37]}-{number}", number + 1
        names[group.source.title] = name
    return names


def _takes_running_name(group: RunningWorkload, release: str, titles: Set[str]) -> bool:
    """Whether what was a Rollout would get tracks of the names of other Services or Deployments that run.

    A Rollout's pods are those of no Deployment: a release has its own beside them, which are called after it.
    """
    if group.source.kind != ROLLOUT:
        return False
    taken = {f"Deployment/{release}-{track}" for track in ("blue", "green", "stable", "canary")}
    if rollout_strategy(group.source)[0] == "canary":
        # by pods one Service leads to both tracks, and has the name of neither
        reached = ("stable", "canary") if group.route is not None else ("stable",)
        taken |= {f"Service/{release}-{track}" for track in reached}
    return not titles.isdisjoint(taken)
