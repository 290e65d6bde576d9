"""Secrets that stand in a manifest as text: each variable is named, its value goes nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from compiler.adopt.running import RunningObject, RunningWorkload
from compiler.model.objects import mapping_items, string_entries
from compiler.validate.literal_secrets import literal_secret, literal_secrets_in_text


def secret_kind(name: str, value: str) -> str | None:
    """What kind of secret the variable or file `name` holds as text, or None."""
    kind = literal_secret(name, value)
    if kind is not None or "\n" not in value:
        return kind
    return next((held for _, held in literal_secrets_in_text(value)), None)


def workload_without_secrets(group: RunningWorkload, secret: str) -> tuple[RunningWorkload, tuple[str, ...]]:
    """The workload with each variable that holds a secret taken from the Secret `secret`, and their names."""
    pod = dict(group.source.pod)
    withheld: list[str] = []
    for field in ("containers", "initContainers"):
        containers = [_container_without_secrets(each, secret, withheld) for each in mapping_items(pod.get(field))]
        if containers:
            pod[field] = containers
    if not withheld:
        return group, ()
    template = {**group.source.object["spec"]["template"], "spec": pod}
    obj = {**group.source.object, "spec": {**group.source.object["spec"], "template": template}}
    return replace(group, source=replace(group.source, object=obj)), tuple(dict.fromkeys(withheld))


def _container_without_secrets(container: Mapping[str, Any], secret: str, withheld: list[str]) -> dict[str, Any]:
    env = []
    for each in mapping_items(container.get("env")):
        name = str(each.get("name"))
        if secret_kind(name, str(each.get("value") or "")) is None:
            env.append(each)
        else:
            withheld.append(name)
            env.append({"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": name}}})
    return {**container, "env": env} if env else dict(container)


def secret_entries(source: RunningObject) -> Iterator[tuple[str, str]]:
    """The keys of a ConfigMap whose values hold a secret, each with its kind."""
    if source.kind == "ConfigMap":
        for name, value in string_entries(source.object.get("data")).items():
            kind = secret_kind(name, value)
            if kind is not None:
                yield name, kind


def secret_texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The places in any piece of an object whose text holds a secret (`args[2]`), each with its kind.

    A checksum of secrets, which charts write into annotations, is none.
    """
    if isinstance(value, str) and "checksum/" not in name:
        kind = secret_kind(name.rpartition(".")[2], value)
        if kind is not None:
            yield name, kind
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _item_secrets(item, f"{name}[{index}]")
    elif isinstance(value, dict) and not is_key_reference(value):
        for key, inner in value.items():
            yield from secret_texts(inner, f"{name}.{key}" if name else str(key))


def is_key_reference(value: Mapping[str, Any]) -> bool:
    """Whether a map names a key of a Secret or ConfigMap, in the spec's words or in Kubernetes'."""
    return "key" in value and any(word in value for word in ("secret", "configMap", "name"))


def _item_secrets(item: Any, name: str) -> Iterator[tuple[str, str]]:
    """A variable is judged by its own name, everything else by its place."""
    if isinstance(item, dict) and isinstance(item.get("name"), str) and isinstance(item.get("value"), str):
        kind = secret_kind(item["name"], item["value"])
        if kind is not None:
            yield f"{name} {item['name']}", kind
    else:
        yield from secret_texts(item, name)
