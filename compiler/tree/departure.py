"""A release that left an environment, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Departure:
    """What a release held when a commit removed it. `cascade`: Argo CD deletes its objects with its Application;
    otherwise they stay in the cluster, and nobody writes them any more.
    """

    name: str
    commit: str
    files: Mapping[str, bytes]
    cascade: bool
