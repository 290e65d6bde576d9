"""Certificate: cert-manager, pkg/apis/certmanager/v1/types_certificate.go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.model.objects import list_or_empty
from compiler.transition.classification.shared.metadata import METADATA

ISSUED = Unjudged("which names the certificate covers, and whether it is issued", alone=False)


def _are_other_names(old: Any, new: Any) -> bool:
    """Whether the names differ, in whatever order (cert-manager, pkg/util/pki/match.go `EqualUnsorted`)."""
    return sorted(map(str, list_or_empty(old))) != sorted(map(str, list_or_empty(new)))


NAMED = replace(ISSUED, matters=_are_other_names)
KEPT = Inert("cert-manager, docs/usage/certificate.md: the Secret is kept until the next certificate is made")
WRITTEN = Unjudged("which keys the Secret has", alone=False)
TABLE = KindTable(
    "cert-manager.io",
    "Certificate",
    versions=("cert-manager.io/v1",),
    influence="which certificate is issued, and whether it is",
    fields={
        "metadata": METADATA,
        "spec": {
            **dict.fromkeys(
                (
                    "commonName", "isCA", "issuerRef", "literalSubject", "nameConstraints", "otherNames", "usages",
                    "encodeUsagesInRequest", "subject", "privateKey", "signatureAlgorithm",
                ),
                ISSUED,
            ),
            **dict.fromkeys(("dnsNames", "emailAddresses", "ipAddresses", "uris"), NAMED),
            **dict.fromkeys(("duration", "renewBefore", "renewBeforePercentage", "renewal"), KEPT),
            "additionalOutputFormats": WRITTEN,
            "keystores": WRITTEN,
            "revisionHistoryLimit": Inert("cert-manager, docs/usage/certificate.md: how many requests are kept"),
            "secretName": Modeled("config, certificates: which Secret it makes"),
            "secretTemplate": {name: METADATA[name] for name in ("annotations", "labels")},
        },
    },
    goes=Modeled("config, certificates: its Secret stays (--enable-certificate-owner-ref is false by default)"),
)  # fmt: skip
