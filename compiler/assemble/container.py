"""The release's container, for one version."""

from __future__ import annotations

from collections.abc import Sequence

from compiler.assemble.config import Configuration
from compiler.assemble.passed_on import passed_on, set_at
from compiler.assemble.probes import probes
from compiler.assemble.security import default_security_context, merged_security_context
from compiler.model.frame import Frame
from compiler.model.manifest import Object
from compiler.model.provenance import derived
from compiler.model.topology import Workload
from compiler.spec.base import environment_text
from compiler.spec.container import (
    ConfigMapKey,
    Container,
    EnvValue,
    FieldRef,
    ResourceField,
    Resources,
    SecretKey,
    Version,
    image_of,
)
from compiler.spec.pods import ModelVolume
from compiler.spec.ports import NamedPort, declared_ports, main_of
from compiler.spec.presets import Preset, Timing, preset_of
from compiler.spec.release import Release

CONFIG_VOLUME = "config"


def container_object(
    frame: Frame, release: Release, workload: Workload, configuration: Configuration | None, timing: Timing
) -> Object:
    container, version = release.spec.container, workload.version
    preset, ports = preset_of(container), declared_ports(container)
    image = derived(image_of(container, version), version.version)
    written = {"name": frame.container, "image": image, **passed_on(container)}
    arguments = arguments_of(container, version, preset, ports)
    if arguments is not None:
        written["args"] = list(arguments)
    if ports:
        written["ports"] = [
            {"name": port.name, "containerPort": port.number, "protocol": port.protocol} for port in ports
        ]
    written |= container_environment(container, workload, configuration)
    written |= resources_of(container.resources, version.resources)
    mounts = volume_mounts(release, configuration)
    if mounts:
        written["volumeMounts"] = mounts
    written |= probes(preset, container, timing, ports)
    if timing.drain:
        set_at(written, ("lifecycle", "preStop"), {"sleep": {"seconds": timing.drain}})
    security = merged_security_context(container.security_context, default_security_context(release.spec, preset))
    if security:
        written["securityContext"] = security
    return derived(written, container)


def arguments_of(
    container: Container, version: Version, preset: Preset, ports: Sequence[NamedPort]
) -> tuple[str, ...] | None:
    """The version's args, else the container's, else the preset's, whose port follows `port`."""
    if version.args is not None or container.args is not None:
        return version.args if version.args is not None else container.args
    if preset.args is None:
        return None
    main = main_of(container, ports)
    number = preset.port if main is None else main.number
    return tuple(str(number) if arg == str(preset.port) else arg for arg in preset.args)


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
                ref["optional"] = value.optional
            return {"name": name, "valueFrom": {"secretKeyRef": ref}}
        case ConfigMapKey():
            ref = {"name": value.config_map, "key": value.key}
            if value.optional:
                ref["optional"] = value.optional
            return {"name": name, "valueFrom": {"configMapKeyRef": ref}}
        case ResourceField():
            optional = {"containerName": value.container, "divisor": value.divisor}
            given = {key: each for key, each in optional.items() if each is not None}
            return {"name": name, "valueFrom": {"resourceFieldRef": {**given, "resource": value.resource}}}
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
        mount = {"name": CONFIG_VOLUME, "mountPath": configuration.mount_path, "readOnly": True}
        mounts.append(derived(mount, configuration.files.name))
    return [*mounts, *release.spec.container.volume_mounts]


def model_mount(volume: ModelVolume) -> Object:
    mount: Object = {"name": volume.name, "mountPath": volume.mount_path, "readOnly": True}
    if volume.sub_path is not None:
        mount["subPath"] = volume.sub_path
    return mount
