"""What nobody has proven: a port that the proxies of a mesh no longer take for HTTP, under rules about HTTP requests.

Source: Istio, pilot/pkg/security/authz/builder (on a TCP port a rule with paths, methods or headers is left out of an
ALLOW policy, which then admits nobody) and docs/ops/configuration/traffic-management/protocol-selection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, is_service, list_or_empty, mapping_items, nested_value
from compiler.transition.facts.port_protocols import OTHER_PROTOCOLS, named_protocol
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"
SECURITY = "security.istio.io"
ROOT_NAMESPACE = "istio-system"
READERS = frozenset(
    {(SECURITY, "AuthorizationPolicy"), (SECURITY, "RequestAuthentication"), ("networking.istio.io", "VirtualService")}
)


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The objects of Istio that stay, and read requests of a port that becomes HTTP, or is it no longer."""
    change = judged.change
    services = {
        key: number
        for key in change.ops
        if is_service(key) and key in change.live.objects and key in change.target.objects
        if (number := _taken_otherwise(change.live.objects[key], change.target.objects[key])) is not None
    }
    readers = [key for key in judged.standing if key[:2] in READERS] if services else []
    for service, number in services.items():
        reader = next((key for key in readers if _reads(key, judged.standing[key], service)), None)
        if reader is not None:
            yield PropertyBreach(
                "unknown-kind",
                PROPERTY,
                f"port {number} of {service} is called otherwise: Istio reads from there whether it is HTTP. Not "
                f"judged: which requests {reader} takes from now on",
                (service, reader),
                "keep the name, or set appProtocol too",
                "warning",
                change.moment(service),
            )


def _taken_otherwise(old: Object, new: Object) -> int | None:
    """The number of the first port that stays, and is HTTP, or may turn out to be, on one side only."""
    before = {str(port.get("port")): _may_be_http(port) for port in mapping_items(nested_value(old, "spec", "ports"))}
    after = mapping_items(nested_value(new, "spec", "ports"))
    return next((port["port"] for port in after if before.get(str(port.get("port"))) is (not _may_be_http(port))), None)


def _may_be_http(port: Mapping[str, Any]) -> bool:
    return named_protocol(port) not in OTHER_PROTOCOLS


def _reads(reader: Key, obj: Object, service: Key) -> bool:
    if reader.kind == "VirtualService":
        hosts = (str(host).partition(".")[0] for host in list_or_empty(nested_value(obj, "spec", "hosts")))
        return service.name in hosts
    return reader.namespace in (service.namespace, ROOT_NAMESPACE)
