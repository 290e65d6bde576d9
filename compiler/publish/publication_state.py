"""Where a unit stands on its branch: what `course/` asks of Git."""

from __future__ import annotations

from compiler.course.unit_status import PublicationState
from compiler.model.unit import Unit
from compiler.plan.states import readable_objects, unit_files
from compiler.publish.published_environment import PublishedEnvironment, is_published
from compiler.tree.render import BuiltEnvironment
from compiler.tree.trailers import DECISION


def publication_state(unit: Unit, built: BuiltEnvironment, published: PublishedEnvironment) -> PublicationState:
    last = published.last_of(unit)
    folders = tuple(f"{member.name}/" for member in unit.members)
    by_hand = [each.message for each in published.by_hand if any(f"`{folder}" in each.message for folder in folders)]
    if last is None:
        return PublicationState(by_hand=tuple(by_hand))
    same = is_published(unit, built, published)
    # what somebody edited by hand may be anything
    files = {} if same or by_hand else unit_files(published.manifests, unit.folders)
    return PublicationState(
        commit=last.commit,
        time=last.time,
        same=same,
        confirmed=published.is_confirmed(last),
        by_hand=tuple(by_hand),
        decision=next((value for key, value in last.facts.extra if key == DECISION), ""),
        objects=tuple(readable_objects(files)),
    )
