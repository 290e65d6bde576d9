"""What the pilot did in the course that is open, from the publishes themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from compiler.git.clone import Clone
from compiler.git.history import Publish, published_history
from compiler.model.plan import PilotMove
from compiler.model.unit import Unit
from compiler.tree.render import BuiltEnvironment
from compiler.tree.trailers import DECISION, evidence_lines

MOST_MOVES: Final = 20


def pilot_moves(clone: Clone, built: BuiltEnvironment) -> Mapping[str, tuple[PilotMove, ...]]:
    """By release or group, the newest first; nothing where no pilot may move the environment. May raise `GitError`."""
    if built.compiled.documents.environment.model.spec.policy.pilot == "off":
        return {}
    publishes = published_history(clone).publishes
    return {unit.name: tuple(islice(moves_of_course(unit, publishes), MOST_MOVES)) for unit in built.units}


def moves_of_course(unit: Unit, publishes: Sequence[Publish]) -> Iterator[PilotMove]:
    """The pilot's moves since a course of the unit ended. An abort is shown until a person does what comes after it."""
    ours = [each for each in publishes if set(unit.folders) & set(each.facts.releases)]
    for index, publish in enumerate(ours):
        decision = next((value for key, value in publish.facts.extra if key == DECISION), "")
        verb, _, rest = decision.partition(" ")
        mine = rest.startswith(f"{unit.shown}:")
        if mine and (verb == "finish" or (verb == "abort" and index)):
            return
        if mine:
            yield PilotMove(publish.commit, publish.time, evidence_lines(publish.facts.extra))
