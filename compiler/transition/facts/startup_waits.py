"""The hosts and objects that a pod's init containers wait for before its other containers start.

Source: Kubernetes, docs/concepts/workloads/pods/init-containers.md: each must end well before the next one starts;
kubectl, pkg/cmd/wait and rollout/rollout_status.go; groundnuty/k8s-wait-for, README.md (a kind, then a name).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.hosts_in_texts import HOST
from compiler.transition.facts.pods import Template, url_addresses

REST = r"\b([^|;&\n]*)"
LOOKED_UP = re.compile(rf"(?<![-\w])(?:nslookup|dig|host|getent\s+(?:a?hosts)){REST}")
CALLED = re.compile(rf"(?<![-\w])(?:curl|wget|telnet|ping|nc|ncat){REST}")
OPTION_HOSTS = re.compile(rf"(?:\s-h\s|--host[=\s])\s*{HOST}|/dev/tcp/{HOST}/")
"""Hosts by themselves: of an option, or of a shell's sockets."""
ASKED = re.compile(rf"{HOST}(?::[0-9]+)?(?:/|$)")
VARIABLE = re.compile(r"\$(?:\((\w+)\)|\{(\w+)\}|(\w+))")
WAIT_HOSTS = "WAIT_HOSTS"
"""What docker-compose-wait waits for (ufoscout/docker-compose-wait, README.md)."""
WAITING = re.compile(r"\b(?:kubectl|oc)\b[^|;&\n]{0,200}?\s(?:wait|rollout\s+status)\b(?P<rest>[^|;&\n]*)")
HOLDING_COMMANDS = (("lifecycle", "postStart"), ("startupProbe",), ("readinessProbe",))
WAITS_FIRST = re.compile(r"\b(?:wait[-_]for|dockerize\b.{0,200}\s-wait|until|while\s+!)")
WAITING_TOOL = ("k8s-wait-for", "wait_for.sh")
NAMED = re.compile(r"(?<![\w.=/-])(?P<kind>[a-z]+)(?:\.[a-z.]+)?(?:/|\s+)(?P<name>[a-z0-9][a-z0-9.-]*)")
NAMESPACE = re.compile(r"(?:-n|--namespace)[=\s]")
AWAITED_KINDS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("job", "jobs"), ("batch", "Job")),
    **dict.fromkeys(("deployment", "deployments", "deploy"), ("apps", "Deployment")),
    **dict.fromkeys(("statefulset", "statefulsets", "sts"), ("apps", "StatefulSet")),
    **dict.fromkeys(("daemonset", "daemonsets", "ds"), ("apps", "DaemonSet")),
    **dict.fromkeys(("service", "services", "svc"), ("", "Service")),
}


class AwaitedHost(NamedTuple):
    """A host, and whether it must answer: otherwise its name must only resolve."""

    host: str
    answers: bool


def awaited_hosts(containers: Iterable[Mapping[str, Any]]) -> Iterator[AwaitedHost]:
    """What the commands of containers that end call, or look up."""
    for container in containers:
        yield from _hosts_of_command(container)


def awaited_objects(containers: Iterable[Mapping[str, Any]], namespace: str) -> Iterator[Key]:
    """The Jobs, workloads and Services of the pod's namespace that these containers wait for by their names."""
    for container in containers:
        text = _filled_in_command(container)
        commands = [command["rest"] for command in WAITING.finditer(text)]
        if any(name in f"{container.get('image')} {text}" for name in WAITING_TOOL):
            commands.append(re.sub(r"\b(job)-w[re]\b", r"\1", text))
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


def holding_commands(template: Template) -> Iterator[Mapping[str, Any]]:
    """What else runs before a pod is ready, in a container's form: hooks, probes, and commands that wait by themselves.

    Source: Kubernetes, pkg/kubelet/kuberuntime/kuberuntime_container.go `startContainer`, pkg/kubelet/prober.
    """
    for container in mapping_items(mapping_or_empty(template.raw.get("spec")).get("containers")):
        for way in HOLDING_COMMANDS:
            command = nested_value(container, *way, "exec", "command")
            if command:
                yield {"command": command, "env": container.get("env")}
        if WAITS_FIRST.search(" ".join(_words_of_container(container))):
            yield container


def _words_of_container(container: Mapping[str, Any]) -> list[str]:
    return [str(word) for name in ("command", "args") for word in list_or_empty(container.get(name))]


def _hosts_of_command(container: Mapping[str, Any]) -> Iterator[AwaitedHost]:
    text = _filled_in_command(container)
    for rest in LOOKED_UP.findall(text):
        yield from (AwaitedHost(host, answers=False) for host in _asked_hosts(rest))
    for rest in CALLED.findall(text):
        yield from (AwaitedHost(host, answers=True) for host in _asked_hosts(rest))
    yield from (AwaitedHost(host, answers=True) for hosts in OPTION_HOSTS.findall(text) for host in hosts if host)
    yield from (AwaitedHost(host, answers=True) for host, _ in url_addresses((text,)))


def _asked_hosts(words: str) -> Iterator[str]:
    """Of the words after a client's name those that can be its host."""
    matches = (ASKED.match(word.strip("'\"")) for word in words.split())
    yield from (match[1] for match in matches if match is not None)


def _filled_in_command(container: Mapping[str, Any]) -> str:
    """A container's command with the variables that its manifest spells out."""
    variables = {
        str(entry.get("name")): str(entry["value"])
        for entry in mapping_items(container.get("env"))
        if entry.get("value") is not None
    }
    text = " ".join((*_words_of_container(container), variables.get(WAIT_HOSTS, "").replace(",", " ")))
    return VARIABLE.sub(lambda name: variables.get(name[1] or name[2] or name[3], name[0]), text)
