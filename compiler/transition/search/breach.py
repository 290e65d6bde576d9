"""A property that does not hold: what the properties hand to the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from compiler.diagnostics.model import Severity
from compiler.model.objects import Key
from compiler.model.request import Request
from compiler.transition.facts.workload import PodState
from compiler.transition.sync.change import Cut
from compiler.transition.sync.replicas import Load


@dataclass(frozen=True, slots=True)
class PropertyBreach:
    """What a finding says, with the point of the sync and the states of pods that show it."""

    code: str
    property: str
    message: str
    objects: tuple[Key, ...]
    help: str
    severity: Severity = "error"
    cut: Cut | None = None
    request: Request | None = None
    pod_states: Mapping[Key, PodState] = field(default_factory=dict)
    load: Load = "low"
    fields: tuple[str, ...] = ()
    """as `Finding.fields`"""


def request_class_too_large(request: Request) -> PropertyBreach:
    """The finding on a class whose writes of one group are too many to take in every order."""
    return PropertyBreach(
        "too-large", "available",
        f"too many objects that affect {request} are written at once: Shipway cannot explore every order",
        (), "spread them over several commits or waves", "warning",
    )  # fmt: skip
