"""What must exist before the first publish: objects that releases name and nobody writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from compiler.adopt.adopted_release import AdoptedRelease
from compiler.adopt.read import GIVEN
from compiler.adopt.receipt import Need
from compiler.adopt.running import Beside
from compiler.validate.external_references import external_objects_of


def needs_of(releases: Sequence[AdoptedRelease], beside: Iterable[Beside]) -> tuple[Need, ...]:
    """Each object that a release names and none writes: what the source has of it, and what nobody has shown."""
    where = {(each.source.kind, each.source.name): each.where for each in beside}
    needs = []
    for release in releases:
        written = {(manifest.kind, manifest.name) for manifest in release.compiled.manifests}
        withheld = {("Secret", release.secret)} if release.withheld else set()
        for kind, name in sorted(external_objects_of(release.compiled) - written - GIVEN - withheld):
            if where.get((kind, name)) == "extras":
                continue  # another release publishes it
            known = (
                "the source has it, and it stays as it is" if (kind, name) in where else "the source does not have it"
            )
            needs.append(Need(f"{kind}/{name}", release.name, known))
        names = release.group.source.spec.get("serviceName")
        doors = {door.name for door in release.group.doors}
        if names and names not in doors and release.group.source.kind == "StatefulSet":
            reason = "its pods take their names from it, and the source does not have it"
            needs.append(Need(f"Service/{names}", release.name, reason))
        if release.withheld:
            keys = ", ".join(release.withheld)
            reason = (
                f"the source holds the values of {keys} in plain text: put them into this Secret, and replace them soon"
            )
            needs.append(Need(f"Secret/{release.secret}", release.name, reason))
    return tuple(dict.fromkeys(needs))
