"""What nobody has proven: liveness probes that go on asking a port number which the new pods no longer declare.

Source: Kubernetes, pkg/probe/util.go `ResolveContainerPort` (a number needs no declaration) and
pkg/kubelet/prober/worker.go (a container that does not answer is restarted for ever). By convention a pod listens on
the ports that it declares; a port that nobody ever declared says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.pods import Template
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"
ACTIONS = ("httpGet", "tcpSocket", "grpc")


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads whose liveness probes ask a port that leaves their containers."""
    change = judged.change
    for key, new in change.target.workloads.items():
        old = change.live.workloads.get(key)
        if old is not None and old.template is not new.template:
            for port in sorted(_unchanged_numbers(old.template, new.template)):
                yield _silent_port(key, port)


def _unchanged_numbers(old: Template, new: Template) -> set[int]:
    """The port numbers that a probe asks before and after, and that pods declare before and no longer after."""
    lost = {port.number for port in old.ports} - {port.number for port in new.ports}
    if not lost:
        return lost
    before, after = (_asked_numbers(template) for template in (old, new))
    return {port for name, asked in after.items() for port in asked & before.get(name, set()) & lost}


def _asked_numbers(template: Template) -> Mapping[str, set[int]]:
    """By container, the port numbers of its own that its liveness probe asks."""
    containers = mapping_items(nested_value(template.raw, "spec", "containers"))
    return {str(each.get("name")): set(_numbers(each.get("livenessProbe"))) for each in containers}


def _numbers(probe: Any) -> Iterator[int]:
    for name in ACTIONS:
        action = mapping_or_empty(mapping_or_empty(probe).get(name))
        port = action.get("port")
        if isinstance(port, int) and not action.get("host"):
            yield port


def _silent_port(key: Key, port: int) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"the liveness probe of {key} still asks port {port}, which its pods declare no longer. Not judged: whether "
        "they are killed and restarted for ever, though they are ready",
        (key,),
        "let the probe name the port instead of its number, or declare the port",
        "warning",
    )
