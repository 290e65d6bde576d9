"""Secrets that stand in a manifest as text: each variable is named, its value goes nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from compiler.adopt.running import RunningObject, RunningWorkload
from compiler.model.manifest import Object
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
    withheld: dict[str, str] = {}
    source = _pods_without_secrets(group.source, secret, withheld)
    jobs = {word: _pods_without_secrets(job, secret, withheld) for word, job in group.jobs.items()}
    return (replace(group, source=source, jobs=jobs), tuple(withheld)) if withheld else (group, ())


def _pods_without_secrets(running: RunningObject, secret: str, withheld: dict[str, str]) -> RunningObject:
    """The object with references in its pods; `withheld` grows by the variables, each with its value."""
    pod = dict(running.pod)
    for field in ("containers", "initContainers"):
        containers = [_container_without_secrets(each, secret, withheld) for each in mapping_items(pod.get(field))]
        if containers:
            pod[field] = containers
    if pod == running.pod:
        return running
    return replace(running, object=_object_with(running.object, (*running.template_path, "spec"), pod))


def _object_with(obj: Object, path: tuple[str, ...], value: Any) -> Object:
    """The object with another value at the path."""
    first, *rest = path
    return {**obj, first: _object_with(obj[first], tuple(rest), value) if rest else value}


def _container_without_secrets(container: Mapping[str, Any], secret: str, withheld: dict[str, str]) -> dict[str, Any]:
    env = []
    for each in mapping_items(container.get("env")):
        name, value = str(each.get("name")), str(each.get("value") or "")
        if secret_kind(name, value) is None or withheld.setdefault(name, value) != value:
            env.append(each)  # a second value of one name is refused with its place
        else:
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
