"""ConfigMaps named by the hash of their content: a change is a new object, and going back finds the old one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from compiler.diagnostics.model import Path
from compiler.model.frame import SYNC_OPTIONS, Frame
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.provenance import derived
from compiler.model.topology import Stage
from compiler.source.document import Files
from compiler.spec.base import environment_text
from compiler.spec.container import Config, ConfigFile, Container, Version

CONTAINER_CONFIG: Final[Path] = ("spec", "container", "config")


@dataclass(frozen=True, slots=True)
class ConfigMapData:
    """What one ConfigMap holds, and the key of `config` that it comes from."""

    name: str
    field: str
    entries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A version's configuration, read and named: `values` are for the environment, `files` are mounted.

    Each is a ConfigMap of its own: variables taken from one with files too would be those files as well (Kubernetes
    ≥ 1.34 takes any name for a variable), and no container starts with a variable as long as a file may be.
    """

    values: ConfigMapData | None
    files: ConfigMapData | None
    mount_path: str

    @property
    def parts(self) -> tuple[ConfigMapData, ...]:
        return tuple(part for part in (self.values, self.files) if part is not None)


def configurations(
    release: str, container: Container, versions: Sequence[Version], files: Files
) -> list[Configuration | None]:
    """What the pods of each version read; those without a configuration of their own share one."""
    common = configuration_of(release, container.config, None, files)
    return [
        common if version.config is None else configuration_of(release, container.config, version.config, files)
        for version in versions
    ]


def configuration_of(release: str, common: Config | None, own: Config | None, files: Files) -> Configuration | None:
    """The container's configuration with a version's own on top; None without any."""
    layers = [config for config in (common, own) if config is not None]
    if not layers:
        return None
    values = {key: environment_text(value) for config in layers for key, value in config.values.items()}
    texts = {name: file_text(source, files) for config in layers for name, source in config.files.items()}
    written = [config.mount_path for config in layers if "mount_path" in config.model_fields_set]
    mount_path = written[-1] if written else layers[-1].mount_path
    return Configuration(
        hashed_config_data(f"{release}-config", "values", values),
        hashed_config_data(f"{release}-files", "files", texts),
        mount_path,
    )


def hashed_config_data(stem: str, field: str, entries: Mapping[str, str]) -> ConfigMapData | None:
    """The entries under the hash of their content; None without any."""
    if not entries:
        return None
    content = json.dumps(entries, sort_keys=True, ensure_ascii=False)
    # 10 hexadecimal digits: as Kustomize and Kubernetes name by content, short enough to read aloud
    digest = hashlib.sha256(content.encode()).hexdigest()[:10]
    return ConfigMapData(derived(f"{stem}-{digest}", *entries.values()), field, entries)


def file_text(source: str | ConfigFile, files: Files) -> str:
    return source if isinstance(source, str) else derived(files[source.path], source.path)


def config_map(frame: Frame, content: ConfigMapData, stage: Stage, path: Path) -> Manifest:
    """The ConfigMap. `PruneLast` stands on the object too: Argo CD reads it from the live one when it prunes."""
    obj: Object = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": frame.metadata(content.name, stage, annotations={SYNC_OPTIONS: "PruneLast=true"}),
        "immutable": True,
        "data": dict(sorted(content.entries.items())),
    }
    return Manifest(obj, Origin(path))


def config_path(release_path: Path, version: Version, field: str) -> Path:
    """Where the values or files stand in the spec: in the version that has some, or in the container."""
    own = version.config is not None and bool(getattr(version.config, field))
    return (*release_path, "config", field) if own else (*CONTAINER_CONFIG, field)
