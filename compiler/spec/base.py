"""What every model shares: frozen, camelCase in YAML, no unknown keys, and the vocabulary of constrained values."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import to_jsonable_python

T = TypeVar("T")


class Model(BaseModel):
    """A frozen part of a spec; unknown keys are errors, and nothing is coerced (`"6"` is no number).

    The modules of models do without `from __future__ import annotations`: pydantic would compile each of 350 types
    that are text, 10 ms at every start.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        populate_by_name=True,
        defer_build=True,  # a model is built when a document is first read into it, the parts of others never: 10 ms
    )


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Marks a field that Kubernetes has too: its value goes into the object as it stands, at `path`, by default under
    the field's own key.
    """

    path: tuple[str, ...] = ()


def shared_default(value: Any) -> Any:
    """A field's default that all models share: of what cannot be hashed pydantic makes a copy for each, which took a
    third of the time of reading a release.

    A model is given as `Model.model_construct()`, and its form for a JSON Schema is made where one is written: each
    that is validated or dumped on import would have a validator and a serializer of its own, 60 ms for all of them.
    """
    return Field(default_factory=lambda: value, json_schema_extra=partial(add_default, value))


def add_default(value: Any, schema: dict[str, Any]) -> None:
    schema["default"] = to_jsonable_python(value)


def parse_timestamp(text: str) -> datetime:
    """A date (its first moment, UTC) or an RFC 3339 time. Raises ValueError for what is on no calendar."""
    result = datetime.fromisoformat(text)
    return result if result.tzinfo is not None else result.replace(tzinfo=UTC)


def validate_date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is not a valid date") from None
    return text


def validate_timestamp(text: str) -> str:
    try:
        parse_timestamp(text)
    except ValueError:
        raise ValueError(f"{text} is not a valid date and time") from None
    return text


def has_letter(text: str) -> str:
    if text.isdecimal():
        raise ValueError("the name of a port needs at least one letter")
    return text


# strict mode would refuse a YAML list for a tuple
Items = Annotated[tuple[T, ...], Field(strict=False)]

DnsLabel = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", min_length=1, max_length=63)]
# a Service's name must start with a letter (RFC 1035), and tracks and hashes are appended to a release's name
ReleaseName = Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]*[a-z0-9])?$", min_length=1, max_length=40)]
# of a Service alone, without room for the name of a track
ServiceName = Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]*[a-z0-9])?$", min_length=1, max_length=63)]
DnsSubdomain = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", max_length=253),
]
# labels of at most 63 (RFC 1035), the last one beginning with a letter: an address is no name (RFC 1123, 2.1)
HostName = Annotated[
    str,
    StringConstraints(
        pattern=r"^(\*\.)?([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z]([-a-z0-9]{0,61}[a-z0-9])?$", max_length=253
    ),
]
# Gateway API, HTTPPathMatch: other characters, and `%` before what is no hexadecimal number, are refused
UrlPath = Annotated[
    str, StringConstraints(pattern=r"^/([A-Za-z0-9/_.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*$", max_length=1024)
]
# apimachinery, IsQualifiedName and IsValidLabelValue
LabelKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
        r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
        max_length=317,
    ),
]
LabelValue = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
Labels = dict[LabelKey, LabelValue]
Annotations = dict[LabelKey, str]
# a key of a ConfigMap (apimachinery, IsConfigMapKey)
FileName = Annotated[str, StringConstraints(pattern=r"^\.?[-_A-Za-z0-9][-._A-Za-z0-9]*$", max_length=253)]
# YAML of manifests, below the folder that names it: in the folder itself it would be a spec
ManifestFile = Annotated[str, StringConstraints(pattern=r"^[^\s].*/.*\.ya?ml$", max_length=255)]
# distribution/reference, name: the tag and the digest are the version's
ImageName = Annotated[
    str,
    StringConstraints(
        pattern=r"^([A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*(:[0-9]+)?/)?"
        r"[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$",
        max_length=255,
    ),
]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", max_length=256)]
HeaderValue = Annotated[str, StringConstraints(pattern=r"^[!-~]([ -~]*[!-~])?$", max_length=4096)]
EnvName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$", max_length=253)]
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
# an OCI tag (distribution/reference): a longer or stranger version could not be pulled
Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")]
Quantity = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$", max_length=32),
]
Amount = Quantity | Annotated[int, Field(ge=0)]
# Kubernetes, validateContainerResourceName: a device has a domain
Resource = Annotated[
    str,
    StringConstraints(
        pattern=r"^(cpu|memory|ephemeral-storage|hugepages-[0-9]+[KMG]i|"
        r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$"
    ),
]
# Kubernetes, validEnvDownwardAPIFieldPathExpressions
PodField = Annotated[
    str,
    StringConstraints(
        pattern=r"^(metadata\.(name|namespace|uid|(labels|annotations)\['[^']+'\])|"
        r"spec\.(nodeName|serviceAccountName)|status\.(host|pod)IPs?)$"
    ),
]
# Kubernetes, validContainerResourceFieldPathExpressions and -Prefixes
ContainerResource = Annotated[
    str,
    StringConstraints(pattern=r"^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-[0-9]+[KMG]i)$"),
]
# what exists without being written here, by its kind and name
ExistingObject = Annotated[
    str,
    StringConstraints(
        pattern=r"^(ConfigMap|PersistentVolumeClaim|Secret|Service|ServiceAccount)/"
        r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        max_length=280,
    ),
]
# a service of gRPC with its package, or one of its methods (Gateway API, apis/v1/grpcroute_types.go `GRPCMethodMatch`)
GrpcMethod = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z_0-9.]*(/[A-Za-z_][A-Za-z_0-9]*)?$", max_length=1024)
]
# in nginx's units, which know neither fractions nor anything above giga
BodySize = Annotated[str, StringConstraints(pattern=r"^[0-9]+(k|M|G|Ki|Mi|Gi)?$", max_length=16)]
Date = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"),
    AfterValidator(validate_date),
]
Timestamp = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
    ),
    AfterValidator(validate_timestamp),
]
Duration = Annotated[str, StringConstraints(pattern=r"^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$", min_length=2)]
# as Go writes it (time.ParseDuration), which controllers read
GoDuration = Annotated[str, StringConstraints(pattern=r"^([0-9]+(\.[0-9]+)?(h|ms|m|s))+$", max_length=32)]
Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$")]
Port = Annotated[int, Field(ge=1, le=65535)]
# apimachinery, IsValidPortName: a letter at least, and no two hyphens side by side
PortName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9](-?[a-z0-9])*$", max_length=15), AfterValidator(has_letter)
]
# kube-apiserver, --service-node-port-range: its default
NodePort = Annotated[int, Field(ge=30_000, le=32_767)]
Percent = Annotated[int, Field(ge=0, le=100)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]
Count = Annotated[int, Field(ge=0, le=10_000)]
PositiveCount = Annotated[int, Field(ge=1, le=10_000)]
CountOrPercent = Count | Annotated[str, StringConstraints(pattern=r"^(100|[0-9]{1,2})%$")]
Scalar = str | int | float | bool
Tree = dict[str, Any]
"""A piece of a Kubernetes object, taken as it stands: the Kubernetes schema judges it, not the spec's."""


UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def seconds_of(duration: str) -> int:
    """Seconds in a `Duration` such as `1h30m`."""
    return sum(int(count) * UNITS[unit] for count, unit in re.findall(r"([0-9]+)([dhms])", duration))


def environment_text(value: Scalar) -> str:
    """A scalar as an environment variable holds it: `true`, not `True`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Metadata(Model):
    name: ReleaseName
    labels: Labels = shared_default({})
    annotations: Annotations = shared_default({})
