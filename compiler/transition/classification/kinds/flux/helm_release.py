"""HelmRelease: Flux, helm-controller, api/v2/helmrelease_types.go. What its chart renders stands in no folder.

A release is upgraded when its chart, its values, its post-renderers or its common metadata differ from what was
installed (internal/reconcile/state.go `DetermineReleaseState`). How it installs, upgrades, rolls back or uninstalls
is read then, and changes nothing by itself.
"""

from __future__ import annotations

from dataclasses import replace

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.flux import (
    CONTROLLED,
    DECLARED,
    POLLED,
    READY,
    RESUMED,
    corrects_drift,
    runs_tests,
)
from compiler.transition.classification.shared.metadata import METADATA

REMEDY = (
    "render the chart on both sides (helm template NAME CHART --version VERSION --values FILE) and verify the two "
    "outputs"
)
RENDERED = Unjudged("what the chart renders, and so every object of the release", remedy=REMEDY)
AT_ACTIONS = Inert(
    "Flux, helm-controller, internal/reconcile/state.go: read when the release is installed, upgraded, rolled back or "
    "uninstalled, which it does not cause"
)
TABLE = KindTable(
    "helm.toolkit.fluxcd.io",
    "HelmRelease",
    versions=tuple(f"helm.toolkit.fluxcd.io/{version}" for version in ("v2", "v2beta2", "v2beta1")),
    influence="what the chart renders, and so every object of the release",
    fields={
        "metadata": METADATA,
        "spec": {
            **dict.fromkeys(("install", "maxHistory", "rollback", "uninstall", "upgrade"), AT_ACTIONS),
            **dict.fromkeys(("chartRef", "commonMetadata", "postRenderers", "values", "valuesFrom"), RENDERED),
            **dict.fromkeys(("releaseName", "storageNamespace", "targetNamespace"), RENDERED),
            **dict.fromkeys(("dependsOn", "healthCheckExprs", "timeout", "waitStrategy"), READY),
            **dict.fromkeys(("kubeConfig", "serviceAccountName"), CONTROLLED),
            "chart": {
                "metadata": DECLARED,
                "spec": {
                    **dict.fromkeys(
                        (
                            "chart", "ignoreMissingValuesFiles", "sourceRef", "valuesFile", "valuesFiles", "version",
                        ),
                        RENDERED,
                    ),
                    "interval": POLLED,
                    "reconcileStrategy": replace(RENDERED, default="ChartVersion"),
                    "verify": READY,
                },
            },
            "driftDetection": Unjudged(
                "which fields are set back, such as the replicas that an HPA sets", matters=corrects_drift
            ),
            "interval": POLLED,
            "persistentClient": Inert("Flux, helm-controller, docs/spec: how it calls the API server"),
            "postRenderStrategy": RENDERED,
            "suspend": RESUMED,
            "test": Unjudged("whether the release is rolled back because its tests fail", matters=runs_tests),
        },
    },
    appears=Unjudged("what the chart renders, and whose requests these objects take", remedy=REMEDY),
    goes=Unjudged("who still calls what it deployed: all objects of the release are deleted with it"),
)  # fmt: skip
