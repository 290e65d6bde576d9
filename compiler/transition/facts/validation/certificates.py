"""What makes cert-manager's webhook refuse a Certificate.

Source: cert-manager, internal/apis/certmanager/validation/certificate.go (`ValidateCertificateSpec`,
`ValidateDuration`) and pkg/apis/certmanager/v1/const.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import integer_or_default, mapping_or_empty
from compiler.transition.facts.durations import duration_seconds

CertificateError = tuple[str, str]
Spec = Mapping[str, Any]
HOUR = 3600.0
SHORTEST = HOUR
SHORTEST_RENEWAL = 300.0
DEFAULT_DURATION = 90 * 24 * HOUR
LEGACY_RENEWAL = "720h"
NAMES = ("commonName", "literalSubject", "dnsNames", "uris", "emailAddresses", "ipAddresses", "otherNames")
LONGEST_COMMON_NAME = 64
OWN_GROUPS = ("", "cert-manager.io")
OWN_ISSUERS = ("", "Issuer", "ClusterIssuer")
RSA_SIZES = range(2048, 8193)
ECDSA_SIZES = (256, 384, 521)


def certificate_errors(obj: Object) -> Iterator[CertificateError]:
    """Why the webhook refuses the Certificate, in words, each with what fixes it."""
    spec = mapping_or_empty(obj.get("spec"))
    if not any(spec.get(name) for name in NAMES):
        yield "it has no name at all", "set dnsNames"
    if len(str(spec.get("commonName") or "")) > LONGEST_COMMON_NAME:
        yield f"its commonName is longer than {LONGEST_COMMON_NAME} characters", "use dnsNames instead"
    issuer = mapping_or_empty(spec.get("issuerRef"))
    if not issuer.get("name"):
        yield "its issuerRef has no name", "name the issuer"
    if str(issuer.get("group") or "") in OWN_GROUPS and str(issuer.get("kind") or "") not in OWN_ISSUERS:
        yield (
            f"{issuer['kind']} is no kind of issuer of cert-manager",
            "set issuerRef.group, or Issuer or ClusterIssuer",
        )
    yield from _key_errors(mapping_or_empty(spec.get("privateKey")))
    yield from _duration_errors(spec)


def legacy_certificate_errors(obj: Object) -> Iterator[CertificateError]:
    """Why the webhook of cert-manager before 0.11 refuses the durations of a Certificate.

    Source: its pkg/apis/certmanager/validation/certificate.go `ValidateDuration`: what is not set is its default.
    """
    spec = mapping_or_empty(obj.get("spec"))
    renewal = LEGACY_RENEWAL if spec.get("renewBefore") is None else spec["renewBefore"]
    yield from _duration_errors({"duration": spec.get("duration"), "renewBefore": renewal})


def _key_errors(key: Spec) -> Iterator[CertificateError]:
    size, algorithm = integer_or_default(key.get("size"), 0), str(key.get("algorithm") or "RSA")
    sizes = {"RSA": RSA_SIZES, "ECDSA": ECDSA_SIZES}.get(algorithm)
    if size and sizes is not None and size not in sizes:
        yield f"{algorithm} keys of {size} bits are not made", "correct privateKey.size"


def _duration_errors(spec: Spec) -> Iterator[CertificateError]:
    asked, renewal = spec.get("duration"), spec.get("renewBefore")
    if asked is None and renewal is None:
        return
    duration = duration_seconds(asked, DEFAULT_DURATION)
    if duration < SHORTEST:
        yield f"its duration {asked} is below 1h", "set a longer duration"
    if renewal is None:
        return
    if duration_seconds(renewal, SHORTEST_RENEWAL) < SHORTEST_RENEWAL:
        yield f"its renewBefore {renewal} is below 5m", "renew it earlier"
    if duration_seconds(renewal, 0.0) >= duration:
        yield f"its renewBefore {renewal} is not below its duration", "set a longer duration"
    if spec.get("renewBeforePercentage") is not None:
        yield "it has renewBefore and renewBeforePercentage", "keep one of them"
