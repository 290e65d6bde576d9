"""The same objects by Helm and by kustomize: one chart that ranges over all services, which is Helm's fastest way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmarks.corpus import image_digest, is_blue_green, service_name

EXAMPLES = {"rolling": 0, "blueGreen": 3}
"""A service of each strategy, from whose objects the templates are made."""


def write_chart(tree: Path, services: int, chart: Path) -> Path:
    """A chart for so many services; `tree` is the built environment of at least four."""
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: all\nversion: 0.1.0\n")
    values: dict[str, list[dict[str, str]]] = {strategy: [] for strategy in EXAMPLES}
    for number in range(services):
        strategy = "blueGreen" if is_blue_green(number) else "rolling"
        values[strategy].append({"name": service_name(number), "digest": image_digest(number)})
    (chart / "values.yaml").write_text(json.dumps(values))
    templates = (template(tree, strategy, number) for strategy, number in EXAMPLES.items())
    (chart / "templates" / "all.yaml").write_text("".join(templates))
    return chart


def template(tree: Path, strategy: str, number: int) -> str:
    """The objects of one service with its name and digest replaced, for all services of its strategy."""
    files = sorted((tree / service_name(number)).glob("*.yaml"))
    text = "".join(f"---\n{file.read_text()}" for file in files)
    text = text.replace(image_digest(number), "{{ .digest }}").replace(service_name(number), "{{ .name }}")
    return f"{{{{- range .Values.{strategy} }}}}\n{text}{{{{- end }}}}\n"


def write_kustomization(tree: Path, folder: Path) -> Path:
    """A kustomization that lists all manifests of the services, copied below it."""
    folder.mkdir(parents=True)
    names = []
    for file in sorted(tree.glob("svc*/*.yaml")):
        name = f"{file.parent.name}-{file.name}"
        (folder / name).write_bytes(file.read_bytes())
        names.append(name)
    (folder / "kustomization.yaml").write_text(json.dumps({"resources": names}))
    return folder


def objects_of_text(text: str) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True) for each in yaml.load_all(text, yaml.CSafeLoader) if each)


def objects_of_tree(tree: Path) -> list[str]:
    """The services' objects: those of the environment and of Argo CD have no peer."""
    return sorted(json.dumps(each, sort_keys=True) for each in tree_objects(tree))


def tree_objects(tree: Path) -> Iterator[Any]:
    for file in tree.glob("svc*/*.yaml"):
        yield yaml.load(file.read_text(), yaml.CSafeLoader)
