"""Which objects an Ingress names, beside its Services. Source: Kubernetes; ingress-nginx, annotations.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from compiler.model.manifest import Object
from compiler.model.objects import Key, NamedObject, annotations_of, nested_value
from compiler.traffic.ingress_nginx import PREFIX
from compiler.traffic.reader import ReferenceReader

SECRET_ANNOTATIONS: Final = ("auth-secret", "auth-tls-secret", "proxy-ssl-secret")


def ingress_references(key: Key, obj: Object) -> Iterator[NamedObject]:
    name, notes = nested_value(obj, "spec", "ingressClassName"), annotations_of(obj)
    if name:
        yield NamedObject(Key("networking.k8s.io", "IngressClass", "", str(name)), outside=True)
    for note in SECRET_ANNOTATIONS:
        if notes.get(PREFIX + note):
            place, _, secret = str(notes[PREFIX + note]).rpartition("/")
            yield NamedObject(Key("", "Secret", place or key.namespace, secret))


REFERENCES: Final[Mapping[tuple[str, str], ReferenceReader]] = {("networking.k8s.io", "Ingress"): ingress_references}
