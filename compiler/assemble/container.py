"""The release's container, for one version."""

from __future__ import annotations

from typing import Any

from compiler.assemble.config import Configuration
from compiler.assemble.presets import Preset, preset_of, timing_of
from compiler.assemble.probes import probes
from compiler.assemble.security import default_security_context, merged_security_context
from compiler.diagnostics.model import Path
from compiler.model.manifest import Object, Origin
from compiler.model.topology import Workload
from compiler.spec.base import environment_text
from compiler.spec.container import Container, EnvValue, FieldRef, Resources, SecretKey, Version
from compiler.spec.pods import ModelVolume
from compiler.spec.release import Release

CONTAINER: Path = ("spec", "container")
CONFIG_VOLUME = "config"


def image_of(container: Container, version: Version) -> str:
    """`name:tag@digest`: the tag for people, the digest for the runtime."""
    digest = "" if version.digest is None else f"@{version.digest}"
    return f"{version.image or container.image}:{version.version}{digest}"


def container_object(release: Release, workload: Workload, configuration: Configuration | None) -> Object:
    container, version = release.spec.container, workload.version
    preset, timing = preset_of(container), timing_of(release.spec)
    written: Object = {"name": release.metadata.name, "image": image_of(container, version)}
    if container.image_pull_policy is not None:
        written["imagePullPolicy"] = container.image_pull_policy
    if container.command is not None:
        written["command"] = list(container.command)
    arguments = arguments_of(container, version, preset)
    if arguments is not None:
        written["args"] = list(arguments)
    if container.working_dir is not None:
        written["workingDir"] = container.working_dir
    written["ports"] = [{"name": "http", "containerPort": port_of(container), "protocol": "TCP"}]
    written |= container_environment(container, workload, configuration)
    written |= resources_of(container.resources, version.resources)
    mounts = volume_mounts(release, configuration)
    if mounts:
        written["volumeMounts"] = mounts
    written |= probes(preset, container.probes, timing, port_of(container))
    if timing.drain:
        written["lifecycle"] = {"preStop": {"sleep": {"seconds": timing.drain}}}
    security = merged_security_context(container.security_context, default_security_context(release.spec))
    if security:
        written["securityContext"] = security
    return written


def arguments_of(container: Container, version: Version, preset: Preset) -> tuple[str, ...] | None:
    """The version's args, else the container's, else the preset's, whose port follows `port`."""
    if version.args is not None or container.args is not None:
        return version.args if version.args is not None else container.args
    if preset.args is None:
        return None
    return tuple(str(port_of(container)) if arg == str(preset.port) else arg for arg in preset.args)


def port_of(container: Container) -> int:
    return container.port if container.port is not None else preset_of(container).port


def container_environment(container: Container, workload: Workload, configuration: Configuration | None) -> Object:
    """`envFrom` and `env`: the version's variables replace the container's, which replace the strategy's."""
    written: Object = {}
    sources = list(container.env_from)
    if configuration is not None and configuration.values is not None:
        sources.append({"configMapRef": {"name": configuration.values.name}})
    if sources:
        written["envFrom"] = sources
    variables: dict[str, EnvValue] = {**workload.environment, **container.env, **workload.version.env}
    if variables:
        written["env"] = [env_var(name, value) for name, value in variables.items()]
    return written


def env_var(name: str, value: EnvValue) -> Object:
    match value:
        case SecretKey():
            ref: Object = {"name": value.secret, "key": value.key}
            if value.optional:
                ref["optional"] = True
            return {"name": name, "valueFrom": {"secretKeyRef": ref}}
        case FieldRef():
            return {"name": name, "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": value.field}}}
        case _:
            return {"name": name, "value": environment_text(value)}


def resources_of(own: Resources, version: Resources | None) -> Object:
    requests = {**own.requests, **(version.requests if version is not None else {})}
    limits = {**own.limits, **(version.limits if version is not None else {})}
    written = {"requests": requests, "limits": limits}
    filled = {
        name: {key: quantity_text(value) for key, value in part.items()} for name, part in written.items() if part
    }
    return {"resources": filled} if filled else {}


def quantity_text(value: str | int) -> str:
    return str(value)


def volume_mounts(release: Release, configuration: Configuration | None) -> list[Object]:
    mounts: list[Object] = [model_mount(volume) for volume in release.spec.pods.models]
    if configuration is not None and configuration.files is not None:
        mounts.append({"name": CONFIG_VOLUME, "mountPath": configuration.mount_path, "readOnly": True})
    return [*mounts, *release.spec.container.volume_mounts]


def generated_volume_count(release: Release, version: Version) -> int:
    """How many volumes, and mounts, stand before those that the spec writes itself."""
    layers = (release.spec.container.config, version.config)
    return len(release.spec.pods.models) + any(config is not None and bool(config.files) for config in layers)


def model_mount(volume: ModelVolume) -> Object:
    mount: Object = {"name": volume.name, "mountPath": volume.mount_path, "readOnly": True}
    if volume.sub_path is not None:
        mount["subPath"] = volume.sub_path
    return mount


def container_origins(release: Release, workload: Workload, base: Path) -> dict[Path, Origin]:
    """Where each field of the container comes from; `base` is the container's place in the object."""
    container, version = release.spec.container, workload.version
    preset = f"preset {container.preset}" if container.preset is not None else "default"
    unset = Origin((*CONTAINER, "preset") if container.preset is not None else CONTAINER, preset)

    def from_container(field: str, value: Any) -> Origin:
        return unset if value is None else Origin((*CONTAINER, field))

    arguments = Origin((*workload.path, "args")) if version.args is not None else from_container("args", container.args)
    origins = {
        "image": Origin((*workload.path, "version")),
        "args": arguments,
        "command": Origin((*CONTAINER, "command")),
        "ports": from_container("port", container.port),
        "envFrom": Origin((*CONTAINER, "envFrom") if container.env_from else (*CONTAINER, "config")),
        "env": Origin((*workload.path, "env") if version.env else (*CONTAINER, "env")),
        "resources": Origin((*CONTAINER, "resources")),
        "startupProbe": from_container("probes", container.probes.startup),
        "readinessProbe": from_container("probes", container.probes.readiness),
        "livenessProbe": from_container("probes", container.probes.liveness),
        "lifecycle": from_container("drainSeconds", container.drain_seconds),
        "securityContext": from_container("securityContext", container.security_context),
        "volumeMounts": Origin((*CONTAINER, "volumeMounts")),
    }
    found = {(*base, field): origin for field, origin in origins.items()}
    for part in ("requests", "limits"):
        for name in getattr(version.resources, part, {}):
            found[*base, "resources", part, name] = Origin((*workload.path, "resources", part, name))
    for index in range(len(release.spec.pods.models)):
        found[*base, "volumeMounts", index] = Origin(("spec", "pods", "models", index))
    for index in range(len(container.volume_mounts)):
        place = (*base, "volumeMounts", generated_volume_count(release, version) + index)
        found[place] = Origin((*CONTAINER, "volumeMounts", index))
    variables = [*workload.environment, *container.env, *version.env]
    for index, name in enumerate(dict.fromkeys(variables)):
        if name in version.env:
            found[*base, "env", index] = Origin((*workload.path, "env", name))
        elif name in container.env:
            found[*base, "env", index] = Origin((*CONTAINER, "env", name))
        else:
            found[*base, "env", index] = Origin(workload.path, "strategy")
    return found
