"""What a pod template says that matters while it is replaced: ports, references, calls, draining."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from compiler.transition.defaults import settled
from compiler.transition.objects import dig, mapping, mappings, sequence, texts, whole

CONTRACT = "shipway.dev/contract"
GROUP = "shipway.dev/group"
LONGEST_REQUEST = "shipway.dev/longest-request-seconds"
DEFAULT_GRACE = 30
ADDRESS = re.compile(r"\b([a-z][a-z0-9+]*)://(?:[^/@\s]*@)?([a-z0-9][a-z0-9.-]*)(?::(\d+))?", re.IGNORECASE)
BARE_ADDRESS = re.compile(r"^([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)(?::(\d+))?$")
SCHEMES = {"http": 80, "https": 443}
ANY_PORT = 0
Address = tuple[str, int]
"""A host name and a port; port 0 where none is told."""
SLEEP = re.compile(r"\bsleep\s+(\d+(?:\.\d+)?)(s|m)?\b")


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that a pod needs before it can start; `keys` are those of its data that must exist."""

    kind: str
    name: str
    keys: tuple[str, ...] = ()
    through: str = ""


@dataclass(frozen=True, slots=True)
class Drain:
    """How a pod ends, in seconds: the pause of its preStop hook (None: unknown), its grace period."""

    pause: float | None
    grace: float
    longest: float | None = None


@dataclass(frozen=True, eq=False)
class Template:
    """A pod template; compared by identity, for each distinct one is built once."""

    raw: Mapping[str, Any]
    labels: Mapping[str, str]
    contract: str
    group: str
    ports: frozenset[int]
    named: Mapping[str, int]
    probed: bool
    silent: bool = False
    """Whether it declares no port though an earlier template of its workload did: then its pods listen on none."""

    def listens(self, port: int) -> bool:
        """Whether its pods listen there; where no template ever declared a port, they are taken to."""
        return port in self.ports or not (self.ports or self.silent)

    @cached_property
    def settled(self) -> Any:
        """The template as the API server keeps it: equal ones make no new pods."""
        return settled(self.raw)

    @cached_property
    def calls(self) -> frozenset[Address]:
        """The addresses that its pods are told to call."""
        return called(self)

    @cached_property
    def needs(self) -> tuple[Reference, ...]:
        """What its pods must find before they start."""
        return references(self)

    @property
    def drain(self) -> Drain:
        """How its pods end (Kubernetes, pkg/kubelet/kuberuntime `killContainer`: preStop counts as grace)."""
        spec = mapping(self.raw.get("spec"))
        grace = whole(spec.get("terminationGracePeriodSeconds"), DEFAULT_GRACE)
        pauses = [_pause(container) for container in _serving(spec)]
        known = [pause for pause in pauses if pause is not None]
        told = dig(self.raw, "metadata", "annotations", LONGEST_REQUEST)
        longest = float(whole(str(told).removesuffix("s"), 0)) if told is not None else None
        return Drain(min(known, default=0.0) if len(known) == len(pauses) else None, float(grace), longest)


def template_of(raw: Mapping[str, Any], earlier: Iterable[Template] = ()) -> Template:
    """The facts of a pod template (or of a bare pod: it has the same two parts) that comes after `earlier` ones."""
    labels = texts(dig(raw, "metadata", "labels"))
    notes = mapping(dig(raw, "metadata", "annotations"))
    spec = mapping(raw.get("spec"))
    ports: set[int] = set()
    named: dict[str, int] = {}
    for container in _long_running(spec):
        for port in mappings(container.get("ports")):
            number = whole(port.get("containerPort"), 0)
            ports.add(number)
            if "name" in port:
                named.setdefault(str(port["name"]), number)
    contract = str(labels.get(CONTRACT) or notes.get(CONTRACT) or "1")
    group = str(labels.get(GROUP) or notes.get(GROUP) or "")
    silent = not ports and any(template.ports for template in earlier)
    return Template(raw, labels, contract, group, frozenset(ports), named, _probed(spec), silent)


