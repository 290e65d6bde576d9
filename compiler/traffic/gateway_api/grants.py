"""What becomes of clients when a ReferenceGrant changes, or a Gateway names a certificate of another namespace.

Source: Gateway API, apis/v1beta1/referencegrant_types.go (`From`, `To`: a grant without a name is for all of the kind);
apis/v1/gateway_types.go (`CertificateRefs`: without a grant the listener is `ResolvedRefs=False`, RefNotPermitted).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, nested_value
from compiler.traffic.gateway_api.gateways import certificates_of
from compiler.traffic.gateway_api.routes import GROUP
from compiler.traffic.reader import ConvergedObjects, GateChange


class Permission(NamedTuple):
    """Objects of one kind and namespace may name a target; a target without a name stands for all of its kind."""

    group: str
    kind: str
    namespace: str
    target: Key


def grant_changes(written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects) -> Iterator[GateChange]:
    """Gateways whose certificates are permitted no more, and what grants take from objects of other folders."""
    yield from _forbidden_certificates(written, before, after)
    for key in written:
        if key[:2] == (GROUP, "ReferenceGrant") and key in before.objects:
            for lost in _permissions(key, before.objects[key]):
                if not _is_permitted(after, lost) and not _has_user(before, lost):
                    yield _lost_permission(key, lost)


def _lost_permission(key: Key, lost: Permission) -> GateChange:
    target = f"{lost.target.kind} {lost.target.namespace}/{lost.target.name or '*'}"
    return GateChange(
        "field-unproven",
        f"{key} no longer lets a {lost.kind} of namespace {lost.namespace} name {target}. "
        "Not judged: which objects of other folders do",
        (key,),
        f"review the change by hand, together with the objects of namespace {lost.namespace}",
        "warning",
    )


def _forbidden_certificates(
    written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects
) -> Iterator[GateChange]:
    """Gateways of both commits that name a Secret of another namespace and lose the permission, or never get it.

    What a Gateway names already, without a grant of the folder, is permitted by one of another folder.
    """
    grants = [key for key in written if key[:2] == (GROUP, "ReferenceGrant")]
    for key in after.of_kind("Gateway"):
        if key[:2] != (GROUP, "Gateway") or key not in before.objects:
            continue
        named = certificates_of(before.objects[key], key)
        for secret in sorted(certificates_of(after.objects[key], key)):
            asked = Permission(GROUP, key.kind, key.namespace, secret)
            elsewhere = secret in named and not _is_permitted(before, asked)
            if secret.namespace != key.namespace and not elsewhere and not _is_permitted(after, asked):
                yield GateChange(
                    "reference-unresolved",
                    f"no ReferenceGrant lets {key} name {secret}: the listener gets no certificate and is not served",
                    (key, secret),
                    f"add a ReferenceGrant for it to namespace {secret.namespace}, in an earlier wave or commit",
                    since=next((each for each in written if each == key or each in grants), None),
                )


def _permissions(key: Key, grant: Object) -> Iterator[Permission]:
    for source in mapping_items(nested_value(grant, "spec", "from")):
        for target in mapping_items(nested_value(grant, "spec", "to")):
            named = Key(
                str(target.get("group") or ""), str(target.get("kind")), key.namespace, str(target.get("name") or "")
            )
            yield Permission(
                str(source.get("group", GROUP)), str(source.get("kind")), str(source.get("namespace")), named
            )


def _is_permitted(side: ConvergedObjects, asked: Permission) -> bool:
    """Whether a grant of the commit permits it, by the target's own name or to all of its kind."""
    accepted = (asked, asked._replace(target=asked.target._replace(name="")))
    grants = (key for key in side.objects if key[:2] == (GROUP, "ReferenceGrant"))
    return any(
        permission in accepted
        for key in grants
        if key.namespace == asked.target.namespace
        for permission in _permissions(key, side.objects[key])
    )


def _has_user(side: ConvergedObjects, permission: Permission) -> bool:
    """Whether the folder holds an object to which it was given: such a Gateway or route is judged by itself."""
    judged = permission.kind == "Gateway" or any(key.kind == permission.kind for key in side.routes)
    return judged and any(
        (key.group, key.kind, key.namespace) == (permission.group, permission.kind, permission.namespace)
        for key in side.objects
    )
