"""The peak of each course, while all other releases rest, against the environment's quota."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.assemble.container import resources_of
from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.claims import ReleaseClaims
from compiler.model.compiled import CompiledRelease
from compiler.model.cost import ZERO_COST, Cost, largest_cost, pod_cost
from compiler.model.quantity import formatted_quantity, parse_quantity
from compiler.spec.container import Resources
from compiler.spec.pods import Quota
from compiler.spec.release import Release


def check_costs(
    quota: Quota | None, releases: Sequence[CompiledRelease], claims: Sequence[ReleaseClaims]
) -> Iterator[Diagnostic]:
    """A finding for each release or group whose course does not fit into the quota while all others rest."""
    if quota is None:
        return
    rest = [each.at_rest or ZERO_COST for each in claims]
    peak = [each.at_peak or ZERO_COST for each in claims]
    total = sum(rest, ZERO_COST)
    for members in moving_together(releases):
        others = total - sum((rest[number] for number in members), ZERO_COST)
        for problem in check_quota(quota, others, sum((peak[number] for number in members), ZERO_COST)):
            yield releases[members[0]].document.diagnose(problem)


def moving_together(releases: Sequence[CompiledRelease]) -> list[list[int]]:
    """The releases that move alone, and the members of each group, by their numbers."""
    units: dict[tuple[str, str], list[int]] = {}
    for number, release in enumerate(releases):
        membership = release.membership
        unit = ("release", release.name) if membership is None else ("group", membership.group)
        units.setdefault(unit, []).append(number)
    return list(units.values())


def cost_at_rest(release: CompiledRelease) -> Cost:
    """What the release takes as it stands."""
    return largest_pod(release) * sum(workload.replicas for workload in release.topology.workloads)


def cost_at_peak(release: CompiledRelease) -> Cost:
    """The most that a course of the release takes at once, its smoke test included."""
    return largest_pod(release) * release.strategy.peak(release.subject) + smoke_cost(release.subject.release)


def largest_pod(release: CompiledRelease) -> Cost:
    versions = release.strategy.tracks(release.subject).values()
    return cost_of_pod(release.subject.release, [version.resources for version in versions])


def check_quota(quota: Quota, others: Cost, own: Cost) -> list[Problem]:
    """A course at its peak, while all the others rest, must fit: a full quota stalls a rollout."""
    total = others + own
    problems = []
    for name, limit in quota.limits.items():
        if total.use_of(name) > parse_quantity(limit):
            problems.append(
                Problem(
                    "quota-exceeded",
                    f"a course needs {formatted_quantity(total.use_of(name), name)} {name} at its peak, "
                    f"and the quota is {limit}",
                    ("spec", "strategy"),
                    f"this course alone takes {own}: raise the environment's quota, or ask for less",
                    on_key=True,
                )
            )
    return problems


def cost_of_pod(release: Release, versions: Sequence[Resources | None] = ()) -> Cost:
    """One pod, by the largest requests among the container's and its versions' own."""
    pods = release.spec.pods
    own = [resources_of(release.spec.container.resources, version) for version in (None, *versions)]
    return largest_cost(pod_cost([each, *pods.sidecars], pods.init_containers) for each in own)


def smoke_cost(release: Release) -> Cost:
    """The pod of the smoke test, which runs while both tracks do: without room for it the gate never opens."""
    test = release.spec.smoke_test
    return ZERO_COST if test is None else pod_cost([resources_of(test.resources, None)], ())
