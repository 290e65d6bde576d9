"""What a pod template says that matters while it is replaced: ports, references, calls, draining."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from compiler.model.objects import (
    integer_or_default,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
    string_entries,
)
from compiler.transition.facts.host_ports import HostPort, shared_network_ports, written_host_ports
from compiler.transition.facts.hosts_in_texts import hosts_of_options, hosts_with_ports
from compiler.transition.facts.pre_stop import pre_stop_pause
from compiler.transition.facts.service_variables import services_of_variables

CONTRACT = "shipway.dev/contract"
GROUP = "shipway.dev/group"
LONGEST_REQUEST = "shipway.dev/longest-request-seconds"
GRACEFUL = "shipway.dev/graceful-shutdown"
DEFAULT_GRACE = 30
URL_ADDRESS = re.compile(r"\b([a-z][a-z0-9+]*)://(?:[^/@\s]*@)?([a-z0-9][a-z0-9.-]*)(?::(\d+))?", re.IGNORECASE)
GRPC_TARGET = re.compile(r"\b(?:dns|passthrough|kubernetes)://[^/\s]*/([a-z0-9][a-z0-9.-]*)(?::(\d+))?", re.IGNORECASE)
"""What a client of gRPC calls by a resolver (`dns:///api:80`): grpc, doc/naming.md."""
BARE_ADDRESS = re.compile(r"^([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)(?::(\d+))?$")
SCHEMES = {"http": 80, "https": 443}
ANY_PORT = 0
BATCH_TEMPLATES = {"Job": ("spec", "template"), "CronJob": ("spec", "jobTemplate", "spec", "template")}
PortName = tuple[str, str]
"""A port's name and protocol."""
Address = tuple[str, int]
"""A host name and a port; port 0 where none is given."""
CLAIM_FIELDS = {"resourceClaimName": "ResourceClaim", "resourceClaimTemplateName": "ResourceClaimTemplate"}
MOUNT_SECRETS = (
    ("azureFile", "secretName"),
    *(
        (source, "secretRef", "name")
        for source in ("cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos")
    ),
    ("csi", "nodePublishSecretRef", "name"),
)
"""Where volumes name the Secret to mount them with (Kubernetes, pkg/api/v1/pod/util.go `VisitPodSecretNames`)."""


class PodPort(NamedTuple):
    """A pod's port, by number and protocol."""

    number: int
    protocol: str = "TCP"


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
    declared: str = ""
    """who says, in the pod's annotation, that its process goes on serving until it has no requests"""


@dataclass(frozen=True, eq=False)
class Template:
    """A pod template; compared by identity, for each distinct one is built once.

    `named` has the ports by name and protocol: a Service and a NetworkPolicy find them by both (Kubernetes,
    `podutil.FindPort`).
    """

    raw: Mapping[str, Any]
    labels: Mapping[str, str]
    contract: str
    group: str
    ports: frozenset[PodPort]
    named: Mapping[PortName, int]
    probed: bool
    silent: bool = False
    """Whether it declares no port though an earlier template of its workload did: then its pods listen on none."""

    def listens(self, port: PodPort) -> bool:
        """Whether its pods listen there; where no template ever declared a port, they are taken to."""
        return port in self.ports or not (self.ports or self.silent)

    @cached_property
    def calls(self) -> frozenset[Address]:
        """The addresses that its pods are told to call."""
        spec = mapping_or_empty(self.raw.get("spec"))
        return called_addresses(_containers(spec))

    @cached_property
    def lasting_calls(self) -> frozenset[Address]:
        """Those of them that its pods call while they serve, not before they start."""
        spec = mapping_or_empty(self.raw.get("spec"))
        return called_addresses(_long_running(spec)) if spec.get("initContainers") else self.calls

    @cached_property
    def needs(self) -> tuple[Reference, ...]:
        """What its pods must find before they start."""
        return template_references(self)

    @cached_property
    def host_ports(self) -> frozenset[HostPort]:
        """The ports of its node that lead to a pod (`hostPort`)."""
        return written_host_ports(_long_running(mapping_or_empty(self.raw.get("spec"))))

    @cached_property
    def node_ports(self) -> frozenset[HostPort]:
        """The ports of its node that a pod needs for itself."""
        spec = mapping_or_empty(self.raw.get("spec"))
        return shared_network_ports(_long_running(spec)) if spec.get("hostNetwork") is True else self.host_ports

    @cached_property
    def claims(self) -> frozenset[str]:
        """The names of the PersistentVolumeClaims that its pods mount."""
        volumes = mapping_items(nested_value(self.raw, "spec", "volumes"))
        names = (nested_value(volume, "persistentVolumeClaim", "claimName") for volume in volumes)
        return frozenset(str(name) for name in names if name)

    @cached_property
    def drain(self) -> Drain:
        """How its pods end (Kubernetes, pkg/kubelet/kuberuntime `killContainer`: preStop counts as grace)."""
        spec = mapping_or_empty(self.raw.get("spec"))
        grace = integer_or_default(spec.get("terminationGracePeriodSeconds"), DEFAULT_GRACE)
        pauses = [pre_stop_pause(container) for container in _serving_containers(spec)]
        known = [pause for pause in pauses if pause is not None]
        stated = nested_value(self.raw, "metadata", "annotations", LONGEST_REQUEST)
        longest = float(integer_or_default(str(stated).removesuffix("s"), 0)) if stated is not None else None
        declared = str(mapping_or_empty(nested_value(self.raw, "metadata", "annotations")).get(GRACEFUL) or "")
        return Drain(min(known, default=0.0) if len(known) == len(pauses) else None, float(grace), longest, declared)


