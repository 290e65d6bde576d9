"""A running container in the spec's own words; what they cannot say is left to overrides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from compiler.adopt.patch import merge_patch_between
from compiler.assemble.security import RESTRICTED
from compiler.model.manifest import Object
from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty, nested_value

ENV_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
POD_FIELD: Final = re.compile(
    r"metadata\.(name|namespace|uid|(labels|annotations)\['[^']+'\])|"
    r"spec\.(nodeName|serviceAccountName)|status\.(host|pod)IPs?"
)
AMOUNT: Final = re.compile(r"[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?")
PASSED_ON: Final = ("command", "args", "workingDir", "imagePullPolicy", "envFrom", "volumeMounts")
PROBE_TIMES: Final = (
    "initialDelaySeconds",
    "periodSeconds",
    "timeoutSeconds",
    "failureThreshold",
    "successThreshold",
)
PROBES: Final[Mapping[str, str]] = {
    "startup": "startupProbe",
    "readiness": "readinessProbe",
    "liveness": "livenessProbe",
}
NO_PROBE_REASON: Final = "no request reaches these pods"


@dataclass(frozen=True, slots=True)
class ContainerTraits:
    """What a container's spec depends on beyond the container: its ports, and whether requests reach it."""

    ports: Mapping[str, Any] = field(default_factory=dict)
    reached: int | None = None
    """the port that the Service leads to; None: no Service does"""


def container_words(container: Object, image: str, traits: ContainerTraits) -> dict[str, Any]:
    """The container as `spec.container`; `image` is its name without tag and digest."""
    spec: dict[str, Any] = {"image": image}
    spec |= {key: container[key] for key in PASSED_ON if key in container}
    spec |= _port_words(traits)
    variables = variable_words(mapping_items(container.get("env")))
    if variables:
        spec["env"] = variables
    resources = resource_words(container.get("resources"))
    if resources:
        spec["resources"] = resources
    spec["probes"] = _probe_words(container, traits)
    spec |= _stop_words(container, traits)
    spec["securityContext"] = security_words(container.get("securityContext"), RESTRICTED)
    return spec


def security_words(wanted: Any, usual: Object) -> Object:
    """The spec's security context that gives exactly `wanted`: what the usual one has more is taken away."""
    return merge_patch_between(usual, wanted) if wanted else {}


def _port_words(traits: ContainerTraits) -> dict[str, Any]:
    """The ports in their order, and which one requests come to where it is not the first."""
    if not traits.ports:
        return {"port": "none" if traits.reached is None else traits.reached}
    numbers = [declared_number(port) for port in traits.ports.values()]
    if "http" in traits.ports and traits.reached is not None and traits.reached not in numbers:
        return {"ports": {f"port-{traits.reached}": traits.reached, **traits.ports}}
    if list(traits.ports) == ["http"] and traits.reached in (None, numbers[0]):
        return {"port": numbers[0]}
    main = {} if traits.reached in (None, numbers[0]) else {"port": traits.reached}
    return {**main, "ports": dict(traits.ports)}


