"""HelmChart: Flux, source-controller, api/v1/helmchart_types.go."""

from __future__ import annotations

from compiler.transition.classification.shared.flux import source_table

TABLE = source_table(
    "HelmChart",
    fetched=(
        "chart", "ignoreMissingValuesFiles", "reconcileStrategy", "sourceRef", "valuesFile", "valuesFiles", "version",
    ),
    reached=("verify",),
)  # fmt: skip