def read_template(raw: Mapping[str, Any], earlier: Iterable[Template] = ()) -> Template:
    """The facts of a pod template (or of a bare pod: it has the same two parts) that comes after `earlier` ones."""
    labels = string_entries(nested_value(raw, "metadata", "labels"))
    notes = mapping_or_empty(nested_value(raw, "metadata", "annotations"))
    spec = mapping_or_empty(raw.get("spec"))
    ports: set[PodPort] = set()
    named: dict[PortName, int] = {}
    for container in _long_running(spec):
        for port in mapping_items(container.get("ports")):
            protocol = str(port.get("protocol") or "TCP")
            place = PodPort(integer_or_default(port.get("containerPort"), 0), protocol)
            ports.add(place)
            if "name" in port:
                named.setdefault((str(port["name"]), protocol), place.number)
    contract = str(labels.get(CONTRACT) or notes.get(CONTRACT) or "1")
    group = str(labels.get(GROUP) or notes.get(GROUP) or "")
    silent = not ports and any(template.ports for template in earlier)
    return Template(raw, labels, contract, group, frozenset(ports), named, _probed(spec), silent)


def _long_running(spec: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The containers that live as long as the pod: sidecars are init containers that restart always."""
    yield from mapping_items(spec.get("containers"))
    for container in mapping_items(spec.get("initContainers")):
        if container.get("restartPolicy") == "Always":
            yield container


def _serving_containers(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    containers = list(mapping_items(spec.get("containers")))
    return [container for container in containers if container.get("ports")] or containers


def _probed(spec: Mapping[str, Any]) -> bool:
    """Whether readiness waits for the server: without a probe a running container is ready at once."""
    probes = ("readinessProbe", "startupProbe")
    return bool(spec.get("readinessGates")) or any(
        container.get(probe) for container in _long_running(spec) for probe in probes
    )


def template_references(template: Template) -> tuple[Reference, ...]:
    """What the template's pods must find before they start, but for what is marked optional.

    Source: Kubernetes, pkg/kubelet/kubelet_pods.go, `makeEnvironmentVariables`; pkg/volume/configmap,
    `MakePayload`; plugin/pkg/admission/serviceaccount, priority (`system-…` classes are always there), runtimeclass;
    pkg/controller/resourceclaim; Secrets Store CSI driver, pkg/secrets-store/nodeserver.go `NodePublishVolume`.
    """
    spec = mapping_or_empty(template.raw.get("spec"))
    result = [*_environment_references(spec), *_volume_references(spec)]
    for name in pull_secrets_of(spec):
        result.append(Reference("Secret", name, (), "imagePullSecrets"))
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account and account != "default":
        result.append(Reference("ServiceAccount", str(account), (), "serviceAccountName"))
    for field, kind in (("priorityClassName", "PriorityClass"), ("runtimeClassName", "RuntimeClass")):
        if spec.get(field) and not str(spec[field]).startswith("system-"):
            result.append(Reference(kind, str(spec[field]), (), field))
    for claim in mapping_items(spec.get("resourceClaims")):
        for field, kind in CLAIM_FIELDS.items():
            if claim.get(field):
                result.append(Reference(kind, str(claim[field]), (), "resourceClaims"))
    return tuple(result)


def pull_secrets_of(holder: Mapping[str, Any]) -> tuple[str, ...]:
    """The Secrets with which a pod, or a ServiceAccount's pods, pull images.

    Source: Kubernetes, pkg/kubelet/kubelet_pods.go `getPullSecretsForPod` (an entry without a name is passed over).
    """
    names = (secret.get("name") for secret in mapping_items(holder.get("imagePullSecrets")))
    return tuple(str(name) for name in names if name)


def _containers(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*mapping_items(spec.get("initContainers")), *mapping_items(spec.get("containers"))]


def _environment_references(spec: Mapping[str, Any]) -> Iterable[Reference]:
    for container in _containers(spec):
        for source in mapping_items(container.get("envFrom")):
            for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                if field in source and not nested_value(source, field, "optional"):
                    yield Reference(kind, str(nested_value(source, field, "name")), (), "envFrom")
        for entry in mapping_items(container.get("env")):
            for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
                ref = mapping_or_empty(nested_value(entry, "valueFrom", field))
                if ref and not ref.get("optional"):
                    yield Reference(kind, str(ref.get("name")), (str(ref.get("key")),), f"env {entry.get('name')}")


def _volume_references(spec: Mapping[str, Any]) -> Iterable[Reference]:
    for volume in mapping_items(spec.get("volumes")):
        name = str(volume.get("name"))
        parts = [volume, *mapping_items(nested_value(volume, "projected", "sources"))]
        for part in parts:
            for field, kind, key in (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")):
                source = mapping_or_empty(part.get(field))
                if source and not source.get("optional"):
                    target = str(source.get(key) or source.get("name"))
                    yield Reference(kind, target, _projected_keys(source) or _sub_paths(spec, name), f"volume {name}")
        for path in MOUNT_SECRETS:
            secret = nested_value(volume, *path)
            if secret:
                yield Reference("Secret", str(secret), (), f"volume {name}")
        provider = nested_value(volume, "csi", "volumeAttributes", "secretProviderClass")
        if provider:
            yield Reference("SecretProviderClass", str(provider), (), f"volume {name}")
        claim = nested_value(volume, "persistentVolumeClaim", "claimName")
        if claim:
            yield Reference("PersistentVolumeClaim", str(claim), (), f"volume {name}")


def _projected_keys(source: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(item.get("key")) for item in mapping_items(source.get("items")))


def _sub_paths(spec: Mapping[str, Any], volume: str) -> tuple[str, ...]:
    mounts = [mount for container in _containers(spec) for mount in mapping_items(container.get("volumeMounts"))]
    paths = [str(mount["subPath"]) for mount in mounts if mount.get("name") == volume and mount.get("subPath")]
    return tuple(dict.fromkeys(path.split("/")[0] for path in paths))


def called_addresses(containers: Iterable[Mapping[str, Any]]) -> frozenset[Address]:
    """The addresses that containers are told to call: in environment variables, arguments, commands and probes."""
    every = list(containers)
    words = (*_command_words(every), *_probe_commands(every))
    values = [*_variable_values(every)]
    named = (*services_of_variables((*values, *words), every), *hosts_of_options(" ".join((*values, *words))))
    asked = ((name, ANY_PORT) for name in named)
    return frozenset((*environment_addresses(values), *url_addresses(words), *_probed_hosts(every), *asked))


def configured_texts(template: Template) -> Iterator[str]:
    """What the pods are told in environment variables, arguments and commands, each text by itself."""
    containers = _containers(mapping_or_empty(template.raw.get("spec")))
    yield from _variable_values(containers)
    yield from _command_words(containers)


def _variable_values(containers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    variables = (entry for container in containers for entry in mapping_items(container.get("env")))
    return (str(entry["value"]) for entry in variables if "value" in entry)


def _command_words(containers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for container in containers:
        yield from map(str, (*list_or_empty(container.get("args")), *list_or_empty(container.get("command"))))


def _probes(containers: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    names = ("readinessProbe", "livenessProbe", "startupProbe")
    probes = (container.get(name) for container in containers for name in names)
    return (probe for probe in probes if isinstance(probe, dict))


def _probe_commands(containers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for probe in _probes(containers):
        yield from map(str, list_or_empty(nested_value(probe, "exec", "command")))


def _probed_hosts(containers: Iterable[Mapping[str, Any]]) -> Iterator[Address]:
    """The hosts that probes ask instead of the pod itself."""
    for probe in _probes(containers):
        for way in ("httpGet", "tcpSocket"):
            action = mapping_or_empty(probe.get(way))
            if action.get("host"):
                yield str(action["host"]), integer_or_default(action.get("port"), ANY_PORT)


def environment_addresses(values: Iterable[str]) -> Iterator[Address]:
    """The addresses that environment variables of these values hold: bare `host:port`, and URLs."""
    for value in values:
        bare = BARE_ADDRESS.match(value)
        if bare:
            yield bare[1], _port_or_default(bare[2], ANY_PORT)
        yield from url_addresses((value,))


def url_addresses(values: Iterable[str]) -> Iterator[Address]:
    """The hosts and ports of the URLs in texts, of what clients of gRPC name, and of each `host:port`."""
    for value in values:
        yield from hosts_with_ports(value)
        for scheme, host, port in URL_ADDRESS.findall(value) if "://" in value else ():
            yield host, _port_or_default(port, SCHEMES.get(scheme.lower(), ANY_PORT))
        for host, port in GRPC_TARGET.findall(value) if "://" in value else ():
            yield host, _port_or_default(port, ANY_PORT)


def _port_or_default(text: str | None, default: int) -> int:
    return int(text) if text and len(text) < 6 else default
