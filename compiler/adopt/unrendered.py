"""What is still to be rendered: charts, Kustomizations, and templates that nobody filled in.

A template is one where YAML or Kubernetes would read it. In what a ConfigMap or a Secret holds, and in the settings of
another controller's objects, it is text for whoever reads that: a dashboard, an alert, values of a chart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.diagnostics.model import Diagnostic, Loc, Path, Rejected
from compiler.source.argocd_file import ArgoCDComposer
from compiler.source.parse import manifest_documents
from compiler.source.rendered_folder import KUSTOMIZATION_FILES

TEMPLATE: Final = re.compile(r"\{\{-?[^}]*(?:\.(?:Values|Release|Chart|Capabilities)\b|\binclude\s+\")")
"""An action of a Helm template; other templates (`{{ $labels.job }}` of an alert) are data."""
RENDER_HELP: Final = "render it first: `helm template RELEASE CHART | shipway adopt - --into ENV`"
KUSTOMIZE_HELP: Final = "render it first: `kubectl kustomize FOLDER | shipway adopt - --into ENV`"
HELD: Final = {"ConfigMap": ("data", "binaryData"), "Secret": ("data", "stringData")}
LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
"""A copy of the whole object. Source: kubectl, `LastAppliedConfigAnnotation`."""


def template_refusals(texts: Mapping[str, str]) -> list[Diagnostic]:
    """A refusal for each file that is a template, a chart's or a Kustomization: what runs is what they render."""
    refusals = []
    for file, text in texts.items():
        name = file.rpartition("/")[2]
        if name in KUSTOMIZATION_FILES:
            message = "this is a Kustomization: what runs is what it renders"
            refusals.append(Diagnostic("adopt-unrendered", message, Loc(file, 1, 1), KUSTOMIZE_HELP))
        elif name == "Chart.yaml":
            message = "this is a chart of Helm: what runs is what it renders"
            refusals.append(Diagnostic("adopt-unrendered", message, Loc(file, 1, 1), RENDER_HELP))
        elif TEMPLATE.search(text):
            place = next(_unfilled_places(file, text), None)
            if place is not None:
                message = "this is a template that was not filled in"
                refusals.append(Diagnostic("adopt-unrendered", message, place, RENDER_HELP))
    return refusals


def _unfilled_places(file: str, text: str) -> Iterator[Loc]:
    """Where a template breaks the YAML, or stands in a value that Kubernetes reads."""
    try:
        documents = manifest_documents(ArgoCDComposer(text, file), text)
    except Rejected as rejected:
        broken = {each.loc.line for each in rejected.diagnostics if each.loc is not None}
        actions = [_place(file, text, match.start()) for match in TEMPLATE.finditer(text)]
        yield from (each for each in actions if broken & {each.line - 1, each.line, each.line + 1})
        return
    for document in documents:
        for path, value in _read_texts(document.data, ()):
            if TEMPLATE.search(value):
                yield document.locate(path)


def _place(file: str, text: str, offset: int) -> Loc:
    return Loc(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _read_texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """The texts that Kubernetes reads, those of every object in a List included."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _read_texts(item, (*path, index))
    elif isinstance(value, dict):
        of_others = "kind" in value and not _of_kubernetes(str(value.get("apiVersion")))
        held = (LAST_APPLIED, *HELD.get(str(value.get("kind")), ()))
        for key, inner in value.items():
            if key not in held and (not of_others or key == "metadata"):
                yield from _read_texts(inner, (*path, key))


def _of_kubernetes(api_version: str) -> bool:
    """Whether the API is one of Kubernetes' own groups: `v1`, `apps/v1`, `networking.k8s.io/v1`."""
    group = api_version.rpartition("/")[0]
    return "." not in group or group.endswith(".k8s.io")
