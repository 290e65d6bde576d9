"""ConfigMaps named by the hash of their content: a change is a new object, and going back finds the old one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from compiler.diagnostics.model import Path, Problem
from compiler.manifest import Manifest, Object, Origin
from compiler.objects import SYNC_OPTIONS, Frame
from compiler.spec.base import text_of
from compiler.spec.container import Config, ConfigFile, Container, Version
from compiler.topology import Stage, Workload

CONTAINER_CONFIG: Final[Path] = ("spec", "container", "config")
Files = Mapping[str, str]
"""The text of each file that a spec names, by the path it is named with."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A version's configuration, read and named: `values` are for the environment, `files` are mounted."""

    name: str
    values: Mapping[str, str]
    files: Mapping[str, str]
    mount_path: str


def configuration_of(release: str, container: Container, version: Version, files: Files) -> Configuration | None:
    """What the version's pods read: the container's configuration with the version's own on top; None without any."""
    layers = [config for config in (container.config, version.config) if config is not None]
    if not layers:
        return None
    values = {key: text_of(value) for config in layers for key, value in config.values.items()}
    texts = {name: file_text(source, files) for config in layers for name, source in config.files.items()}
    content = json.dumps([values, texts], sort_keys=True, ensure_ascii=False)
    # 10 hexadecimal digits: as Kustomize and Kubernetes name by content, short enough to read aloud
    digest = hashlib.sha256(content.encode()).hexdigest()[:10]
    return Configuration(f"{release}-config-{digest}", values, texts, layers[-1].mount_path)


def check_config(container: Container, workloads: Sequence[Workload]) -> Iterator[Problem]:
    """A key that is a value and a file: they share one ConfigMap, in which the file would take the value's place."""
    for workload in workloads:
        layers = [(CONTAINER_CONFIG, container.config), ((*workload.path, "config"), workload.version.config)]
        values = {key for _, config in layers if config is not None for key in config.values}
        for path, config in layers:
            for key in values.intersection(config.files if config is not None else ()):
                message = f"`{key}` is a value and a file of one ConfigMap"
                yield Problem("config-key-twice", message, (*path, "files", key), "rename one of the two", on_key=True)


def file_text(source: str | ConfigFile, files: Files) -> str:
    return source if isinstance(source, str) else files[source.path]


def config_map(frame: Frame, configuration: Configuration, stage: Stage, path: Path) -> Manifest:
    """The ConfigMap. `PruneLast` stands on the object too: Argo CD reads it from the live one when it prunes."""
    data = {**configuration.values, **configuration.files}
    obj: Object = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": frame.metadata(configuration.name, stage, annotations={SYNC_OPTIONS: "PruneLast=true"}),
        "immutable": True,
        "data": dict(sorted(data.items())),
    }
    return Manifest(obj, Origin(path, "spec"))


def config_path(release_path: Path, version: Version) -> Path:
    """Where the configuration stands in the spec: in the version that overrides it, or in the container."""
    return (*release_path, "config") if version.config is not None else CONTAINER_CONFIG


def named_files(config: Config | None) -> list[str]:
    return [] if config is None else [source.path for source in config.files.values() if isinstance(source, ConfigFile)]