def _long_running(spec: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The containers that live as long as the pod: sidecars are init containers that restart always."""
    yield from mappings(spec.get("containers"))
    for container in mappings(spec.get("initContainers")):
        if container.get("restartPolicy") == "Always":
            yield container


def _serving(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    containers = list(mappings(spec.get("containers")))
    return [container for container in containers if container.get("ports")] or containers


def _probed(spec: Mapping[str, Any]) -> bool:
    """Whether readiness waits for the server: without a probe a running container is ready at once."""
    probes = ("readinessProbe", "startupProbe")
    return bool(spec.get("readinessGates")) or any(
        container.get(probe) for container in _long_running(spec) for probe in probes
    )


def _pause(container: Mapping[str, Any]) -> float | None:
    hook = mapping(dig(container, "lifecycle", "preStop"))
    if not hook:
        return 0.0
    if "sleep" in hook:
        return float(whole(dig(hook, "sleep", "seconds"), 0))
    command = " ".join(str(part) for part in sequence(dig(hook, "exec", "command")))
    found = SLEEP.search(command)
    return float(found[1]) * (60 if found[2] == "m" else 1) if found else None


def references(template: Template) -> tuple[Reference, ...]:
    """What the template's pods must find before they start, but for what is marked optional.

    Source: Kubernetes, pkg/kubelet/kubelet_pods.go, `makeEnvironmentVariables`; pkg/volume/configmap,
    `MakePayload`; admission of service accounts, plugin/pkg/admission/serviceaccount.
    """
    spec = mapping(template.raw.get("spec"))
    found = [*_environment(spec), *_volumes(spec)]
    for secret in mappings(spec.get("imagePullSecrets")):
        found.append(Reference("Secret", str(secret.get("name")), (), "imagePullSecrets"))
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account and account != "default":
        found.append(Reference("ServiceAccount", str(account), (), "serviceAccountName"))
    return tuple(found)


def _containers(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*mappings(spec.get("initContainers")), *mappings(spec.get("containers"))]


def _environment(spec: Mapping[str, Any]) -> Iterable[Reference]:
    for container in _containers(spec):
        for source in mappings(container.get("envFrom")):
            for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                if field in source and not dig(source, field, "optional"):
                    yield Reference(kind, str(dig(source, field, "name")), (), "envFrom")
        for entry in mappings(container.get("env")):
            for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
                ref = mapping(dig(entry, "valueFrom", field))
                if ref and not ref.get("optional"):
                    yield Reference(kind, str(ref.get("name")), (str(ref.get("key")),), f"env {entry.get('name')}")


def _volumes(spec: Mapping[str, Any]) -> Iterable[Reference]:
    for volume in mappings(spec.get("volumes")):
        name = str(volume.get("name"))
        parts = [volume, *mappings(dig(volume, "projected", "sources"))]
        for part in parts:
            for field, kind, key in (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")):
                source = mapping(part.get(field))
                if source and not source.get("optional"):
                    target = str(source.get(key) or source.get("name"))
                    yield Reference(kind, target, _items(source) or _sub_paths(spec, name), f"volume {name}")
        claim = dig(volume, "persistentVolumeClaim", "claimName")
        if claim:
            yield Reference("PersistentVolumeClaim", str(claim), (), f"volume {name}")


def _items(source: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(item.get("key")) for item in mappings(source.get("items")))


def _sub_paths(spec: Mapping[str, Any], volume: str) -> tuple[str, ...]:
    mounts = [mount for container in _containers(spec) for mount in mappings(container.get("volumeMounts"))]
    paths = [str(mount["subPath"]) for mount in mounts if mount.get("name") == volume and mount.get("subPath")]
    return tuple(dict.fromkeys(path.split("/")[0] for path in paths))


def called(template: Template) -> frozenset[Address]:
    """The addresses that the pods are told to call: in environment variables, arguments and commands."""
    spec = mapping(template.raw.get("spec"))
    found: set[Address] = set()
    for container in _containers(spec):
        values = [str(entry["value"]) for entry in mappings(container.get("env")) if "value" in entry]
        words = [*sequence(container.get("args")), *sequence(container.get("command"))]
        found.update(addresses(values), urls(str(word) for word in words))
    return frozenset(found)


def addresses(values: Iterable[str]) -> Iterator[Address]:
    """The addresses that environment variables of these values hold: bare `host:port`, and URLs."""
    for value in values:
        bare = BARE_ADDRESS.match(value)
        if bare:
            yield bare[1], _port(bare[2], ANY_PORT)
        yield from urls((value,))


def urls(values: Iterable[str]) -> Iterator[Address]:
    """The hosts and ports of the URLs in texts."""
    for value in values:
        for scheme, host, port in ADDRESS.findall(value) if "://" in value else ():
            yield host, _port(port, SCHEMES.get(scheme.lower(), ANY_PORT))


def _port(text: str | None, default: int) -> int:
    return int(text) if text and len(text) < 6 else default
