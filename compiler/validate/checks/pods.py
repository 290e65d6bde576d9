"""Pods: names, ports, mounts, resources, probes, and the time to say goodbye."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from compiler.diagnostics.model import Path
from compiler.model.object_finding import ObjectFinding, object_finding, path_text
from compiler.model.quantity import parse_quantity

LONGEST_REQUEST = "shipway.dev/longest-request-seconds"
"""Annotation of a pod template: how long a request may take, in seconds."""

_NATIVE_RESOURCES = frozenset(("cpu", "memory", "ephemeral-storage"))
_DEFAULT_GRACE = 30
_NO_ITEMS: tuple[Any, ...] = ()


def check_pod_template(template: dict[str, Any], path: Path) -> Iterator[ObjectFinding]:
    """The findings in a pod template that its schema accepts; `path` leads to it."""
    spec = template.get("spec")
    if spec is None:
        yield object_finding("field-missing", path, f"`{path_text((*path, 'spec'))}` is missing")
        return
    inside = (*path, "spec")
    volumes = spec.get("volumes", _NO_ITEMS)
    known = {volume["name"] for volume in volumes}
    if len(known) != len(volumes):
        yield from duplicate_findings(volumes, "name", (*inside, "volumes"))
    names: set[str] = set()
    longest_sleep = 0
    for field in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(field, _NO_ITEMS)):
            place = (*inside, field, index)
            if container["name"] in names:
                yield object_finding(
                    "duplicate-name", (*place, "name"), f"two containers have the name `{container['name']}`"
                )
            names.add(container["name"])
            yield from _container_findings(container, place, known)
            longest_sleep = max(longest_sleep, _pre_stop_sleep(container))
    yield from _grace_period_findings(template, spec, longest_sleep, inside)


def duplicate_findings(items: list[dict[str, Any]], key: str, path: Path) -> Iterator[ObjectFinding]:
    """A finding for each of `items` whose value of `key` an earlier one has."""
    seen = set()
    for index, item in enumerate(items):
        value = item.get(key)
        if value is not None and value in seen:
            message = f"`{path_text(path)}` has two entries whose {key} is `{value}`"
            yield object_finding("duplicate-name", (*path, index, key), message)
        seen.add(value)


def _container_findings(container: dict[str, Any], path: Path, volumes: set[str]) -> Iterator[ObjectFinding]:
    ports = container.get("ports", _NO_ITEMS)
    if len(ports) > 1:
        yield from _port_findings(ports, (*path, "ports"))
    env = container.get("env", _NO_ITEMS)
    if len({variable["name"] for variable in env}) != len(env):
        yield from duplicate_findings(env, "name", (*path, "env"))
    mounts = container.get("volumeMounts", _NO_ITEMS)
    for index, mount in enumerate(mounts):
        if mount["name"] not in volumes:
            message = f"container `{container['name']}` mounts `{mount['name']}`, but the pod has no such volume"
            yield object_finding("volume-missing", (*path, "volumeMounts", index, "name"), message)
    if len(mounts) > 1:
        yield from duplicate_findings(mounts, "mountPath", (*path, "volumeMounts"))
    resources = container.get("resources")
    if resources:
        yield from _quantity_findings(resources, (*path, "resources"))
        if "requests" in resources:
            yield from _resource_findings(resources, (*path, "resources"))
    for name in ("readinessProbe", "livenessProbe", "startupProbe"):
        if name in container:
            yield from _probe_findings(container[name], ports, name, (*path, name))


def _port_findings(ports: list[dict[str, Any]], path: Path) -> Iterator[ObjectFinding]:
    yield from duplicate_findings(ports, "name", path)
    seen = set()
    for index, port in enumerate(ports):
        key = (port["containerPort"], port.get("protocol", "TCP"))
        if key in seen:
            message = f"`{path_text(path)}` has port {key[0]}/{key[1]} twice"
            yield object_finding("port-conflict", (*path, index, "containerPort"), message)
        seen.add(key)


def _quantity_findings(resources: dict[str, Any], path: Path) -> Iterator[ObjectFinding]:
    for part in ("requests", "limits"):
        for name, quantity in resources.get(part, {}).items():
            fault = _quantity_problem(name, quantity)
            if fault is not None:
                yield object_finding(fault[0], (*path, part, name), fault[1])


@lru_cache(maxsize=1024, typed=True)  # an environment repeats few of them many times
def _is_integral(number: Decimal) -> bool:
    """Whether the number has no fraction; `%` refuses numbers of more digits than the context's precision."""
    return number == number.to_integral_value()


