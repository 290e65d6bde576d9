"""Kustomization: Flux, kustomize-controller, api/v1/kustomization_types.go. What it applies stands elsewhere."""

from __future__ import annotations

from dataclasses import replace

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.flux import CONTROLLED, POLLED, READY, RESUMED
from compiler.transition.classification.shared.metadata import METADATA

REMEDY = "build what it applies on both sides (flux build kustomization NAME --path FOLDER) and verify the two outputs"
APPLIED = Unjudged("which objects it applies from another folder, and how it edits them", remedy=REMEDY)
AT_CHANGES = Inert(
    "Flux, kustomize-controller, docs/spec/v1/kustomizations.md: read when what it applies changes, or when it is "
    "deleted"
)


def _comes_to_force(_old: object, new: object) -> bool:
    return bool(new)


TABLE = KindTable(
    "kustomize.toolkit.fluxcd.io",
    "Kustomization",
    versions=tuple(f"kustomize.toolkit.fluxcd.io/{version}" for version in ("v1", "v1beta2", "v1beta1")),
    influence="which objects it applies from another folder, and how it edits them",
    fields={
        "metadata": METADATA,
        "spec": {
            **dict.fromkeys(
                (
                    "buildMetadata", "commonMetadata", "components", "decryption", "ignore", "ignoreMissingComponents",
                    "images", "namePrefix", "nameSuffix", "patches", "path", "postBuild", "sourceRef",
                    "targetNamespace",
                ),
                APPLIED,
            ),
            **dict.fromkeys(("dependsOn", "healthCheckExprs", "healthChecks", "timeout"), READY),
            "wait": replace(READY, default=False),
            **dict.fromkeys(("deletionPolicy", "prune", "validation"), AT_CHANGES),
            **dict.fromkeys(("interval", "retryInterval"), POLLED),
            **dict.fromkeys(("kubeConfig", "serviceAccountName"), CONTROLLED),
            "force": Unjudged(
                "whether objects are deleted and created again where they cannot be changed", matters=_comes_to_force
            ),
            "suspend": RESUMED,
        },
    },
    appears=Unjudged("which objects it applies, and whose requests these take", remedy=REMEDY),
    goes=Unjudged("who still calls what it applied: with `prune`, all of it is deleted with it"),
)  # fmt: skip
