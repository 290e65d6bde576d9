"""How Argo Rollouts lets go of a Rollout and its pods serve on, as commands in their order."""

from __future__ import annotations

import shlex
from typing import Final

from compiler.adopt.argo_rollouts import (
    canary_ingresses,
    preview_services,
    stable_services,
    template_source,
)
from compiler.adopt.clean import HASH_LABEL
from compiler.adopt.running import RunningObject, RunningWorkload

NO_HASH: Final = f'{{"spec":{{"selector":{{"{HASH_LABEL}":null}}}}}}'


def rollout_lines(group: RunningWorkload) -> list[str]:
    """Takes a Rollout away from its pods, while none is in progress, and what its controller wrote out of its Services.

    Source: Argo Rollouts, docs/migrating.md; rollout/service.go, `switchSelectorPatch`: the hash of the pods stands in
    the selector of each Service, and an apply of a manifest that never had it leaves it there. Kubernetes,
    controller_ref_manager.go, `ClaimObject`: a Deployment adopts the ReplicaSets that a Rollout leaves behind.
    """
    rollout = group.source
    kubectl = f"kubectl{_in_namespace(rollout)}"
    lines = [f"# while no rollout is in progress: Argo Rollouts stops managing {rollout.name}; its pods stay and serve"]
    reference = template_source(rollout)
    if reference:
        lines.append(f"{kubectl} delete {shlex.quote(reference.lower())} --cascade=orphan")
    lines.append(f"{kubectl} delete rollouts.argoproj.io {shlex.quote(rollout.name)} --cascade=orphan")
    with_it = [each.title.lower() for each in (group.autoscaler, group.budget) if each is not None]
    lines += [f"{kubectl} delete {shlex.quote(each)}" for each in with_it]
    lines += [
        f"{kubectl} patch service {shlex.quote(each)} --type merge -p {shlex.quote(NO_HASH)}"
        for each in sorted(stable_services(rollout) | preview_services([rollout]))
    ]
    lines += [f"{kubectl} delete ingress {shlex.quote(each)} --ignore-not-found" for each in canary_ingresses(rollout)]
    return lines


def leftover_lines(group: RunningWorkload) -> list[str]:
    """Takes away what a Rollout left behind, once the release serves in its place."""
    rollout = group.source
    labels = [f"{key}={value}" for key, value in rollout.pod_labels.items()]
    # the pods of a Deployment that it took its template from may still be there, and have no hash of a Rollout
    own = [] if template_source(rollout) else [HASH_LABEL]
    kubectl = f"kubectl{_in_namespace(rollout)}"
    previews = [each for each in group.left if each.name in preview_services([rollout])]
    return [
        f"# once the pods of the release {rollout.name} serve: delete what the Rollout left behind",
        f"{kubectl} delete replicasets -l {shlex.quote(','.join([*labels, *own, '!shipway.dev/track']))}",
        *(f"{kubectl} delete {shlex.quote(each.title.lower())}" for each in previews),
    ]


def _in_namespace(running: RunningObject) -> str:
    return f" -n {shlex.quote(running.key.namespace)}" if running.key.namespace else ""
