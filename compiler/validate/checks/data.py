"""ConfigMaps and Secrets: sizes and keys. Messages name keys, never values."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.manifest import Object
from compiler.validate.finding import Finding, found

_LIMIT = 1024 * 1024  # core.MaxSecretSize; ConfigMaps have the same
_KEYS = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}


def check_config_map(obj: Object) -> Iterator[Finding]:
    """At most 1 MiB, and no key twice (pkg/apis/core/validation, ValidateConfigMap)."""
    data, binary = obj.get("data", {}), obj.get("binaryData", {})
    for key in data.keys() & binary.keys() if binary else ():
        yield found("duplicate-name", ("binaryData", key), f"the key `{key}` is in `data` and in `binaryData`")
    yield from _size(obj, ("data", "binaryData"))


def check_secret(obj: Object) -> Iterator[Finding]:
    """At most 1 MiB, and the keys that its type asks for (ValidateSecret)."""
    data, text = obj.get("data", {}), obj.get("stringData", {})
    for key in _KEYS.get(obj.get("type", "Opaque"), ()):
        if key not in data and key not in text:
            yield found("secret-malformed", (), f"a Secret of type {obj['type']} needs the key `{key}`")
    yield from _size(obj, ("data", "stringData"))


def _size(obj: Object, fields: tuple[str, str]) -> Iterator[Finding]:
    values = [value for field in fields for value in obj.get(field, {}).values()]
    # Bytes only where characters could make the difference: four at most for each.
    if sum(map(len, values)) * 4 > _LIMIT and sum(len(value.encode()) for value in values) > _LIMIT:
        yield found("data-too-large", (fields[0],), f"the {obj['kind']} holds more than 1 MiB")
