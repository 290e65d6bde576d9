"""Which versions of a release are published now."""

from __future__ import annotations

from compiler.cli.spec_edit import OpenSpecs
from compiler.git.clone import open_clone
from compiler.git.destination import target_of
from compiler.model.unit import Unit
from compiler.plan.states import readable_objects, unit_files
from compiler.plan.tracks import tracks_of
from compiler.tree.published_tree import manifests_by_folder


def published_versions(specs: OpenSpecs, unit: Unit) -> frozenset[str]:
    """The versions that the tracks hold at the head of the branch. Raises Rejected where it cannot be reached."""
    target = target_of(specs.root, specs.environment.model)
    if target is None:
        return frozenset()
    with open_clone(target) as clone:
        tree = clone.at(clone.fetch_head())
    objects = readable_objects(unit_files(manifests_by_folder(tree.files), unit.folders))
    return frozenset(track.version for member in unit.members for track in tracks_of(objects, member.name))
