"""Folders that Argo CD renders before it applies them: charts, and Kustomizations, of which plain ones only list files.

Sources: Argo CD, util/app/discovery/discovery.go (`Chart.yaml` and `kustomization.yaml` say which tool renders);
kustomize, api/types/kustomization.go (the keys).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from posixpath import dirname, join, normpath
from typing import Any, Final

from compiler.diagnostics.model import Diagnostic, Loc, Rejected
from compiler.source.characters import SKIP_MARK
from compiler.source.parse import parse_manifests

CHART_FILE: Final = "Chart.yaml"
KUSTOMIZATION_FILES: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")
PLAIN_KEYS: Final = frozenset({"apiVersion", "kind", "metadata", "resources", "sortOptions"})
"""What only lists and orders files: everything else changes what stands in them, or adds to it."""
EDITING_KEYS: Final = frozenset(
    {
        "namespace",
        "namePrefix",
        "nameSuffix",
        "labels",
        "commonLabels",
        "commonAnnotations",
        "images",
        "replicas",
        "patches",
        "patchesStrategicMerge",
        "patchesJson6902",
        "buildMetadata",
        "openapi",
        "generatorOptions",
    }
)
"""What edits the listed files by itself and by other YAML files of the folder. Anything else may take in more:
generators, charts, components, replacements from elsewhere.
"""


@dataclass(frozen=True, slots=True)
class AppliedTexts:
    """The texts to judge, and what edits them before they are applied: Kustomizations and the files beside them.

    They may be judged as they stand only where `editing` is the same on both sides. `skipped` are files that ask
    Argo CD to skip them.
    """

    listed: Mapping[str, str]
    editing: Mapping[str, str]
    skipped: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Kustomization:
    """A Kustomization's file, and what it says: nothing where it is not one document."""

    name: str
    data: Mapping[str, Any]

    @property
    def edits(self) -> bool:
        return not EDITING_KEYS.isdisjoint(self.data)

    def place(self, entry: str) -> str:
        """The path of what an entry names."""
        return normpath(join(dirname(self.name), entry))


def applied_texts(texts: Mapping[str, str]) -> AppliedTexts:
    """The texts that are applied: all of them but those that are skipped, or those that Kustomizations list.

    Raises Rejected for a chart, and for a Kustomization that takes in what is not in the folder.
    """
    charts = [_chart_refusal(name) for name in texts if _file_name(name) == CHART_FILE]
    if charts:
        raise Rejected([_one_refusal(charts)])
    tops = _kustomizations(texts)
    unrendered: list[Diagnostic] = []
    listed: dict[str, str] = {}
    for directory, kustomization in tops.items():
        if not any(other != directory and _is_inside(kustomization.name, other) for other in tops):
            listed |= _listed_texts(texts, tops, directory, unrendered)
    if unrendered:
        raise Rejected([_one_refusal(unrendered)])
    loose = {name: text for name, text in texts.items() if not any(_is_inside(name, top) for top in tops)}
    edited = [directory for directory, kustomization in tops.items() if kustomization.edits]
    editing = {name for name in texts.keys() - listed.keys() if any(_is_inside(name, place) for place in edited)}
    skipped = [name for name, text in loose.items() if SKIP_MARK in text]
    read = {name: text for name, text in loose.items() if name not in skipped}
    return AppliedTexts(read | listed, {name: texts[name] for name in editing}, skipped)


def _one_refusal(unrendered: list[Diagnostic]) -> Diagnostic:
    """The first of them, with how many more there are."""
    first, more = unrendered[0], len(unrendered) - 1
    return replace(first, message=f"{first.message} (and {more} more like it)") if more else first


def _file_name(name: str) -> str:
    return name.rpartition("/")[2]


def _is_inside(name: str, directory: str) -> bool:
    return not directory or name.startswith(f"{directory}/")


def _kustomizations(texts: Mapping[str, str]) -> dict[str, Kustomization]:
    """The Kustomization of each directory that has one."""
    return {
        dirname(name): _read_kustomization(name, text)
        for name, text in texts.items()
        if _file_name(name) in KUSTOMIZATION_FILES
    }


def _read_kustomization(name: str, text: str) -> Kustomization:
    documents = parse_manifests(text, name)
    data = documents[0].data if len(documents) == 1 else {}
    return Kustomization(name, {str(key): value for key, value in data.items()})


def _listed_texts(
    texts: Mapping[str, str], tops: Mapping[str, Kustomization], directory: str, unrendered: list[Diagnostic]
) -> dict[str, str]:
    """The files that the Kustomization of a directory lists, and those that the directories among them list."""
    listed: dict[str, str] = {}
    pending, known = [directory], {directory}
    while pending:
        kustomization = tops[pending.pop()]
        unrendered += [_kustomization_refusal(kustomization.name, why) for why in _foreign_inputs(kustomization, texts)]
        for entry in _resource_entries(kustomization):
            place = kustomization.place(entry)
            if place in texts:
                listed[place] = texts[place]
            elif place in tops and place not in known:
                known.add(place)
                pending.append(place)
            elif place not in known:
                unrendered.append(
                    _kustomization_refusal(kustomization.name, (f"it uses {entry}, which is outside the folder"))
                )
    return listed


def _resource_entries(kustomization: Kustomization) -> list[str]:
    entries = kustomization.data.get("resources")
    return [str(entry) for entry in entries] if isinstance(entries, list) else []


def _foreign_inputs(kustomization: Kustomization, texts: Mapping[str, str]) -> Iterator[str]:
    """What makes the folder's files less than what kustomize takes in, in words."""
    data = kustomization.data
    if not data:
        yield "it is not a single YAML document with content"
    more = sorted(data.keys() - PLAIN_KEYS - EDITING_KEYS)
    if more:
        yield f"it has {', '.join(more)}"
    if not isinstance(data.get("resources") or [], list):
        yield "its resources are not a list"
    for path in _patch_paths(data):
        if kustomization.place(path) not in texts:
            yield f"it uses {path}, which is outside the folder"


def _patch_paths(data: Mapping[str, Any]) -> Iterator[str]:
    """The files that edit others; a patch of several lines stands in the Kustomization itself."""
    for key in ("patches", "patchesStrategicMerge", "patchesJson6902", "openapi"):
        value = data.get(key)
        for each in value if isinstance(value, list) else [value]:
            path = each.get("path") if isinstance(each, Mapping) else each
            if isinstance(path, str) and "\n" not in path:
                yield path


def changed_edits(before: Mapping[str, str], after: Mapping[str, str]) -> Diagnostic | None:
    """What is wrong where the two sides are not edited alike: the refusal of the first file that differs."""
    differing = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if not differing:
        return None
    return _kustomization_refusal(differing[0], "its edits differ between the two sides")


def _kustomization_refusal(name: str, reason: str) -> Diagnostic:
    message = f"Argo CD applies what kustomize builds from this folder, not its files: {reason}"
    fix = "add --kustomize to verify what kustomize builds, or --exclude this file to verify the others as they are"
    return Diagnostic("manifests-unrendered", message, Loc(name, 1, 1), fix)


def _chart_refusal(name: str) -> Diagnostic:
    message = "Argo CD applies what Helm renders from this chart, not its files"
    fix = "verify the output of `helm template` for both sides, or --exclude the chart's files to verify the others"
    return Diagnostic("manifests-unrendered", message, Loc(name, 1, 1), fix)
