"""available: ports of one number that a client-side apply takes for one.

Source: Kubernetes, staging/src/k8s.io/api/core/v1/types.go (`ServiceSpec.Ports`: patchMergeKey port; `Container.Ports`:
patchMergeKey containerPort); apimachinery pkg/util/strategicpatch/patch.go (`mergeSliceWithoutSpecialElements` merges
into the first of equal key, `deleteMatchingEntries` deletes all of it); issues 39188, 62366 and 105610.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    integer_or_default,
    is_service,
    mapping_items,
    nested_value,
)
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.order import SyncOperation

PROPERTY = "available"
POD_FIELDS = ("spec", "template", "spec")
MERGED_GROUPS = frozenset({"", "apps"})
"""Custom resources have no merge keys: a patch replaces their lists (kubectl, `jsonmergepatch`)."""
HELP = "set ServerSideApply=true (argocd.argoproj.io/sync-options)"
Ports = Sequence[Mapping[str, Any]]


def port_losses(change: Change, key: Key, op: SyncOperation, cut: Cut) -> Iterator[PropertyBreach]:
    """The ports that go with another one of their number when the object is written."""
    if op.action != "apply" or key not in change.live.objects:
        return
    old, new = change.live.objects[key], change.target.objects[key]
    if change.options.of_write(new) & {"ServerSideApply=true", "Replace=true"}:
        return
    if is_service(key):
        yield from _service_losses(key, old, new, cut)
    elif key in change.target.workloads and key.group in MERGED_GROUPS:
        yield from _container_losses(change, key, cut)


def _service_losses(key: Key, old: Object, new: Object, cut: Cut) -> Iterator[PropertyBreach]:
    before, after = (tuple(mapping_items(nested_value(obj, "spec", "ports"))) for obj in (old, new))
    merged = _merged(before, after, "port")
    if merged is not None:
        number, words = merged
        for name in (PROPERTY, "accepted"):
            yield PropertyBreach("ports-merged", name, f"{key} {words.format(number)}", (key,), HELP, cut=cut)


def _container_losses(change: Change, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    before = _containers_by_name(change.live.objects[key])
    for name, container in _containers_by_name(change.target.objects[key]).items():
        old, new = (tuple(mapping_items(each.get("ports"))) for each in (before.get(name, {}), container))
        merged = _merged(old, new, "containerPort") if name in before else None
        names = _ports_services_name(change, key) if merged else {}
        lost = next((each for each in _lost_names(new, merged[0]) if each in names), "") if merged else ""
        if merged and lost:
            words = merged[1].format(merged[0])
            text = f"container {name} of {key} {words}: {names[lost]} finds no port {lost}"
            yield PropertyBreach("ports-merged", PROPERTY, text, (key, names[lost]), HELP, cut=cut)


def _ports_services_name(change: Change, key: Key) -> dict[str, Key]:
    """The ports of the workload's pods that Services find by name, each with one of these."""
    template = change.target.workloads[key].template
    return {
        target: service.key
        for service in change.target.services.values()
        if service.key.namespace == key.namespace and service.takes(template)
        for target in service.ports.values()
        if isinstance(target, str)
    }


def _containers_by_name(obj: Object) -> dict[str, Mapping[str, Any]]:
    spec = nested_value(obj, *POD_FIELDS)
    fields = ("containers", "initContainers")
    return {str(each.get("name")): each for field in fields for each in mapping_items(nested_value(spec, field))}


def _merged(old: Ports, new: Ports, field: str) -> tuple[int, str] | None:
    """A number whose ports the patch takes for one, and what comes of it, in words; None: it takes each for itself."""
    if old == new:
        return None
    before, after = (Counter(integer_or_default(port.get(field), 0) for port in ports) for ports in (old, new))
    for number, count in after.items():
        if count > 1:
            return number, "has port {} twice, for two protocols, and a client-side apply keeps only one of them"
        if before[number] > 1:
            return number, "had port {} twice, for two protocols, and a client-side apply that removes one removes both"
    return None


def _lost_names(new: Ports, number: int) -> list[str]:
    """The names of ports that are gone afterwards: of several that are merged the last one stays."""
    named = [str(port.get("name")) for port in new if integer_or_default(port.get("containerPort"), 0) == number]
    return named[:-1] if len(named) > 1 else named
