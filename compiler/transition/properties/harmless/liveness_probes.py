"""Liveness probes that differ and kill no container that serves, which other fields of the pods show.

Source: Kubernetes, pkg/kubelet/prober/worker.go `doProbe` (a container is killed once `failureThreshold` probes in a
row have failed, one each `periodSeconds`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import Key, integer_or_default, mapping_items, mapping_or_empty, nested_value
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.facts.pods import PodPort, Template
from compiler.transition.sync.change import Change

LIVENESS = ".livenessProbe"
LIVENESS_PORT = f"{LIVENESS}.httpGet.port"
LIVENESS_PERIOD = f"{LIVENESS}.periodSeconds"


def is_port_by_another_name(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a liveness probe asks the port that it asked before, which it names by its number now, or by its name.

    Source: Kubernetes, pkg/probe/util.go `ResolveContainerPort` (a name is one of the container's own ports).
    """
    old, new = (snapshot.workloads.get(key) for snapshot in (change.live, change.target))
    if not difference.field.endswith(LIVENESS_PORT) or old is None or new is None:
        return False
    before, after = _probed_port(old.template, difference.before), _probed_port(new.template, difference.after)
    return before is not None and before == after


def _probed_port(template: Template, port: Any) -> int | None:
    """The number of a port that the only container declares; None: it cannot be told."""
    containers = list(mapping_items(nested_value(template.raw, "spec", "containers")))
    number = port if isinstance(port, int) else template.named.get((str(port), "TCP"))
    return number if len(containers) == 1 and PodPort(number or 0) in template.ports else None


def is_probe_that_goes(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether no container has a liveness probe any more: none is killed for one."""
    new = change.target.workloads.get(key)
    if LIVENESS not in difference.field or new is None:
        return False
    return not any(each.get("livenessProbe") for each in _probed_containers(new.template))


def is_probe_that_waits_as_long(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether containers are probed more often, and may be silent for as long as before until they are killed."""
    old, new = (snapshot.workloads.get(key) for snapshot in (change.live, change.target))
    if not difference.field.endswith(LIVENESS_PERIOD) or old is None or new is None:
        return False
    before, after = (_silent_seconds(each.template) for each in (old, new))
    gone = [seconds for name, seconds in before.items() if name not in after]
    return all(before.get(name, max(gone, default=0)) <= seconds for name, seconds in after.items())


def _silent_seconds(template: Template) -> Mapping[str, int]:
    """By container with a liveness probe, how many seconds it may give no answer."""
    probes = {str(each.get("name")): each.get("livenessProbe") for each in _probed_containers(template)}
    return {
        name: (integer_or_default(probe.get("periodSeconds"), 10) or 10)
        * (integer_or_default(probe.get("failureThreshold"), 3) or 3)
        for name, probe in probes.items()
        if isinstance(probe, dict)
    }


def _probed_containers(template: Template) -> Iterator[Mapping[str, Any]]:
    spec = mapping_or_empty(template.raw.get("spec"))
    yield from (each for field in ("containers", "initContainers") for each in mapping_items(spec.get(field)))
