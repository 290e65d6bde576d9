"""Certificate of cert-manager before 0.11: its pkg/apis/certmanager/v1alpha1/types_certificate.go."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modeled
from compiler.transition.classification.kinds.cert_manager.certificate import ISSUED, KEPT, NAMED
from compiler.transition.classification.shared.metadata import METADATA

TABLE = KindTable(
    "certmanager.k8s.io",
    "Certificate",
    versions=("certmanager.k8s.io/v1alpha1",),
    influence="which certificate is issued, and whether it is",
    fields={
        "metadata": METADATA,
        "spec": {
            **dict.fromkeys(
                ("acme", "commonName", "isCA", "issuerRef", "keyAlgorithm", "keyEncoding", "keySize", "organization"),
                ISSUED,
            ),
            **dict.fromkeys(("dnsNames", "ipAddresses"), NAMED),
            **dict.fromkeys(("duration", "renewBefore"), KEPT),
            "secretName": Modeled("config, certificates: which Secret it makes"),
        },
    },
    goes=Modeled(
        "config, certificates: its Secret stays (cmd/controller/app/options `defaultEnableCertificateOwnerRef`)"
    ),
)
