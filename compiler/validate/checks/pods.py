"""Pods: names, ports, mounts, resources, probes, and the time to say goodbye."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from compiler.diagnostics.model import Path
from compiler.validate.checks.quantities import amount
from compiler.validate.finding import Finding, found, written

LONGEST_REQUEST = "shipway.dev/longest-request-seconds"
"""Annotation of a pod template: how long a request may take, in seconds."""

_STANDARD = frozenset(("cpu", "memory", "ephemeral-storage"))
_DEFAULT_GRACE = 30
_NOTHING: tuple[Any, ...] = ()


def check_pod_template(template: dict[str, Any], path: Path) -> Iterator[Finding]:
    """The findings in a pod template that its schema accepts; `path` leads to it."""
    spec = template.get("spec")
    if spec is None:
        yield found("field-missing", path, f"`{written((*path, 'spec'))}` is missing")
        return
    inside = (*path, "spec")
    volumes = spec.get("volumes", _NOTHING)
    known = {volume["name"] for volume in volumes}
    if len(known) != len(volumes):
        yield from repeated(volumes, "name", (*inside, "volumes"))
    names: set[str] = set()
    longest_sleep = 0
    for field in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(field, _NOTHING)):
            place = (*inside, field, index)
            if container["name"] in names:
                yield found("duplicate-name", (*place, "name"), f"two containers are called `{container['name']}`")
            names.add(container["name"])
            yield from _container(container, place, known)
            longest_sleep = max(longest_sleep, _sleep(container))
    yield from _grace(template, spec, longest_sleep, inside)


def repeated(items: list[dict[str, Any]], key: str, path: Path) -> Iterator[Finding]:
    """A finding for each of `items` whose value of `key` an earlier one has."""
    seen = set()
    for index, item in enumerate(items):
        value = item.get(key)
        if value is not None and value in seen:
            message = f"`{written(path)}` has two entries whose {key} is `{value}`"
            yield found("duplicate-name", (*path, index, key), message)
        seen.add(value)


def _container(container: dict[str, Any], path: Path, volumes: set[str]) -> Iterator[Finding]:
    ports = container.get("ports", _NOTHING)
    if len(ports) > 1:
        yield from _ports(ports, (*path, "ports"))
    env = container.get("env", _NOTHING)
    if len({variable["name"] for variable in env}) != len(env):
        yield from repeated(env, "name", (*path, "env"))
    mounts = container.get("volumeMounts", _NOTHING)
    for index, mount in enumerate(mounts):
        if mount["name"] not in volumes:
            message = f"container `{container['name']}` mounts `{mount['name']}`, but the pod has no such volume"
            yield found("volume-missing", (*path, "volumeMounts", index, "name"), message)
    if len(mounts) > 1:
        yield from repeated(mounts, "mountPath", (*path, "volumeMounts"))
    resources = container.get("resources")
    if resources:
        yield from _amounts(resources, (*path, "resources"))
        if "requests" in resources:
            yield from _resources(resources, (*path, "resources"))
    for name in ("readinessProbe", "livenessProbe", "startupProbe"):
        if name in container:
            yield from _probe(container[name], ports, name, (*path, name))


def _ports(ports: list[dict[str, Any]], path: Path) -> Iterator[Finding]:
    yield from repeated(ports, "name", path)
    seen = set()
    for index, port in enumerate(ports):
        key = (port["containerPort"], port.get("protocol", "TCP"))
        if key in seen:
            message = f"`{written(path)}` has port {key[0]}/{key[1]} twice"
            yield found("port-conflict", (*path, index, "containerPort"), message)
        seen.add(key)


def _amounts(resources: dict[str, Any], path: Path) -> Iterator[Finding]:
    for part in ("requests", "limits"):
        for name, quantity in resources.get(part, {}).items():
            fault = _amount_fault(name, quantity)
            if fault is not None:
                yield found(fault[0], (*path, part, name), fault[1])


@lru_cache(maxsize=1024, typed=True)  # an environment repeats few of them many times
def _amount_fault(name: str, quantity: str | int | float) -> tuple[str, str] | None:
    """The code and words for a resource that does not exist, or an amount that it does not come in.

    Source: Kubernetes, pkg/apis/core/validation (`validateContainerResourceName`, `ValidateResourceQuantityValue`) and
    pkg/api/pod/warnings.go for parts of a byte.
    """
    if "/" not in name and name not in _STANDARD and not name.startswith("hugepages-"):
        known = ", ".join(sorted(_STANDARD))
        return "resource-unknown", f"there is no resource `{name}`: there are {known}, and those with a domain"
    if name == "cpu" or ("/" in name and not _is_whole(name)) or amount(quantity) % 1 == 0:
        return None
    unit = "; `m` is a thousandth, `M` and `Mi` are a million" if str(quantity).endswith("m") else ""
    return "quantity-invalid", f"{name} comes whole, not as {quantity}{unit}"


def _resources(resources: dict[str, Any], path: Path) -> Iterator[Finding]:
    limits = resources.get("limits", {})
    for name, request in resources["requests"].items():
        limit = limits.get(name)
        if request == limit:
            continue
        if _is_whole(name) and (limit is None or amount(request) != amount(limit)):
            message = f"{name} cannot be shared: its request and its limit must be equal, and the limit is {limit or 0}"
            yield found("requests-exceed-limits", (*path, "requests", name), message)
        elif limit is not None and amount(request) > amount(limit):
            message = f"the request of {request} {name} exceeds the limit of {limit}"
            yield found("requests-exceed-limits", (*path, "requests", name), message)


def _is_whole(resource: str) -> bool:
    """Whether nodes give the resource out whole: devices and huge pages.

    Source: Kubernetes, pkg/apis/core/v1/helper/helpers.go, IsOvercommitAllowed.
    """
    return resource.startswith("hugepages-") or ("/" in resource and "kubernetes.io/" not in resource)


def _probe(probe: dict[str, Any], ports: list[dict[str, Any]], name: str, path: Path) -> Iterator[Finding]:
    handler = "httpGet" if "httpGet" in probe else "tcpSocket"
    port = probe.get(handler, {}).get("port")
    if isinstance(port, str) and all(known.get("name") != port for known in ports):
        message = f"the {name} asks port `{port}`, which its container does not have"
        yield found("probe-invalid", (*path, handler, "port"), message)
    if name != "readinessProbe" and probe.get("successThreshold", 1) != 1:
        message = f"the successThreshold of a {name} must be 1"
        yield found("probe-invalid", (*path, "successThreshold"), message)
    if name == "readinessProbe" and "terminationGracePeriodSeconds" in probe:
        message = "a readinessProbe takes no terminationGracePeriodSeconds: it ends no pod"
        yield found("probe-invalid", (*path, "terminationGracePeriodSeconds"), message)


def _sleep(container: dict[str, Any]) -> int:
    sleep = container.get("lifecycle", {}).get("preStop", {}).get("sleep")
    return int(sleep["seconds"]) if sleep else 0


def _grace(template: dict[str, Any], spec: dict[str, Any], sleep: int, path: Path) -> Iterator[Finding]:
    """preStop counts within the grace period: Kubernetes' Pod Lifecycle, Termination of Pods."""
    grace = spec.get("terminationGracePeriodSeconds", _DEFAULT_GRACE)
    request = template.get("metadata", {}).get("annotations", {}).get(LONGEST_REQUEST, "0")
    seconds = int(request) if request.isdecimal() else 0
    if sleep + seconds <= grace and (sleep == 0 or sleep < grace):
        return
    parts = f"the preStop sleep of {sleep} s" + (f" and requests of up to {seconds} s" if seconds else "")
    message = f"{parts} do not fit into the grace period of {grace} s"
    yield found("grace-too-short", (*path, "terminationGracePeriodSeconds"), message)
