"""The hosts and objects that a pod's init containers wait for before its other containers start.

Source: Kubernetes, docs/concepts/workloads/pods/init-containers.md: each must end well before the next one starts;
kubectl, pkg/cmd/wait and rollout/rollout_status.go; groundnuty/k8s-wait-for, README.md (a kind, then a name).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty
from compiler.transition.facts.pods import Template, url_addresses

HOST = r"([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)"
LOOKED_UP = re.compile(rf"\b(?:nslookup|dig|getent\s+(?:a?hosts))(?:\s+-\S+)*\s+{HOST}")
CALLED = re.compile(rf"(?:\bnc(?:\s+-\S+)*\s+|\s-h\s+|--host[=\s])\s*{HOST}")
WAITING = re.compile(r"\b(?:kubectl|oc)\b[^|;&\n]*?\s(?:wait|rollout\s+status)\b(?P<rest>[^|;&\n]*)")
WAITING_IMAGE = "k8s-wait-for"
NAMED = re.compile(r"(?<![\w.=/-])(?P<kind>[a-z]+)(?:\.[a-z.]+)?(?:/|\s+)(?P<name>[a-z0-9][a-z0-9.-]*)")
NAMESPACE = re.compile(r"(?:-n|--namespace)[=\s]")
AWAITED_KINDS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("job", "jobs"), ("batch", "Job")),
    **dict.fromkeys(("deployment", "deployments", "deploy"), ("apps", "Deployment")),
    **dict.fromkeys(("statefulset", "statefulsets", "sts"), ("apps", "StatefulSet")),
    **dict.fromkeys(("daemonset", "daemonsets", "ds"), ("apps", "DaemonSet")),
}


class AwaitedHost(NamedTuple):
    """A host, and whether it must answer: otherwise its name must only resolve."""

    host: str
    answers: bool


def awaited_hosts(template: Template) -> Iterator[AwaitedHost]:
    """What the commands of init containers that end wait for."""
    for container in init_containers(template):
        yield from _hosts_of_command(container)


def awaited_objects(containers: Iterable[Mapping[str, Any]], namespace: str) -> Iterator[Key]:
    """The Jobs and workloads of the pod's namespace that these containers wait for by their names."""
    for container in containers:
        words = _words_of_container(container)
        text = " ".join(words)
        commands = [command["rest"] for command in WAITING.finditer(text)]
        if WAITING_IMAGE in str(container.get("image")):
            commands.append(re.sub(r"^(job)-w[re]\b", r"\1", text))
        for command in commands:
            if not NAMESPACE.search(text):
                yield from _objects_by_name(command, namespace)


def _objects_by_name(command: str, namespace: str) -> Iterator[Key]:
    for named in NAMED.finditer(command):
        if named["kind"] in AWAITED_KINDS:
            yield Key(*AWAITED_KINDS[named["kind"]], namespace, named["name"])


def init_containers(template: Template) -> Iterator[Mapping[str, Any]]:
    """Those that end before the pod's other containers start."""
    for container in mapping_items(mapping_or_empty(template.raw.get("spec")).get("initContainers")):
        if container.get("restartPolicy") != "Always":
            yield container


def _words_of_container(container: Mapping[str, Any]) -> list[str]:
    return [str(word) for name in ("command", "args") for word in list_or_empty(container.get(name))]


def _hosts_of_command(container: Mapping[str, Any]) -> Iterator[AwaitedHost]:
    words = _words_of_container(container)
    text = " ".join(words)
    yield from (AwaitedHost(host, answers=False) for host in LOOKED_UP.findall(text))
    yield from (AwaitedHost(host, answers=True) for host in CALLED.findall(text))
    yield from (AwaitedHost(host, answers=True) for host, _ in url_addresses(words))
