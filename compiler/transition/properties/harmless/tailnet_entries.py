"""Annotations of Tailscale's operator on Services of which no tailnet has an entry, or keeps the one that it has.

Source: tailscale, cmd/k8s-operator/svc.go (`shouldExpose`, `isTailscaleLoadBalancerService`, `maybeProvision`: the
proxy belongs to the Service, whichever of the two asks for it) and svc-for-pg.go (`tailscale.com/proxy-group`).
"""

from __future__ import annotations

from compiler.model.manifest import Object
from compiler.model.objects import Key, annotations_of, mapping_or_empty, nested_value
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.sync.change import Change

PREFIX = "tailscale.com/"
FIELDS = tuple(f"metadata.{part}.{PREFIX}" for part in ("annotations", "labels"))
EXPOSED = f"{PREFIX}expose"
OF_OTHER_CONTROLLERS = frozenset(
    f"{PREFIX}{name}" for name in ("proxy-group", "tailnet-fqdn", "tailnet-ip", "ts-tailnet-target-ip")
)
"""What makes a Service lead into the tailnet, or proxies that several Services share."""


def keeps_its_entry_of_the_tailnet(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether nobody of a tailnet could reach the Service so far, or all of it that its proxy reads stays."""
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    if key[:2] != ("", "Service") or old is None or new is None or not difference.field.startswith(FIELDS):
        return False
    if any(OF_OTHER_CONTROLLERS & set(annotations_of(each)) for each in (old, new)):
        return False
    if not _may_be_exposed(old):
        return True
    return _is_exposed(old) and _is_exposed(new) and _read_by_its_proxy(old) == _read_by_its_proxy(new)


def _may_be_exposed(service: Object) -> bool:
    """Whether the operator may expose the Service: without a class, it does if told to be the default."""
    balanced = nested_value(service, "spec", "type") == "LoadBalancer"
    return annotations_of(service).get(EXPOSED) == "true" or (
        balanced and nested_value(service, "spec", "loadBalancerClass") in (None, "", "tailscale")
    )


def _is_exposed(service: Object) -> bool:
    kind = nested_value(service, "spec", "type")
    if nested_value(service, "spec", "clusterIP") == "None" or kind == "ExternalName":
        return False
    balanced = kind == "LoadBalancer" and nested_value(service, "spec", "loadBalancerClass") == "tailscale"
    return balanced or annotations_of(service).get(EXPOSED) == "true"


def _read_by_its_proxy(service: Object) -> list[dict[str, object]]:
    """The annotations and labels of Tailscale, but for the one that only says that the Service is exposed."""
    return [
        {name: value for name, value in part.items() if str(name).startswith(PREFIX) and name != EXPOSED}
        for part in (annotations_of(service), mapping_or_empty(nested_value(service, "metadata", "labels")))
    ]
