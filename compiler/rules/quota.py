"""The peak of each course, while all other releases rest, against the environment's quota.

What a CronJob runs is in no figure: it runs by the clock, whether or not a course is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from compiler.assemble.costed import costed_objects
from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.claims import ReleaseClaims
from compiler.model.compiled import CompiledRelease
from compiler.model.cost import ZERO_COST, Cost, cost_of_change, job_cost, largest_cost, template_cost
from compiler.model.quantity import formatted_quantity, parse_quantity
from compiler.spec.pods import Quota


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


class ReleaseCosts(NamedTuple):
    """What a release takes as it stands, and the most that a course of it takes at once, with the Jobs and the smoke
    test of one new version.
    """

    at_rest: Cost
    at_peak: Cost


def release_costs(release: CompiledRelease) -> ReleaseCosts:
    tracks = list(costed_objects(release))
    pod = largest_cost(template_cost(each.pods) for each in tracks)
    first_jobs = largest_cost(sum(map(job_cost, each.first_jobs), ZERO_COST) for each in tracks)
    smoke_tests = largest_cost(sum(map(job_cost, each.smoke_tests), ZERO_COST) for each in tracks)
    return ReleaseCosts(
        pod * sum(workload.replicas for workload in release.topology.workloads),
        cost_of_change(pod, release.strategy.peak(release.subject), first_jobs, smoke_tests),
    )


def check_quota(quota: Quota, others: Cost, own: Cost) -> list[Problem]:
    """A course at its peak, while all the others rest, must fit: a full quota stalls a rollout."""
    total = others + own
    problems = []
    for name, limit in quota.limits.items():
        if total.use_of(name) > parse_quantity(limit):
            problems.append(
                Problem(
                    "quota-exceeded",
                    f"the environment needs {formatted_quantity(total.use_of(name), name)} {name} at the peak of a "
                    f"course, and its quota is {limit}",
                    ("spec", "strategy"),
                    f"this course alone needs {own}: raise the environment's quota, or request less",
                    on_key=True,
                )
            )
    return problems
