"""The earlier states of a unit from which Argo CD may come: nobody has confirmed that a later one was synced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.model.manifest import Object
from compiler.plan.states import no_course_open, parsed_objects, unit_files
from compiler.tree.unconfirmed import UnconfirmedHistory


@dataclass(frozen=True, slots=True)
class StartingPoints:
    """Earlier states by their commits, the newest first: those that can be read, and what was wrong with the others.

    `absent`: the oldest of them is that the unit was not there yet.
    """

    readable: tuple[tuple[str, list[Object]], ...]
    unreadable: tuple[tuple[str, Diagnostic], ...]
    absent: bool = False


def starting_points(folders: Sequence[str], head: Sequence[Object], history: UnconfirmedHistory) -> StartingPoints:
    """Earlier states of the present and of the previous course: back to the second state at rest before the head."""
    readable: list[tuple[str, list[Object]]] = []
    unreadable: list[tuple[str, Diagnostic]] = []
    rests = 0 if not no_course_open(head) else 1
    last: Mapping[str, bytes] | None = None
    absent = False
    for state in history.states:
        files = unit_files(state.manifests, folders)
        absent = not files and rests < 2
        if not files or rests >= 2:
            break
        if files == last:
            continue
        try:
            objects = parsed_objects(files)
        except Rejected as rejected:
            unreadable.append((state.commit[:12], rejected.diagnostics[0]))
            last = files
            continue
        if not objects:
            break
        if objects == list(head):
            continue
        last = files
        readable.append((state.commit[:12], objects))
        rests += no_course_open(objects)
    return StartingPoints(tuple(readable), tuple(unreadable), absent)
