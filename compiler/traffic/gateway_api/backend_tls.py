"""Ports that come under a standing BackendTLSPolicy, or leave it: the gateway then speaks otherwise to their pods.

Source: Gateway API, apis/v1/backendtlspolicy_types.go (`targetRefs`: a Service, with `sectionName` the name of its
port).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, is_service, mapping_items, nested_value
from compiler.model.request import BackendRef
from compiler.traffic.gateway_api.routes import GROUP, HttpRoute
from compiler.traffic.reader import ConvergedObjects, GateChange

POLICY = (GROUP, "BackendTLSPolicy")
Encrypted = frozenset[tuple[Key, str]]
"""The Services of which a policy speaks, each with the name of a port (empty: all of them)."""


class EncryptedSide(NamedTuple):
    """The objects of one commit, and with which Services the gateway speaks TLS there."""

    objects: Mapping[Key, Object]
    encrypted: Encrypted

    def speaks_tls(self, service: Key, port: int | str) -> bool:
        """Whether a policy speaks of the Service's port."""
        names = {(service, ""), (service, _port_names(self.objects, service).get(port))}
        return not names.isdisjoint(self.encrypted)


def backend_tls_changes(
    written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects
) -> Iterator[GateChange]:
    """The Services and routes whose writes change with which of their pods the gateway speaks TLS."""
    old, new = (EncryptedSide(side.objects, _encrypted(side)) for side in (before, after))
    for key in written if old.encrypted or new.encrypted else ():
        first, last = before.routes.get(key), after.routes.get(key)
        if is_service(key) and key in before.objects and key in after.objects:
            yield from _ports_spoken_to_otherwise(key, old, new)
        elif isinstance(first, HttpRoute) and isinstance(last, HttpRoute):
            yield from _backends_spoken_to_otherwise(first, last, old, new)


def _ports_spoken_to_otherwise(service: Key, old: EncryptedSide, new: EncryptedSide) -> Iterator[GateChange]:
    ports = _port_names(old.objects, service).keys() & _port_names(new.objects, service).keys()
    changed = [port for port in ports if old.speaks_tls(service, port) != new.speaks_tls(service, port)]
    if changed:
        yield _unknown_speech((service,), f"port {min(map(str, changed))} of {service}")


def _backends_spoken_to_otherwise(
    first: HttpRoute, last: HttpRoute, old: EncryptedSide, new: EncryptedSide
) -> Iterator[GateChange]:
    known, backends = _backends_of(first), _backends_of(last)
    ways = {old.speaks_tls(ref.service, ref.port) for ref in known}
    others = [ref for ref in backends if ref not in known and {new.speaks_tls(ref.service, ref.port)} != ways]
    if others:
        yield _unknown_speech((last.key, others[0].service), f"{others[0].service}, to which {last.key} leads,")


def _unknown_speech(keys: tuple[Key, ...], what: str) -> GateChange:
    return GateChange(
        "field-unproven",
        f"{what} comes under a BackendTLSPolicy or has none, unlike before. Not judged: whether its pods speak TLS as "
        "the gateway then expects",
        keys,
        "let a BackendTLSPolicy speak of the old and the new backends alike",
        "warning",
    )


def _encrypted(side: ConvergedObjects) -> Encrypted:
    return frozenset(
        (Key("", "Service", key.namespace, str(ref.get("name"))), str(ref.get("sectionName") or ""))
        for key in side.of_kind(POLICY[1])
        if key[:2] == POLICY
        for ref in mapping_items(nested_value(side.objects[key], "spec", "targetRefs"))
    )


def _port_names(objects: Mapping[Key, Object], service: Key) -> dict[int | str, str]:
    ports = mapping_items(nested_value(objects.get(service, {}), "spec", "ports"))
    return {port["port"]: str(port.get("name") or "") for port in ports if isinstance(port.get("port"), int)}


def _backends_of(route: HttpRoute) -> list[BackendRef]:
    return [ref._replace(weight=1) for rule in route.rules for ref in rule.answer.backends]
