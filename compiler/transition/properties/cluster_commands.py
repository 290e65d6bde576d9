"""available, for batch work that changes the cluster by a command: nobody simulates what it does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import Key, list_or_empty, mapping_items, nested_value
from compiler.transition.properties.config import BATCH_TEMPLATES
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
COMMANDS = re.compile(
    r"\b(?:kubectl|oc)\b[^|;&\n]*?\s(?:delete|scale|patch|replace|apply|set|edit|label|annotate|drain|cordon|taint"
    r"|autoscale|rollout\s+(?:undo|restart|pause|resume))\b"
    r"|\bhelm\b[^|;&\n]*?\s(?:upgrade|uninstall|delete|rollback)\b"
    r"|\bargocd\s+app\s+(?:sync|delete|set|patch|rollback|terminate-op)\b"
)


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The Jobs and CronJobs that come to run such a command."""
    change = judged.change
    if not change.live.objects:
        return
    for kind, path in BATCH_TEMPLATES.items():
        for key in change.target.of_kind(kind):
            if key in change.ops:
                yield from _new_commands(change, key, path)


def _new_commands(change: Change, key: Key, path: tuple[str, ...]) -> Iterator[PropertyBreach]:
    before = _cluster_commands(change.live, key, path)
    for command in _cluster_commands(change.target, key, path):
        if command not in before:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key} comes to run `{command}`. Not judged: what the command does to objects of the cluster",
                (key,),
                "write what it changes into the manifests instead, or review it by hand",
                "warning",
            )


def _cluster_commands(snapshot: Snapshot, key: Key, path: tuple[str, ...]) -> list[str]:
    """The commands of the batch work that change objects, as far as the verb."""
    spec = nested_value(snapshot.objects.get(key, {}), *path, "spec")
    containers = [
        each for field in ("initContainers", "containers") for each in mapping_items(nested_value(spec, field))
    ]
    return [" ".join(match[0].split()) for each in containers for match in COMMANDS.finditer(_command_line(each))]


def _command_line(container: Mapping[str, Any]) -> str:
    """What the container runs; without a command, images of kubectl run that."""
    words = [str(word) for name in ("command", "args") for word in list_or_empty(container.get(name))]
    entry = ["kubectl"] if not container.get("command") and "kubectl" in str(container.get("image")) else []
    return " ".join([*entry, *words])
