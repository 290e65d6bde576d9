"""available, for containers that change the cluster by a command: nobody simulates what it does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from compiler.model.objects import Key, list_or_empty, nested_value
from compiler.transition.facts.pods import BATCH_TEMPLATES
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
COMMANDS = re.compile(
    r"(?P<verb>\b(?:kubectl|oc)\b[^|;&\n]*?\s(?:delete|scale|patch|replace|apply|set|edit|label|annotate|drain|cordon|taint"
    r"|autoscale|rollout\s+(?:undo|restart|pause|resume))\b"
    r"|\bhelm\b[^|;&\n]*?\s(?:upgrade|uninstall|delete|rollback)\b"
    r"|\bargocd\s+app\s+(?:sync|delete|set|patch|rollback|terminate-op)\b)"
    r"(?P<rest>[^|;&\n]*)"
)
ENDS = re.compile(r"[|;&\n]")
"""What ends a command of a shell."""


class ClusterCommand(NamedTuple):
    """A command that changes objects: as far as its verb, and the rest of it."""

    verb: str
    rest: str


RUNS = frozenset(
    {
        *(("argoproj.io", kind) for kind in ("ClusterWorkflowTemplate", "CronWorkflow", "Sensor", "Workflow")),
        ("argoproj.io", "WorkflowTemplate"),
        *(("tekton.dev", kind) for kind in ("ClusterTask", "Pipeline", "StepAction", "Task")),
        *(("batch", kind) for kind in BATCH_TEMPLATES),
        *(("apps", kind) for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")),
        ("", "Pod"),
        ("argoproj.io", "Rollout"),
    }
)
"""What runs containers, or has them run by others: at any depth, a container is what has an image."""
RESOURCE_TEMPLATE = frozenset({"manifest", "manifestFrom"})
"""Fields of a template that runs kubectl itself (Argo Workflows, workflow/executor/resource.go `ExecResource`)."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """What comes to run such a command: batch work and its templates, and workloads as they start or end."""
    change = judged.change
    if not change.live.objects:
        return
    for key in change.ops:
        if key[:2] in RUNS and key in change.target.objects:
            yield from _new_commands(change, key)


def _new_commands(change: Change, key: Key) -> Iterator[PropertyBreach]:
    after = _cluster_commands(change.target, key)
    before = _cluster_commands(change.live, key) if after else []
    for command in after:
        if command not in before:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key} comes to run `{command.verb}`. Not judged: what the command does to objects of the cluster",
                (key,),
                "write what it changes into the manifests instead, or review it by hand",
                "warning",
            )


def _cluster_commands(snapshot: Snapshot, key: Key) -> list[ClusterCommand]:
    runs = _runs_within(snapshot.objects.get(key, {}).get("spec"))
    return [
        ClusterCommand(*(" ".join(match[group].split()) for group in ("verb", "rest")))
        for each in runs
        for match in COMMANDS.finditer(_command_line(each))
    ]


def _runs_within(value: Any) -> list[Mapping[str, Any]]:
    """The containers and resource templates, at any depth; a list, for nested iterators would take most of the time."""
    runs: list[Mapping[str, Any]] = []
    pending = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            if "image" in part or not RESOURCE_TEMPLATE.isdisjoint(part):
                runs.append(part)
            pending += reversed(part.values())
        elif isinstance(part, list):
            pending += reversed(part)
    return runs


def _command_line(container: Mapping[str, Any]) -> str:
    """What the container runs; without a command, images of kubectl run that, as resource templates do."""
    if container.keys() & RESOURCE_TEMPLATE and isinstance(container.get("action"), str):
        return f"kubectl {container['action']} {ENDS.sub(' ', str(container))}"
    words = [str(word) for name in ("command", "args") for word in list_or_empty(container.get(name))]
    for hook in ("postStart", "preStop"):
        words += map(str, list_or_empty(nested_value(container, "lifecycle", hook, "exec", "command")))
    words += [str(container[name]) for name in ("script", "source") if isinstance(container.get(name), str)]
    entry = ["kubectl"] if not container.get("command") and "kubectl" in str(container.get("image")) else []
    return " ".join([*entry, *words])
