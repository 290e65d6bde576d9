"""finishes, for Jobs that are deleted as soon as they are done: a gate that has not seen one end waits for it for ever.

Source: Argo CD gitops-engine, sync_context.go `Sync` (the health of a running task is that of its live object, and one
without a live object goes on running; hooks are kept by a finalizer); Kubernetes, pkg/controller/ttlafterfinished.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import nested_value
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Cut

PROPERTY = "finishes"
TIME_TO_LIVE = "ttlSecondsAfterFinished"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Errors of the Jobs that a gate waits for and that nothing keeps once they are done."""
    change = judged.change
    for key in change.target.of_kind("Job"):
        stage = change.stages[change.member_stage[key]] if key in change.member_stage else None
        if stage is None or key not in stage.awaited or key in stage.hooks:
            continue
        if nested_value(change.target.objects[key], "spec", TIME_TO_LIVE) == 0:
            yield PropertyBreach(
                "gate-never-opens",
                PROPERTY,
                f"{stage.name} waits for {key}, which is deleted as soon as it is done ({TIME_TO_LIVE}: 0): if Argo CD "
                "does not see it complete before, the wave waits for ever",
                (key,),
                f"give {TIME_TO_LIVE} some minutes, or make the Job a hook (argocd.argoproj.io/hook: Sync)",
                cut=Cut((change.member_stage[key] + 1, 0)),
            )
