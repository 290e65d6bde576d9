"""What objects of Flux have in common: how often they look, whether they are paused, what they may do.

Source: Flux, docs of source-controller, helm-controller and kustomize-controller (docs/spec).
"""

from __future__ import annotations

from typing import Any

from compiler.model.classification import Field, Inert, KindTable, Unjudged
from compiler.model.objects import mapping_or_empty
from compiler.transition.classification.shared.metadata import METADATA

GROUP = "source.toolkit.fluxcd.io"
REMEDY = "render what is deployed from it on both sides and verify the two outputs"
FETCHED = Unjudged("which charts and manifests are deployed from it", remedy=REMEDY)
POLLED = Inert("Flux, docs/spec: how often it looks for changes")
DECLARED = Inert("Flux, docs/spec: labels and annotations of an object that it makes for itself")
READY = Unjudged("whether it gets ready", alone=False, gated=True)
"""What it has deployed stays while it is not."""
CONTROLLED = Unjudged("in which cluster, and with which rights, it applies objects")


def _is_resumed(old: Any, _new: Any) -> bool:
    """Whether it was suspended: then nobody knows what has changed meanwhile."""
    return bool(old)


RESUMED = Unjudged("what has changed while it was suspended, and is deployed now", matters=_is_resumed)


def corrects_drift(_old: Any, new: Any) -> bool:
    """Whether fields that others have changed are set back: `warn` and `disabled` only look."""
    return mapping_or_empty(new).get("mode") == "enabled"


def runs_tests(_old: Any, new: Any) -> bool:
    """Whether Helm's tests run at all."""
    return bool(mapping_or_empty(new).get("enable"))


def source_table(
    kind: str,
    fetched: tuple[str, ...],
    reached: tuple[str, ...],
    versions: tuple[str, ...] = ("v1", "v1beta2", "v1beta1"),
) -> KindTable:
    """The table of a source: fields that say what it fetches, and fields that say how it gets there.

    A source that cannot be fetched keeps what it has (source-controller, docs/spec: `Artifact`).
    """
    spec: dict[str, Field] = {
        **dict.fromkeys(fetched, FETCHED),
        **dict.fromkeys(reached, READY),
        "interval": POLLED,
        "suspend": RESUMED,
        "timeout": READY,
    }
    return KindTable(
        GROUP,
        kind,
        versions=tuple(f"{GROUP}/{version}" for version in versions),
        influence="which charts and manifests are deployed from it",
        fields={"metadata": METADATA, "spec": spec},
    )
