"""The Kubernetes version of the cluster, where nobody gave it: one that serves what the cluster holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from compiler.model.manifest import Object
from compiler.transition.facts.api_versions import NEWEST, assumed_version
from compiler.transition.sync.options import SyncOptions


def with_assumed_version(commits: Sequence[Sequence[Object]], options: SyncOptions) -> SyncOptions:
    """The options with the newest version that serves every commit but the last: these were applied."""
    if not options.kubernetes_assumed:
        return options
    version = assumed_version(obj for objects in commits[:-1] for obj in objects)
    return options if version == NEWEST else replace(options, kubernetes=version)
