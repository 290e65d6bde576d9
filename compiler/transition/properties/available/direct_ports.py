"""available, for pods behind a headless Service: clients connect to the pods themselves, at the port that they name.

Source: Kubernetes, docs/concepts/services-networking/service.md, "Headless Services" (the name resolves to the pods;
kube-proxy does not handle the Service, so `targetPort` leads nobody elsewhere), and docs/concepts/workloads/
controllers/statefulset.md, "Stable Network ID" (each pod has a name below the Service's).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from compiler.model.objects import Key
from compiler.transition.facts.pods import Template
from compiler.transition.properties.contract.call_graph import CallGraph
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import is_service_host
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import END

PROPERTY = "available"
LostPorts = Mapping[int, Key]
"""Ports on which old pods behind a Service listen and new ones do not, each with its workload."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The ports of pods that callers name and that new pods do not have."""
    lost = {service: ports for service in judged.change.live.services if (ports := _ports_given_up(judged, service))}
    graph = CallGraph(judged.router)
    for caller, templates in judged.router.index.templates.items() if lost else ():
        if judged.change.snapshot_of(caller, END) is not None:
            calls = {call: None for template in templates for call in _called_ports(graph, caller, template, lost)}
            for service, port in calls:
                yield _refused_call(judged, caller, service, port, lost[service][port])


def _ports_given_up(judged: JudgedChange, service: Key) -> LostPorts:
    before, after = judged.change.live.services[service], judged.change.target.services.get(service)
    if after is None or not (before.headless and after.headless):
        return {}
    live, target, lost = judged.change.live.workloads, judged.change.target.workloads, dict[int, Key]()
    old = {key: live[key].template for key in judged.router.selected(before) if key in live}
    known = {key: template.ports for key, template in old.items() if before.takes(template)}
    for key in judged.router.selected(after) if known else ():
        new = target[key].template if key in target else None
        if new is not None and after.takes(new) and new is not old.get(key):
            ports = known.get(key) or frozenset().union(*known.values())
            lost |= {port.number: key for port in ports if not new.listens(port)}
    return lost


def _called_ports(
    graph: CallGraph, caller: Key, template: Template, lost: Mapping[Key, LostPorts]
) -> Iterator[tuple[Key, int]]:
    for call in graph.template_calls(caller, template):
        if call.port in lost.get(call.service, {}):
            yield call.service, call.port
    for host, port in template.calls:
        for service, ports in lost.items():
            if port in ports and is_service_host(host.partition(".")[2], service):
                yield service, port


def _refused_call(judged: JudgedChange, caller: Key, service: Key, port: int, workload: Key) -> PropertyBreach:
    return PropertyBreach(
        "port-refused",
        PROPERTY,
        f"pods of {caller} call port {port} of the pods behind the headless {service}, on which new pods of {workload} "
        "do not listen",
        (caller, service, workload),
        "let the pods listen on both ports until no caller names the old one",
        cut=judged.change.moment(workload),
    )
