"""What an Ingress of ingress-nginx does not have to say, for another one of its host says it.

Source: ingress-nginx, internal/ingress/controller/controller.go `createServers` (the certificate is the server's),
`getBackendServers` (a canary makes no location); docs/user-guide/nginx-configuration/annotations.md, Canary.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import annotations_of, class_name_of, nested_value
from compiler.traffic.ingress_nginx import PREFIX
from compiler.traffic.ingress_nginx.fields import certified_hosts
from compiler.traffic.ingress_nginx.routes import TRUE_TEXTS

OF_ITS_BACKEND = PREFIX + "service-upstream"


def takes_from_its_host(obj: Object, field: str, before: Any, others: Iterable[Object]) -> bool:
    """Whether a new Ingress takes a field that it leaves out, and that was `before`, from others which stay."""
    if "nginx" not in class_name_of(obj):
        return False
    if field == "spec.tls":
        same = (nested_value(other, *field.split(".")) for other in others if "nginx" in class_name_of(other))
        return certified_hosts(before) <= frozenset[str]().union(*map(certified_hosts, same))
    name = field.removeprefix("metadata.annotations.")
    canary = str(annotations_of(obj).get(PREFIX + "canary")) in TRUE_TEXTS
    return canary and name.startswith(PREFIX) and name != OF_ITS_BACKEND