def _quantity_problem(name: str, quantity: str | int | float) -> tuple[str, str] | None:
    """The code and words for a resource that does not exist, or an amount that it does not come in.

    Source: Kubernetes, pkg/apis/core/validation (`validateContainerResourceName`, `ValidateResourceQuantityValue`) and
    pkg/api/pod/warnings.go for parts of a byte.
    """
    if "/" not in name and name not in _NATIVE_RESOURCES and not name.startswith("hugepages-"):
        known = ", ".join(sorted(_NATIVE_RESOURCES))
        return "resource-unknown", f"`{name}` is not a resource: use {known}, or a name with a domain"
    if name == "cpu" or ("/" in name and not _is_whole(name)) or _is_integral(parse_quantity(quantity)):
        return None
    unit = "; `m` is a thousandth, `M` and `Mi` are a million" if str(quantity).endswith("m") else ""
    return "quantity-invalid", f"{name} must be a whole number, not {quantity}{unit}"


def _resource_findings(resources: dict[str, Any], path: Path) -> Iterator[ObjectFinding]:
    limits = resources.get("limits", {})
    for name, request in resources["requests"].items():
        limit = limits.get(name)
        if request == limit:
            continue
        if _is_whole(name) and (limit is None or parse_quantity(request) != parse_quantity(limit)):
            message = (
                f"{name} cannot be overcommitted: its request and its limit must be equal, and the limit is "
                f"{limit or 0}"
            )
            yield object_finding("requests-exceed-limits", (*path, "requests", name), message)
        elif limit is not None and parse_quantity(request) > parse_quantity(limit):
            message = f"the request of {request} {name} exceeds the limit of {limit}"
            yield object_finding("requests-exceed-limits", (*path, "requests", name), message)


def _is_whole(resource: str) -> bool:
    """Whether nodes give the resource out whole: devices and huge pages.

    Source: Kubernetes, pkg/apis/core/v1/helper/helpers.go, IsOvercommitAllowed.
    """
    return resource.startswith("hugepages-") or ("/" in resource and "kubernetes.io/" not in resource)


def _probe_findings(
    probe: dict[str, Any], ports: list[dict[str, Any]], name: str, path: Path
) -> Iterator[ObjectFinding]:
    handler = "httpGet" if "httpGet" in probe else "tcpSocket"
    port = probe.get(handler, {}).get("port")
    if isinstance(port, str) and all(known.get("name") != port for known in ports):
        message = f"the {name} uses port `{port}`, which its container does not have"
        yield object_finding("probe-invalid", (*path, handler, "port"), message)
    if name != "readinessProbe" and probe.get("successThreshold", 1) != 1:
        message = f"the successThreshold of a {name} must be 1"
        yield object_finding("probe-invalid", (*path, "successThreshold"), message)
    if name == "readinessProbe" and "terminationGracePeriodSeconds" in probe:
        message = "a readinessProbe cannot have terminationGracePeriodSeconds, because it never ends a pod"
        yield object_finding("probe-invalid", (*path, "terminationGracePeriodSeconds"), message)


def _pre_stop_sleep(container: dict[str, Any]) -> int:
    sleep = container.get("lifecycle", {}).get("preStop", {}).get("sleep")
    return int(sleep["seconds"]) if sleep else 0


def _grace_period_findings(
    template: dict[str, Any], spec: dict[str, Any], sleep: int, path: Path
) -> Iterator[ObjectFinding]:
    """preStop counts within the grace period: Kubernetes' Pod Lifecycle, Termination of Pods."""
    grace = spec.get("terminationGracePeriodSeconds", _DEFAULT_GRACE)
    request = template.get("metadata", {}).get("annotations", {}).get(LONGEST_REQUEST, "0")
    seconds = int(request) if request.isdecimal() else 0
    if sleep + seconds <= grace and (sleep == 0 or sleep < grace):
        return
    parts = f"the preStop sleep of {sleep} s" + (f" and requests of up to {seconds} s" if seconds else "")
    message = f"{parts} {'exceed' if seconds else 'exceeds'} the grace period of {grace} s"
    yield object_finding("grace-too-short", (*path, "terminationGracePeriodSeconds"), message)
