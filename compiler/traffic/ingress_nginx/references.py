"""Which objects an Ingress names, beside its Services. Source: Kubernetes; ingress-nginx, annotations.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from compiler.model.manifest import Object
from compiler.model.objects import Key, NamedObject, annotations_of, nested_value
from compiler.traffic.ingress_nginx import PREFIX
from compiler.traffic.reader import ReferenceReader

SECRET_ANNOTATIONS: Final = ("auth-secret", "auth-tls-secret", "proxy-ssl-secret")
CONFIG_ANNOTATIONS: Final = ("auth-proxy-set-headers", "custom-headers", "fastcgi-params-configmap")
"""What names a ConfigMap: nginx denies the location (503) that lacks it (annotations/authreq, customheaders)."""
AUTH_SERVICE: Final = re.compile(r"https?://([-a-z0-9]+)\.([-a-z0-9]+)\.svc(?:[.:/]|$)")


def ingress_references(key: Key, obj: Object) -> Iterator[NamedObject]:
    name, notes = nested_value(obj, "spec", "ingressClassName"), annotations_of(obj)
    if name:
        yield NamedObject(Key("networking.k8s.io", "IngressClass", "", str(name)), outside=True)
    for note, kind in _NOTED_KINDS.items():
        if notes.get(PREFIX + note):
            place, _, named = str(notes[PREFIX + note]).rpartition("/")
            yield NamedObject(Key("", kind, place or key.namespace, named))
    asked = AUTH_SERVICE.match(str(notes.get(f"{PREFIX}auth-url") or ""))
    if asked:
        yield NamedObject(Key("", "Service", asked[2], asked[1]), outside=True)


_NOTED_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(SECRET_ANNOTATIONS, "Secret"),
    **dict.fromkeys(CONFIG_ANNOTATIONS, "ConfigMap"),
}


REFERENCES: Final[Mapping[tuple[str, str], ReferenceReader]] = {("networking.k8s.io", "Ingress"): ingress_references}
