"""Who writes `replicas`, and how many pods that makes: the manifest, the HPA, or the live object.

Source: Kubernetes, pkg/controller/podautoscaler/horizontal.go (`reconcileAutoscaler`: it only ever corrects a count
that it finds); pkg/apis/apps/v1/defaults.go (`replicas` is 1 by default); Argo CD, controller/sync.go,
`normalizeTargetResources`.
"""

from __future__ import annotations

from typing import Literal

from compiler.transition.facts.workload import WorkloadFacts
from compiler.transition.sync.options import SyncOptions
from compiler.transition.sync.order import is_left_out, resets_replicas

Load = Literal["low", "grown", "held"]
"""What load the HPAs have answered before the commit: none, or as much as they were allowed to.

`held` pods had no load before, and their HPA lowers its minimum only when they have it.
"""


def converged_replicas(workload: WorkloadFacts, options: SyncOptions, load: Load) -> int:
    """The count that the workload has when nothing moves any more; a Rollout without its workload makes no pods."""
    scaler = workload.scaler
    if workload.template_owner is not None and not workload.template.raw:
        return 0
    if scaler is None:
        return 1 if workload.written is None else workload.written
    if workload.written == 0 and not options.keeps_live_replicas(workload.key):
        return 0
    return scaler.grown if load == "grown" else scaler.low


def written_replicas(old: WorkloadFacts | None, new: WorkloadFacts, live: int, options: SyncOptions) -> int:
    """The count that the write of `new` leaves: what a gate then waits for.

    A field that the manifest drops is reset to its default unless the Application leaves it alone; an HPA corrects
    that later, but no gate waits for the HPA.
    """
    if old is None:
        return 1 if new.written is None else new.written
    if options.keeps_live_replicas(new.key):
        return within_hpa_bounds(new, live)
    if _is_reset(old, new, options):
        return 1
    if new.written is not None:
        return new.written if new.scaler is None else min(new.written, max(live, new.scaler.low, 1))
    return within_hpa_bounds(new, live) if old.written is None else 1


def drops_replicas_field(old: WorkloadFacts, new: WorkloadFacts, options: SyncOptions) -> bool:
    """Whether the commit takes `replicas` out of a manifest whose value Argo CD owns, or each sync resets them."""
    kept = options.keeps_live_replicas(new.key)
    dropped = old.written is not None and new.written is None
    return not kept and (dropped or _is_reset(old, new, options))


def _is_reset(old: WorkloadFacts, new: WorkloadFacts, options: SyncOptions) -> bool:
    return resets_replicas(new.raw, options) and not is_left_out(old.raw, new.raw, options)


def within_hpa_bounds(new: WorkloadFacts, live: int) -> int:
    """The count that the HPA leaves of the live one, if it has one."""
    return live if new.scaler is None else min(live, new.scaler.high)
