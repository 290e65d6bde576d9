"""The hosts that a pod's init containers look up or call before its other containers start.

Source: Kubernetes, docs/concepts/workloads/pods/init-containers.md: each must end well before the next one starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty
from compiler.transition.facts.pods import Template, url_addresses

HOST = r"([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)"
LOOKED_UP = re.compile(rf"\b(?:nslookup|dig|getent\s+(?:a?hosts))(?:\s+-\S+)*\s+{HOST}")
CALLED = re.compile(rf"(?:\bnc(?:\s+-\S+)*\s+|\s-h\s+|--host[=\s])\s*{HOST}")


class AwaitedHost(NamedTuple):
    """A host, and whether it must answer: otherwise its name must only resolve."""

    host: str
    answers: bool


def awaited_hosts(template: Template) -> Iterator[AwaitedHost]:
    """What the commands of init containers that end wait for."""
    for container in mapping_items(mapping_or_empty(template.raw.get("spec")).get("initContainers")):
        if container.get("restartPolicy") != "Always":
            yield from _hosts_of_command(container)


def _hosts_of_command(container: Mapping[str, Any]) -> Iterator[AwaitedHost]:
    words = [str(word) for name in ("command", "args") for word in list_or_empty(container.get(name))]
    text = " ".join(words)
    yield from (AwaitedHost(host, answers=False) for host in LOOKED_UP.findall(text))
    yield from (AwaitedHost(host, answers=True) for host in CALLED.findall(text))
    yield from (AwaitedHost(host, answers=True) for host, _ in url_addresses(words))
