"""Constraints in JSON Schema, each with the words that explain it (`x-says`), its code and its next step.

The annotations are for `explain`; validators ignore them.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def enum_constraint(*words: str) -> Schema:
    """Text that must be one of `words`."""
    return {"enum": list(words)}


def text_constraint(pattern: str, says: str, longest: int | None = None, code: str = "value-malformed") -> Schema:
    """Text that must match `pattern` as a whole; `says` completes "must be …"."""
    size = {} if longest is None else {"maxLength": longest}
    return {"pattern": f"^(?:{pattern})$", **size, "x-says": says, "x-code": code}


def shortened_name(name: Schema, longest: int) -> Schema:
    """The constraint `name` with fewer characters, for what controllers append to it."""
    says = str(name["x-says"]).replace(f"at most {name['maxLength']}", f"at most {longest}")
    return {**name, "maxLength": longest, "x-says": says}


def number_between(least: int, most: int | None = None) -> Schema:
    """A number within bounds; without `most`, within those that the schema has."""
    return {"minimum": least} if most is None else {"minimum": least, "maximum": most}


def object_rule(says: str, code: str, **keywords: Any) -> Schema:
    """A rule about an object as a whole; `says` is the complete sentence."""
    return {**keywords, "x-says": says, "x-code": code, "x-whole": True}


def required_fields(*names: str) -> Schema:
    """For an object as a whole: the fields that it needs, and no others."""
    return {"required": list(names)}


def exactly_one(what: str, *names: str) -> Schema:
    """A rule: exactly one of the fields `names`."""
    says = f"{what} needs exactly one of {', '.join(names)}"
    return object_rule(says, "choice-of-one", oneOf=[{"required": [name]} for name in names])


def at_most_one(what: str, *names: str) -> Schema:
    """A rule: not both of the two fields `names`."""
    return object_rule(
        f"{what} can have {names[0]} or {names[1]}, not both", "choice-of-one", **{"not": {"required": list(names)}}
    )


_LABEL = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_QUALIFIED = r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_LABEL_WORDS = "lower-case letters, digits and `-`, with a letter or digit at both ends"

# Names: k8s.io/apimachinery/pkg/util/validation/validation.go.
DNS_LABEL = text_constraint(_LABEL, f"at most 63 {_LABEL_WORDS}", 63, "name-invalid")
DNS_1035 = text_constraint(
    "[a-z](?:[-a-z0-9]*[a-z0-9])?", f"at most 63 {_LABEL_WORDS}, beginning with a letter", 63, "name-invalid"
)
DNS_SUBDOMAIN = text_constraint(_SUBDOMAIN, f"at most 253 {_LABEL_WORDS}, in parts joined by `.`", 253, "name-invalid")
QUALIFIED_NAME = text_constraint(
    rf"(?:{_SUBDOMAIN}/)?{_QUALIFIED}",
    "at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, after an optional DNS "
    "prefix and `/`",
    317,
    "label-invalid",
)
LABEL_VALUE = text_constraint(
    rf"(?:{_QUALIFIED})?",
    "at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, or empty",
    code="label-invalid",
)
HOST = text_constraint(
    rf"(?:\*\.)?{_SUBDOMAIN}", "a DNS name in lower case, with `*.` allowed only in front", 253, "host-invalid"
)

PORT = {**number_between(1, 65535), "x-code": "port-invalid"}
# validation.IsValidPortName: IANA_SVC_NAME of RFC 6335.
PORT_NAME = text_constraint(
    "(?=[a-z0-9-]*[a-z])(?!.*--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?",
    "at most 15 lower-case letters, digits and single `-` between them, with at least one letter",
    15,
    "port-invalid",
)
PORT_OR_NAME = {**PORT_NAME, **PORT}
# resource.Quantity: k8s.io/apimachinery/pkg/api/resource/quantity.go.
QUANTITY = text_constraint(
    r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?",
    "a quantity such as `250m`, `2`, `512Mi` or `2Gi`",
    code="quantity-invalid",
)
PERCENT_OR_COUNT = {**text_constraint("[0-9]+%", "a count, or a percentage such as `25%`"), "minimum": 0}
DATA_KEY = text_constraint(
    r"(?!\.$|\.\.)[-._a-zA-Z0-9]+", "at most 253 letters, digits, `-`, `_` and `.`", 253, "data-key-invalid"
)
BASE64 = text_constraint(
    "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", "base64 with its padding (or use stringData)"
)
