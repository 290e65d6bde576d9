"""Whether what pods name is there: in a folder, or for good reason outside of both."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    annotations_of,
    mapping_items,
    mapping_or_empty,
    nested_value,
    object_labels,
)
from compiler.traffic.readers import gate_readers
from compiler.transition.facts.pods import Reference, Template
from compiler.transition.facts.validation.objects import ACCOUNT_ANNOTATION, ACCOUNT_TYPE
from compiler.transition.facts.workload import makes_pods
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.secret_makers import is_made_by_an_operator
from compiler.transition.sync.snapshot import Snapshot

GENERATOR_KINDS = {
    "ExternalSecret": ("spec", "target", "name"),
    "Certificate": ("spec", "secretName"),
    "SealedSecret": (),
}
OWNER_KINDS = frozenset({"ExternalSecret", "SealedSecret"})
"""What owns the Secret that is made from it, unless it says otherwise."""
ROOT_CA_CONFIG_MAP = Key("", "ConfigMap", "", "kube-root-ca.crt")
"""What a controller writes into every namespace (Kubernetes, pkg/controller/certificates/rootcacertpublisher)."""
CLASS_GROUPS = {"PriorityClass": "scheduling.k8s.io", "RuntimeClass": "node.k8s.io"}
"""The groups of the classes that pods name, which stand in no namespace."""
PROVIDED_GROUPS = {
    "ResourceClaim": "resource.k8s.io",
    "ResourceClaimTemplate": "resource.k8s.io",
    "SecretProviderClass": "secrets-store.csi.x-k8s.io",
}
"""The groups of what else pods name in their namespace."""
TOKEN_KEYS = frozenset({"token", "ca.crt", "namespace"})
"""What a Secret of an account is given (Kubernetes, pkg/controller/serviceaccount/tokens_controller.go)."""
FILLED_KEYS: Mapping[str, frozenset[str] | None] = {
    "config.openshift.io/inject-trusted-cabundle": frozenset({"ca-bundle.crt"}),
    "reflector.v1.k8s.emberstack.com/reflects": None,
    "replicator.v1.mittwald.de/replicate-from": None,
    "secret-generator.v1.mittwald.de/": None,
    "service.beta.openshift.io/inject-cabundle": frozenset({"service-ca.crt"}),
}
"""Annotations and labels by which controllers fill data into an object of a folder, and the keys of it; None: any."""
CERTIFICATE_KEYS = frozenset({"tls.crt", "tls.key", "ca.crt"})
FORMAT_KEYS = {"DER": "key.der", "CombinedPEM": "tls-combined.pem"}
STORE_KEYS = {"jks": ("keystore.jks", "truststore.jks"), "pkcs12": ("keystore.p12", "truststore.p12")}
DATA_FIELDS = ("data", "binaryData", "stringData")


def referenced_key(key: Key, ref: Reference) -> Key:
    """The key of what a pod of workload `key` refers to."""
    group = CLASS_GROUPS.get(ref.kind)
    if group is not None:
        return Key(group, ref.kind, "", ref.name)
    return Key(PROVIDED_GROUPS.get(ref.kind, ""), ref.kind, key.namespace, ref.name)


def lacks_reference(change: Change, key: Key, template: Template, cut: Cut) -> bool:
    """Whether a pod of this template cannot start at this point of the sync."""
    for ref in template.needs:
        if ref.through != "imagePullSecrets":
            result = referenced_key(key, ref)
            snapshot = change.snapshot_of(result, cut)
            if (snapshot is None and not assumed_to_exist(change, result)) or (
                snapshot is not None and missing_keys(snapshot, result, ref)
            ):
                return True
    return False


def missing_keys(snapshot: Snapshot, result: Key, ref: Reference) -> str:
    """The keys that the reference needs and the object's data, or that of the Secret made from it, lacks, in words.

    A variable reads nothing of `binaryData` (Kubernetes, pkg/kubelet/kubelet_pods.go `makeEnvironmentVariables`).
    """
    obj = snapshot.objects[result]
    held = held_keys(obj, result.kind) if ref.keys else None
    if held is not None and result.kind == "ConfigMap" and ref.through.startswith("env"):
        held -= mapping_or_empty(obj.get("binaryData")).keys() - mapping_or_empty(obj.get("data")).keys()
    missing = [] if held is None else [name for name in ref.keys if name not in held]
    merged = _merged_keys(snapshot, result) if missing else frozenset()
    return "" if merged is None else ", ".join(name for name in missing if name not in merged)


def _merged_keys(snapshot: Snapshot, result: Key) -> frozenset[str] | None:
    """The keys that ExternalSecrets add to a Secret that somebody else makes (`creationPolicy: Merge`)."""
    keys: frozenset[str] = frozenset()
    for key in snapshot.of_kind("ExternalSecret") if result.kind == "Secret" else ():
        spec = mapping_or_empty(snapshot.objects[key].get("spec"))
        target = mapping_or_empty(spec.get("target"))
        names = (key.namespace, target.get("name") or key.name) == (result.namespace, result.name)
        if names and target.get("creationPolicy") == "Merge":
            added = _external_keys(spec)
            if added is None:
                return None
            keys |= added
    return keys


def held_keys(obj: Object, kind: str) -> frozenset[str] | None:
    """The keys of the data that an object holds or that an operator makes of it; None: not known.

    Source: external-secrets, apis/externalsecrets/v1 `ExternalSecretTemplate` (a template replaces the data, unless it
    is merged); sealed-secrets, pkg/apis/sealedsecrets/v1alpha1 `Unseal` (the template's data, and what is sealed);
    cert-manager, pkg/apis/certmanager/v1/types_certificate.go (`additionalOutputFormats`, `keystores`).
    """
    spec = mapping_or_empty(obj.get("spec"))
    if kind in ("ConfigMap", "Secret"):
        written = frozenset(name for field in DATA_FIELDS for name in mapping_or_empty(obj.get(field)))
        given = TOKEN_KEYS if obj.get("type") == ACCOUNT_TYPE else frozenset()
        filled = _filled_keys(obj)
        return None if filled is None else written | given | filled
    if kind == "Certificate":
        return _certificate_keys(spec)
    if kind == "SealedSecret":
        parts = (spec.get("encryptedData"), nested_value(spec, "template", "data"))
        return frozenset(name for part in parts for name in mapping_or_empty(part))
    return _external_keys(spec) if kind == "ExternalSecret" else None


def _filled_keys(obj: Object) -> frozenset[str] | None:
    """The keys of what controllers write into the object by themselves, as they are told there; None: not known."""
    fillers = [FILLED_KEYS[prefix] for prefix in _fillers_of(obj)]
    known = [keys for keys in fillers if keys is not None]
    return frozenset[str]().union(*known) if len(known) == len(fillers) else None


def holds_filled_data(obj: Object) -> bool:
    """Whether a controller writes data of its own into a Secret or ConfigMap."""
    return obj.get("type") == ACCOUNT_TYPE or bool(_fillers_of(obj))


def _fillers_of(obj: Object) -> list[str]:
    named = (*annotations_of(obj), *object_labels(obj))
    return [prefix for prefix in FILLED_KEYS if any(str(name).startswith(prefix) for name in named)]


def _certificate_keys(spec: Mapping[str, Any]) -> frozenset[str]:
    formats = (FORMAT_KEYS.get(str(each.get("type"))) for each in mapping_items(spec.get("additionalOutputFormats")))
    stores = (STORE_KEYS.get(name, ()) for name in mapping_or_empty(spec.get("keystores")))
    return CERTIFICATE_KEYS | {name for name in formats if name} | {name for names in stores for name in names}


def token_account(snapshot: Snapshot, secret: Key) -> Key:
    """The account whose token a Secret of the folder is for, and with which it goes; the Secret itself if it has none.

    Source: Kubernetes, pkg/controller/serviceaccount/tokens_controller.go `syncSecret`.
    """
    obj = snapshot.objects.get(secret, {})
    name = annotations_of(obj).get(ACCOUNT_ANNOTATION) if obj.get("type") == ACCOUNT_TYPE else None
    return Key("", "ServiceAccount", secret.namespace, str(name)) if name else secret


def secret_values(obj: Object) -> dict[str, bytes]:
    """What each key of a Secret holds: `stringData` is written into `data` (Kubernetes, pkg/registry/core/secret)."""
    encoded = mapping_or_empty(obj.get("data")).items()
    plain = mapping_or_empty(obj.get("stringData")).items()
    return {
        **{str(name): _decoded_value(str(value)) for name, value in encoded},
        **{str(name): str(value).encode(errors="surrogatepass") for name, value in plain},
    }


def _decoded_value(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return text.encode(errors="surrogatepass")


def _external_keys(spec: Mapping[str, Any]) -> frozenset[str] | None:
    template = mapping_or_empty(nested_value(spec, "target", "template"))
    fetched = frozenset(str(item.get("secretKey")) for item in mapping_items(spec.get("data")))
    made = frozenset(mapping_or_empty(template.get("data")))
    replaces = bool(made) and template.get("mergePolicy") != "Merge"
    if template.get("templateFrom") or (spec.get("dataFrom") and not replaces):
        return None
    return made if replaces else made | fetched


def assumed_to_exist(change: Change, result: Key) -> bool:
    """Whether an object of no folder is taken to exist: told so, made by another object, or read already by pods."""
    if result in change.live.objects or result in change.target.objects:
        return False
    if result._replace(namespace="") == ROOT_CA_CONFIG_MAP or str(result) in change.options.outside:
        return True
    if result.kind in CLASS_GROUPS:
        return True
    if result.kind == "Secret" and _is_generated(change, result):
        return True
    return any(
        referenced_key(key, ref) == result
        for key, workload in change.baseline.workloads.items()
        if key.namespace == result.namespace and makes_pods(workload)
        for ref in workload.template.needs
    )


def _is_generated(change: Change, result: Key) -> bool:
    """Whether an operator makes the Secret (external-secrets, cert-manager, sealed-secrets)."""
    sides = (change.target, change.live)
    return any(is_generated_in(each, result) or is_made_by_an_operator(each, result) for each in sides)


def providing_object(change: Change, result: Key) -> Key:
    """What must be written so that the object is there: itself, or that from which an operator makes it."""
    return result if result in change.target.objects else next(secret_generators(change.target, result), result)


def secret_generators(snapshot: Snapshot, keys: Key) -> Iterator[Key]:
    """The objects of `snapshot` from which an operator makes the Secret; some only add to what others make."""
    for kind in GENERATOR_KINDS if keys.kind == "Secret" else ():
        for key in snapshot.of_kind(kind):
            makes = nested_value(snapshot.objects[key], "spec", "target", "creationPolicy") not in ("Merge", "None")
            if makes and key.namespace == keys.namespace and made_secret(key, snapshot.objects[key]) == keys:
                yield key


def made_secret(key: Key, obj: Object) -> Key:
    """The Secret that an operator makes from the object, which is of one of the kinds in `GENERATOR_KINDS`."""
    path = GENERATOR_KINDS[key.kind]
    name = nested_value(obj, *path) if path else None
    return Key("", "Secret", key.namespace, str(name or key.name))


def secret_owners(snapshot: Snapshot, keys: Key) -> Iterator[Key]:
    """Those of them with which the Secret goes.

    Source: external-secrets, apis/externalsecrets/v1 `ExternalSecretCreationPolicy` (Owner by default); a certificate's
    Secret stays (cert-manager, `--enable-certificate-owner-ref` is false by default).
    """
    return (key for key in secret_generators(snapshot, keys) if owns_secret(key, snapshot.objects[key]))


def owns_secret(key: Key, obj: Object) -> bool:
    """Whether the Secret that is made from the object goes with it."""
    return key.kind in OWNER_KINDS and (nested_value(obj, "spec", "target", "creationPolicy") or "Owner") == "Owner"


def is_generated_in(snapshot: Snapshot, result: Key) -> bool:
    """Whether an object of `snapshot` makes the Secret, also a route or a gateway that asks cert-manager for it.

    Source: cert-manager, docs/usage/ingress.md and docs/usage/gateway.md.
    """
    if any(secret_generators(snapshot, result)):
        return True
    return any(
        "cert-manager.io" in note
        for key in objects_showing(snapshot, result)
        for note in _annotations_in(snapshot, key)
    )


def objects_showing(snapshot: Snapshot, secret: Key) -> Iterator[Key]:
    """The routes and the gateways that show the certificate in the Secret."""
    yield from (key for key, route in snapshot.routes.items() if secret in route.secrets)
    for (group, kind), reader in gate_readers().items():
        gates = (key for key in snapshot.of_kind(kind) if key.group == group)
        yield from (key for key in gates if secret in reader.gate_certificates(snapshot.objects[key], key))


def _annotations_in(snapshot: Snapshot, key: Key) -> Iterable[str]:
    return mapping_or_empty(nested_value(snapshot.objects[key], "metadata", "annotations"))
