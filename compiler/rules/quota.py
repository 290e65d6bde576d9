"""The peak of each release's course, while the others rest, against the environment's quota."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from compiler.assemble.cost import cost_of, smoke_cost
from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.compiled import CompiledRelease
from compiler.model.cost import ZERO_COST, Cost
from compiler.model.quantity import formatted_quantity, parse_quantity
from compiler.spec.pods import Quota


def check_costs(quota: Quota | None, releases: Sequence[CompiledRelease]) -> Iterator[Diagnostic]:
    """A finding for each release whose course does not fit into the quota while all the others rest."""
    if quota is None:
        return
    costs = [costs_of(release) for release in releases]
    total = sum((rest for rest, _ in costs), ZERO_COST)
    for release, (rest, peak) in zip(releases, costs, strict=True):
        others = Cost(total.pods - rest.pods, total.cpu - rest.cpu, total.memory - rest.memory)
        for problem in check_quota(quota, others, peak):
            yield release.document.diagnose(problem)


def costs_of(release: CompiledRelease) -> tuple[Cost, Cost]:
    """What the release takes as it stands, and at the peak of its course."""
    model = release.subject.release
    versions = release.strategy.tracks(release.subject).values()
    pod = cost_of(model, 1, [version.resources for version in versions])
    pods = sum(workload.replicas for workload in release.topology.workloads)
    return pod * pods, pod * release.strategy.peak(release.subject) + smoke_cost(model)


def check_quota(quota: Quota, others: Cost, own: Cost) -> list[Problem]:
    """A course of one release at its peak, while all the others rest, must fit: a full quota stalls a rollout."""
    total = others + own
    limits = {"pods": quota.pods, "cpu": quota.cpu, "memory": quota.memory}
    uses = {"pods": Decimal(total.pods), "cpu": total.cpu, "memory": total.memory}
    problems = []
    for name, limit in limits.items():
        if limit is not None and uses[name] > parse_quantity(limit):
            problems.append(
                Problem(
                    "quota-exceeded",
                    f"a course needs {formatted_quantity(uses[name], name)} {name} at its peak, "
                    f"and the quota is {limit}",
                    ("spec", "strategy"),
                    f"this release alone takes {own}: raise the environment's quota, or ask for less",
                    on_key=True,
                )
            )
    return problems