def variable_words(env: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The variables by name, in their order, as far as the spec has words for their values."""
    words: dict[str, Any] = {}
    for variable in env:
        name, value = str(variable.get("name")), variable.get("value")
        if not ENV_NAME.fullmatch(name):
            continue
        if "valueFrom" in variable:
            source = _variable_source(mapping_or_empty(variable["valueFrom"]))
            if source is not None:
                words[name] = source
        else:
            words[name] = "" if value is None else str(value)
    return words


def _variable_source(source: Mapping[str, Any]) -> dict[str, Any] | None:
    """`valueFrom` in the spec's words; None where there are none."""
    for kind, word in (("secretKeyRef", "secret"), ("configMapKeyRef", "configMap")):
        if kind in source:
            ref = mapping_or_empty(source[kind])
            optional = {"optional": True} if ref.get("optional") is True else {}
            return {word: str(ref.get("name")), "key": str(ref.get("key")), **optional}
    if "resourceFieldRef" in source:
        ref = mapping_or_empty(source["resourceFieldRef"])
        more = {"container": ref.get("containerName"), "divisor": ref.get("divisor")}
        return {"resource": ref.get("resource"), **{key: value for key, value in more.items() if value is not None}}
    path = str(nested_value(dict(source), "fieldRef", "fieldPath"))
    return {"field": path} if POD_FIELD.fullmatch(path) else None


def resource_words(resources: Any) -> dict[str, Any]:
    words = {}
    for part in ("requests", "limits"):
        quantities = {
            name: _amount_text(value) for name, value in mapping_or_empty(nested_value(resources, part)).items()
        }
        if quantities:
            words[part] = {name: text for name, text in quantities.items() if AMOUNT.fullmatch(text)}
    return words


def _amount_text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _probe_words(container: Object, traits: ContainerTraits) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for name, field_name in PROBES.items():
        probe = container.get(field_name)
        if isinstance(probe, dict):
            words_of_probe = _probe(probe)
            if words_of_probe is not None:
                words[name] = words_of_probe
    if "readiness" not in words and "readinessProbe" not in container:
        # a Service's requests go to the pod as soon as it is ready: its port has to listen then
        words["readiness"] = (
            {"off": NO_PROBE_REASON} if traits.reached is None else {"tcp": True, "port": traits.reached}
        )
    return words


def _probe(probe: Mapping[str, Any]) -> dict[str, Any] | None:
    """A probe in the spec's words; None where there are none."""
    words: dict[str, Any] = {}
    if "httpGet" in probe:
        asked = mapping_or_empty(probe["httpGet"])
        words |= {"path": asked.get("path", "/"), "port": asked.get("port")}
        if asked.get("scheme", "HTTP") != "HTTP":
            words["scheme"] = asked["scheme"]
        headers = {str(each.get("name")): str(each.get("value")) for each in mapping_items(asked.get("httpHeaders"))}
        words |= {"headers": headers} if headers else {}
    elif "tcpSocket" in probe:
        words |= {"tcp": True, "port": mapping_or_empty(probe["tcpSocket"]).get("port")}
    elif "grpc" in probe:
        words |= {"grpc": True, "port": mapping_or_empty(probe["grpc"]).get("port")}
    elif "exec" in probe:
        words["command"] = list(list_or_empty(mapping_or_empty(probe["exec"]).get("command")))
    if words.get("port", 0) is None or not words:
        return None
    # a time that nobody wrote is the server's, and not the one of a preset
    times = {key: probe[key] for key in PROBE_TIMES if key in probe}
    return {**words, "periodSeconds": 10, **times}


def _probed_ports(container: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The port that a probe asks, where it names it by its number."""
    for probe in PROBES.values():
        for way in ("httpGet", "tcpSocket", "grpc"):
            number = nested_value(dict(container), probe, way, "port")
            if isinstance(number, int):
                yield "probed", number
                return


def declared_number(declared: Any) -> int | None:
    """The number of a port of `container.ports`: written alone, or with its protocol."""
    number = declared.get("port") if isinstance(declared, dict) else declared
    return number if isinstance(number, int) else None


def _stop_words(container: Object, traits: ContainerTraits) -> dict[str, Any]:
    """How long a pod waits before it stops: as its own hook says; by default where requests reach it, else not."""
    hook = nested_value(container, "lifecycle", "preStop")
    if hook is None:
        return {} if traits.reached is not None else {"drainSeconds": 0, "longestRequestSeconds": 0}
    seconds = nested_value(container, "lifecycle", "preStop", "sleep", "seconds")
    return {"drainSeconds": seconds if isinstance(seconds, int) else 0}


def port_words(container: Mapping[str, Any], *, asked: bool) -> Iterator[tuple[str, Any]]:
    """The container's ports as `container.ports` has them; one without a name is `http` or called after its number.

    `asked`: its probes alone ask it. A port that they name by its number counts too, as no Service names another.
    """
    ports = list(mapping_items(container.get("ports")))
    if not ports and asked:
        yield from _probed_ports(container)
    for port in ports:
        number, protocol = port.get("containerPort"), port.get("protocol", "TCP")
        unnamed = "http" if len(ports) == 1 else f"port-{number}"
        if protocol == "TCP":
            yield str(port.get("name") or unnamed), number
        else:
            yield str(port.get("name") or f"{str(protocol).lower()}-{number}"), {"port": number, "protocol": protocol}
