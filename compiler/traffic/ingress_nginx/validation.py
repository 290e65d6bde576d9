"""What makes the API server refuse an Ingress, of what several fields say together.

Source: Kubernetes, pkg/apis/networking/validation (`ValidateIngressSpec`, `validateIngressRules`,
`validateHTTPIngressPath`, `validateIngressBackend`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.model.ip_address import is_ip_address
from compiler.model.objects import mapping_items, mapping_or_empty, nested_value
from compiler.traffic.base import BAD_SEQUENCES

IngressError = tuple[str, str]
Spec = Mapping[str, Any]
PLAIN_PATH: Final = re.compile(r"/[A-Za-z0-9/._~-]*")
"""What `strict-validate-path-type` lets pass."""
READ_BY_KUBERNETES: Final = ("Exact", "Prefix")
"""The types of a path that no controller interprets: only these have a form that is checked."""


def ingress_errors(spec: Spec) -> Iterator[IngressError]:
    """Why an Ingress is refused: each error in words, with what fixes it."""
    if not spec.get("rules") and not spec.get("defaultBackend"):
        yield "it has neither rules nor a defaultBackend", "add a rule"
    yield from _backend_errors(mapping_or_empty(spec.get("defaultBackend")))
    for rule in mapping_items(spec.get("rules")):
        if is_ip_address(str(rule.get("host"))):
            yield f"the host {rule['host']} is an address", "name a host, or none"
        for item in mapping_items(nested_value(rule, "http", "paths")):
            if item.get("pathType") in READ_BY_KUBERNETES:
                yield from _path_errors(item)
            yield from _backend_errors(mapping_or_empty(item.get("backend")))


def strict_path_errors(spec: Spec) -> Iterator[IngressError]:
    """Why the webhook of ingress-nginx refuses paths that no pattern may be in, which are written as if they were one.

    Source: ingress-nginx, docs/user-guide/nginx-configuration/configmap.md `strict-validate-path-type` (on by default
    since 1.12).
    """
    for rule in mapping_items(spec.get("rules")):
        for item in mapping_items(nested_value(rule, "http", "paths")):
            kind = item.get("pathType")
            if kind in READ_BY_KUBERNETES and not PLAIN_PATH.fullmatch(str(item.get("path") or "/")):
                yield (
                    f"ingress-nginx refuses a path of type {kind} with other characters than letters, digits and "
                    "/ - . _ ~ (strict-validate-path-type)",
                    "set pathType: ImplementationSpecific on it",
                )


def _path_errors(item: Spec) -> Iterator[IngressError]:
    path = str(item.get("path") or "")
    if not path:
        yield f"a path of type {item.get('pathType')} has no path", "name one, such as /"
    elif BAD_SEQUENCES.search(path):
        yield f"the path {path[:80]} contains //, ., .. or %2f", "write it without them"


def _backend_errors(backend: Spec) -> Iterator[IngressError]:
    service = mapping_or_empty(backend.get("service"))
    port = mapping_or_empty(service.get("port"))
    if service and not (port.get("number") or port.get("name")):
        yield f"the backend {service.get('name')} has no port", "give the Service's port"
