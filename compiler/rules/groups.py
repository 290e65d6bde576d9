"""Groups: which releases move as one, and what each member must keep to for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.compiled import ReadRelease
from compiler.model.course import Membership, Subject
from compiler.source.document import Files
from compiler.spec.documents import Documents, GroupDocument, ReleaseDocument
from compiler.strategies import STRATEGIES, blue_green
from compiler.support.suggest import did_you_mean


def memberships(documents: Documents) -> dict[str, Membership]:
    """Each member's place in its group, by the member's name. The groups must have passed `check_groups`."""
    releases = {release.name: release for release in documents.releases}
    members = {}
    for group in documents.groups:
        spec = group.model.spec
        ports = {name: releases[name].model.spec.expose.service.routed_port for name in spec.members}
        for name in spec.members:
            callees = tuple(other for other in spec.members if other != name)
            members[name] = Membership(group.name, spec.active, name == spec.entry, callees, group.document, ports)
    return members


def releases_as_read(documents: Documents, data: Mapping[str, Files]) -> tuple[ReadRelease, ...]:
    """Each release with its strategy and its place in a group. The groups must have passed `check_groups`."""
    members = memberships(documents)
    return tuple(
        read_with_strategy(documents, each, members.get(each.name), data[each.document.file])
        for each in documents.releases
    )


def read_with_strategy(
    documents: Documents, source: ReleaseDocument, membership: Membership | None, files: Files
) -> ReadRelease:
    """One release with its strategy and its place in a group."""
    subject = Subject(source.model, source.strategy.model, membership)
    return ReadRelease(documents.environment, source, subject, STRATEGIES[source.strategy.name], files)


def check_groups(documents: Documents) -> Iterator[Diagnostic]:
    """What keeps a group from switching as one."""
    releases = {release.name: release for release in documents.releases}
    taken: dict[str, str] = {}
    for group in documents.groups:
        for problem in group_problems(group, releases, taken):
            yield group.document.diagnose(problem)
        for name in group.model.spec.members:
            if name in releases:
                member = releases[name]
                for problem in member_problems(group, member):
                    yield member.document.diagnose(problem)


def group_problems(group: GroupDocument, releases: dict[str, ReleaseDocument], taken: dict[str, str]) -> list[Problem]:
    spec = group.model.spec
    problems = []
    if spec.entry not in spec.members:
        text = f"add {spec.entry} to `members`, or name one of {', '.join(spec.members)}"
        problems.append(
            Problem("group-entry", (f"the entry `{spec.entry}` is not a member of the group"), ("spec", "entry"), text)
        )
    for index, name in enumerate(spec.members):
        where = ("spec", "members", index)
        if name not in releases:
            guess = did_you_mean(name, sorted(releases))
            text = f"did you mean `{guess}`?" if guess else f"the releases here are: {', '.join(sorted(releases))}"
            problems.append(Problem("group-member-unknown", f"the release `{name}` does not exist", where, text))
        elif name in spec.members[:index]:
            problems.append(
                Problem("group-member-taken", f"{name} is listed twice in `members`", where, "remove one of the two")
            )
        elif name in taken:
            problems.append(
                Problem(
                    "group-member-taken",
                    f"{name} is also in the group {taken[name]}",
                    where,
                    "remove it from one of the two groups",
                )
            )
        taken.setdefault(name, group.name)
    return problems


def member_problems(group: GroupDocument, member: ReleaseDocument) -> list[Problem]:
    spec = group.model.spec
    if member.strategy.name != blue_green.NAME:
        return [
            Problem(
                "group-needs-blue-green",
                f"{member.name} is in the group {group.name}, and every member of a group must use blueGreen",
                member.strategy.path,
                "use `blueGreen` (without `active`, which belongs to the group)",
                on_key=True,
            )
        ]
    expose = member.model.spec.expose
    public = {
        "host": expose.host is not None,
        "hosts": bool(expose.hosts),
        "grpc": expose.grpc is not None,
        "service": expose.service.type != "ClusterIP",
    }
    place = next((name for name, given in public.items() if given), None)
    if member.name != spec.entry and place is not None:
        return [
            Problem(
                "group-member-exposed",
                f"{member.name} is reachable from outside its group, and clients from outside would not move when "
                "the group switches",
                ("spec", "expose", place),
                f"reach it only through the entry {spec.entry}, or use `versioned` for it",
                on_key=True,
            )
        ]
    return []
