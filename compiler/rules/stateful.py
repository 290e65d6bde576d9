"""StatefulSets: one track, replaced pod by pod, and names that have to fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.objects import mapping_or_empty
from compiler.spec.documents import ReleaseDocument

STATEFUL: Final[Path] = ("spec", "stateful")
SURGE: Final = {"max_surge": "maxSurge", "max_unavailable": "maxUnavailable"}


def check_stateful(source: ReleaseDocument) -> Iterator[Problem]:
    """What a StatefulSet cannot do: its pods have names and claims of which there is one each."""
    spec, strategy = source.model.spec, source.strategy
    if spec.stateful is None:
        return
    if strategy.name != "rolling":
        message = f"`{strategy.name}` has a second track, and a claim belongs to one pod"
        yield Problem("stateful-strategy", message, strategy.path, "use `rolling`", on_key=True)
    for field, key in SURGE.items():
        if field in strategy.model.model_fields_set:
            message = f"`{key}` is of a Deployment: a StatefulSet replaces its pods one by one"
            yield Problem("stateful-strategy", message, (*strategy.path, key), "remove it", on_key=True)
    for index, claim in enumerate(spec.stateful.claims):
        if not isinstance(mapping_or_empty(claim.get("metadata")).get("name"), str):
            message = "the claim has no name, by which containers mount its volume"
            place = (*STATEFUL, "claims", index)
            yield Problem("stateful-claim", message, place, "add `metadata: {name: data}`", on_key=True)
    if spec.autoscale is not None:
        message = "an autoscaler that takes a pod away leaves its claim behind, and with it its data"
        yield Problem("stateful-autoscale", message, ("spec", "autoscale"), "write `replicas`", on_key=True)
