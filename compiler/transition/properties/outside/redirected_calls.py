"""Pods that are told to call somebody else: a Service at a port that it has not, or a name that is in no folder.

A probe does not ask whom a pod calls, so pods with a slip in such a setting become ready and replace the old ones.
Calls that only come are no requests that were served before; a name outside the cluster is a deliberate move.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.facts.pods import Template
from compiler.transition.properties.contract.call_graph import CallGraph, ServiceCall
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import is_service_host
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"
OWN_HOST = "localhost"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads whose new template calls a Service no more that the old one called, and whom it calls instead."""
    change, graph = judged.change, CallGraph(judged.router)
    for key, workload in change.target.workloads.items():
        before = change.live.workloads.get(key)
        if before is not None and before.template is not workload.template:
            yield from _redirections(judged, graph, key, before.template, workload.template)


def _redirections(
    judged: JudgedChange, graph: CallGraph, caller: Key, old: Template, new: Template
) -> Iterator[PropertyBreach]:
    before, after = graph.template_calls(caller, old), graph.template_calls(caller, new)
    left = [call for call in before if call not in after and _is_answered(judged, call)]
    if not left:
        return
    for call in after:
        if call not in before and call.service in {each.service for each in left} and _lacks_port(judged, call):
            yield PropertyBreach(
                "port-missing",
                PROPERTY,
                f"new pods of {caller} call port {call.port} of {call.service}, which does not have it",
                (caller, call.service),
                "add the port to the Service first, or call one that it has",
                cut=judged.change.moment(caller),
            )
    known = {host for host, _ in graph.template_addresses(caller, old)}
    hosts = sorted({host for host, _ in graph.template_addresses(caller, new)} - known)
    unknown = next((host for host in hosts if _is_of_no_folder(judged, caller, host)), None)
    if unknown is not None and not {call.service for call in left} <= {call.service for call in after}:
        yield PropertyBreach(
            "pods-outside",
            PROPERTY,
            f"new pods of {caller} call {unknown}, which is in no folder, and {left[0].service} no more. Not judged: "
            "whether anybody answers there",
            (caller, left[0].service),
            f"correct the name; use --outside {_service_of_host(caller, unknown)} if the Service exists in the cluster",
            "warning",
            judged.change.moment(caller),
        )


def _is_answered(judged: JudgedChange, call: ServiceCall) -> bool:
    facts = judged.change.live.services.get(call.service)
    return facts is not None and (not call.port or call.port in facts.ports)


def _lacks_port(judged: JudgedChange, call: ServiceCall) -> bool:
    facts = judged.change.target.services.get(call.service)
    resolved = facts is not None and not facts.headless and not facts.external
    return facts is not None and resolved and bool(call.port) and call.port not in facts.ports


def _is_of_no_folder(judged: JudgedChange, caller: Key, host: str) -> bool:
    """Whether a host can only be that of a Service, and no object of the folders is, or makes, one of this name."""
    service = _service_of_host(caller, host)
    if service is None or host == OWN_HOST or str(service) in judged.change.options.outside:
        return False
    if any(key.namespace in (service.namespace, "") for key in judged.router.index.services_named(service.name)):
        return False
    governing, rest = host.split(".")[1:2], host.partition(".")[2]
    if any(is_service_host(rest, key) for part in governing for key in judged.router.index.services_named(part)):
        return False
    return not any(
        key.namespace == service.namespace and "." in key.group and service.name.startswith(key.name)
        for key in judged.change.target.objects
    )


def _service_of_host(caller: Key, host: str) -> Key | None:
    """The Service that a host of the cluster's own names would be; None for those of the world."""
    name, _, rest = host.partition(".")
    parts = rest.split(".") if rest else []
    if not parts or parts[0] == caller.namespace:
        return Key("", "Service", caller.namespace, name)
    return Key("", "Service", parts[0], name) if parts[1:2] == ["svc"] else None
