"""What nobody has proven: whether pods that call others have an address that NetworkPolicies come to ask for.

As `admitted_addresses` for requests; here either end may be named by a range: that of the caller where the callee lets
it in, and that of the callee where the caller may go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compiler.model.objects import Key
from compiler.transition.facts.pods import Template
from compiler.transition.properties.contract.call_graph import CallGraph, ServiceCall
from compiler.transition.properties.contract.call_points import called_port
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.router import Router
from compiler.transition.sync.change import END, START, Cut
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The calls that policies let through by labels, and come to let through by address alone."""
    router, change = judged.router, judged.change
    if not router.policies.names:
        return
    graph = CallGraph(router)
    for key, caller in change.target.workloads.items():
        old = change.live.workloads.get(key, caller)
        for call in graph.template_calls(key, caller.template):
            ends = ((old, change.live, START), (caller, change.target, END))
            before, after = (
                _is_parted_by_name(router, key, form.template, call, side, cut) for form, side, cut in ends
            )
            if before is False and after:
                facts = change.target.services.get(call.service)
                callees = router.selected(facts) if facts else ()
                yield _unknown_address(key, call, router.moving_policies((key, *callees)))


def _is_parted_by_name(
    router: Router, key: Key, calling: Template, call: ServiceCall, side: Snapshot, cut: Cut
) -> bool | None:
    """Whether some callee is named to the caller, or the caller to it, by no label; None where nobody is called."""
    facts = side.services.get(call.service)
    port = called_port(facts, call) if facts else None
    if facts is None or port is None:
        return None
    callees = [side.workloads[each].template for each in router.selected(facts) if each in side.workloads]
    parted = router.policies.by_name.parted
    return any(parted(key, calling, facts, port, each, cut) for each in callees) if callees else None


def _unknown_address(key: Key, call: ServiceCall, policies: Iterable[Key]) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"NetworkPolicies let {key} call {call.service} by address, no longer by labels. Not judged: whether these "
        "pods have such addresses",
        (key, call.service, *policies),
        "name the pods by their labels or namespace, as before",
        "warning",
    )
