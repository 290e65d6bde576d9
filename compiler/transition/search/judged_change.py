"""A change with all that its properties are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compiler.model.manifest import Object
from compiler.model.objects import Key
from compiler.model.request import Request
from compiler.transition.facts.pods import Template
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.router import Router
from compiler.transition.sync.change import Change


@dataclass(frozen=True, slots=True, eq=False)
class JudgedChange:
    """A change, its request classes, and who answers them.

    `reference` answers between the converged states that say which requests must be served; `between` are the commits
    in the middle, each at rest: the cluster may have come to what they ask for. Passes after `last` are never reached,
    for the gates that are `stuck` before. `standing` are the objects that stay as they are and may act, unread, on what
    the change touches: most properties that ask them would look through all objects for them. `starting` are the
    workloads and jobs whose pods the sync makes anew, with the template of these.
    """

    router: Router
    reference: Router
    requests: tuple[Request, ...]
    between: tuple[Router, ...]
    last: int
    standing: Mapping[Key, Object]
    starting: Mapping[Key, Template]
    stuck: tuple[PropertyBreach, ...] = ()

    @property
    def change(self) -> Change:
        """What is written."""
        return self.router.change
