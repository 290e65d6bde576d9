"""ConfigMaps and Secrets: sizes and keys. Messages name keys, never values."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding

_MAX_DATA_SIZE = 1024 * 1024  # core.MaxSecretSize, which is for ConfigMaps too
_REQUIRED_KEYS = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}


def check_config_map(obj: Object) -> Iterator[ObjectFinding]:
    """At most 1 MiB, and no key twice (pkg/apis/core/validation, ValidateConfigMap)."""
    data, binary = obj.get("data", {}), obj.get("binaryData", {})
    for key in data.keys() & binary.keys() if binary else ():
        yield object_finding("duplicate-name", ("binaryData", key), f"the key `{key}` is in `data` and in `binaryData`")
    yield from _size_findings(obj, ("data", "binaryData"))


def check_secret(obj: Object) -> Iterator[ObjectFinding]:
    """At most 1 MiB, and the keys that its type asks for (ValidateSecret)."""
    data, text = obj.get("data", {}), obj.get("stringData", {})
    for key in _REQUIRED_KEYS.get(obj.get("type", "Opaque"), ()):
        if key not in data and key not in text:
            yield object_finding("secret-malformed", (), f"a Secret of type {obj['type']} needs the key `{key}`")
    yield from _size_findings(obj, ("data", "stringData"))


def _size_findings(obj: Object, fields: tuple[str, str]) -> Iterator[ObjectFinding]:
    values = [value for field in fields for value in obj.get(field, {}).values()]
    # Bytes only where characters could make the difference: four at most for each.
    if sum(map(len, values)) * 4 > _MAX_DATA_SIZE and sum(len(value.encode()) for value in values) > _MAX_DATA_SIZE:
        yield object_finding("data-too-large", (fields[0],), f"the data of this {obj['kind']} exceeds 1 MiB")
