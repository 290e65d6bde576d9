"""What pydantic found wrong, in the words of people who write specs: one sentence, and the next step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from compiler.diagnostics.model import Path, Problem
from compiler.support.suggest import did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

EXPECTED: Final = {
    "string_type": "a string",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
    "tuple_type": "a list",
    "list_type": "a list",
}
NATIVE: Final = {
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a map",
}
PATTERNS: Final = {
    "^sha256:": (
        "a digest",
        "a digest is `sha256:` and 64 lower-case hexadecimal digits; copy it from the registry",
    ),
    "^[a-z0-9](-?": ("the name of a port", "at most 15 lower-case letters, digits and `-`, with a letter: grpc-web"),
    "^[a-z]([-a-z0-9]*": (
        "a name",
        "use lower-case letters, digits and `-`, beginning with a letter (RFC 1035)",
    ),
    "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?": (
        "the key of a label or an annotation",
        "at most 63 letters, digits, `-`, `_` and `.`, after an optional DNS name and `/`: acme.example/team",
    ),
    "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}": (
        "the value of a label",
        "at most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends",
    ),
    "^\\.?[-_": ("the name of a file", "use letters, digits, `-`, `_` and `.`: a ConfigMap has no folders"),
    "^([A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(": (
        "the name of an image",
        "leave out tag and digest, which belong to the version: ghcr.io/acme/web",
    ),
    "^_?[a-z0-9]": (
        "the name of a folder",
        "one folder: lower-case letters, digits and `-`; `_` only as the first character",
    ),
    "^[a-z0-9]([-a-z0-9]*": ("a name", "use lower-case letters, digits and `-` (RFC 1123)"),
    "^[0-9]+(k|": ("a size", "a size is a number of bytes, or a number with k, M, G, Ki, Mi or Gi"),
    "^[0-9]+(": ("a quantity", "a quantity is a number with a unit: 500m, 2, 4Gi"),
    "^https?://[^\\s@?#]": (
        "an address",
        "write the scheme, the host and the port: https://prometheus.example.com:9090",
    ),
    "^https?://": ("the address of a cluster", "write its API server's address: https://kubernetes.default.svc"),
    "^/": (
        "a path of a URL",
        "a path begins with `/` and has no blanks, `?`, `#` or braces; escape other characters: %20",
    ),
    "^[0-9]{4}-[0-9]": ("a time", "write a date, YYYY-MM-DD, or a time with its zone: 2026-12-24T18:00+01:00"),
    "^[0-9]{4}-": ("a date", "a date is YYYY-MM-DD"),
    r"^(\*": ("a host name", "a host name is lower-case labels separated by dots, with `*.` allowed only in front"),
    "^(cpu|": ("a resource", "use cpu, memory, ephemeral-storage, hugepages-2Mi, or a device: nvidia.com/gpu"),
    "^[^\\s].*/.*": (
        "a file of manifests",
        "name a YAML file in a folder beside the spec: extras/web.yaml",
    ),
    "^(@[a-z]+": ("a schedule", "five fields, minute to weekday, or a word: 0 3 * * *, @daily"),
    "^(limits": (
        "a resource of the downward API",
        "use one of limits.cpu, limits.memory, requests.cpu, requests.memory, limits.ephemeral-storage …",
    ),
    "^(ConfigMap": (
        "an object that can exist outside the specs",
        "write Kind/name: Secret/db; the kinds are ConfigMap, PersistentVolumeClaim, Secret, Service, ServiceAccount",
    ),
    "^(metadata": (
        "a field of the downward API",
        "use one of metadata.name, metadata.namespace, metadata.labels['KEY'], spec.nodeName, status.podIP …",
    ),
    "^v[1-9]": ("the name of a track", "tracks are v1, v2, …"),
    "^([0-9]+d)?": ("a span of time", "write a span of time: 90s, 10m, 1h30m, 2d"),
    "^(100|": ("a percentage", "write a count of pods, or a percentage up to 100%"),
    "^[A-Za-z_][": ("the name of a variable", "use letters, digits, `_`, `.` and `-`, not beginning with a digit"),
    "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}": (
        "an image's tag",
        "a tag has at most 128 letters, digits, `_`, `.` and `-`; put a digest into `digest`",
    ),
    "^[A-Za-z0-9_][A-Za-z0-9_.-]*(/": (
        "a folder of a repository",
        "write the path from the top of the repository, without `.`, `..`, or a `/` at either end",
    ),
    "^[A-Za-z0-9!": ("a header's name", "use letters, digits and `-`: X-Preview"),
    "^[!-~]": ("printable ASCII", "remove blanks at both ends, and characters that are not ASCII"),
}
"""By how a pattern of `base` begins: what it describes, and what to write. The first that fits counts."""

REASONS: Final = {
    "literal_error": "must be one of {expected}",
    "string_pattern_mismatch": "{it} is not {kind}",
    "value_error": "{error}",
    "greater_than_equal": "must be at least {ge}, not {it}",
    "less_than_equal": "must be at most {le}, not {it}",
    "string_too_long": "must have at most {max_length} characters, not {length}",
    "string_too_short": "{it} is too short",
    "too_short": "must have at least {least}, not {actual_length}",
}
"""By pydantic's type of error; the names are those of its context, and of `plain_reason`."""

LONGEST_QUOTED: Final = 60


def unknown_key(path: Path, guess: str | None, known: Sequence[str]) -> Problem:
    if guess is not None:
        text = f"did you mean `{guess}`?"
    elif known:
        text = f"the keys here are: {', '.join(known)}"
    else:
        text = "remove it"
    return Problem("spec-unknown-key", f"unknown key `{path[-1]}`", path, text, on_key=True)


def missing_key(path: Path, key: str) -> Problem:
    return Problem("spec-missing-key", f"{value_name(path)} lacks `{key}`", path, f"add `{key}:` here", on_key=True)


def wrong_key(path: Path, error: ErrorDetails) -> Problem:
    """A key of a map with names of the user's own, such as a variable, that cannot be one."""
    message = f"the key {plain_reason(error, str(path[-1]))}"
    return Problem("spec-wrong-value", message, path, value_help(error, path[-1]), on_key=True)


def wrong_value(path: Path, errors: Sequence[ErrorDetails], value: Any) -> Problem:
    """One sentence for all that a place did wrong; a union's members become "a string or a map"."""
    errors = without_unmeant_choices(errors, value)
    kinds = [EXPECTED[error["type"]] for error in errors if error["type"] in EXPECTED]
    name = value_name(path)
    if len(kinds) == len(errors):
        wanted = " or ".join(dict.fromkeys(kinds))
        return Problem(
            "spec-wrong-type",
            f"{name} must be {wanted}, not {yaml_type_name(value, kinds)}",
            path,
            type_help(value, kinds),
        )
    error = next(error for error in errors if error["type"] not in EXPECTED)
    return Problem("spec-wrong-value", f"{name}: {plain_reason(error, value)}", path, value_help(error, value))


def without_unmeant_choices(errors: Sequence[ErrorDetails], value: Any) -> Sequence[ErrorDetails]:
    """Without the words that stand beside a type (`none` beside a number), unless the value is nearly one of them."""
    words = [word for error in errors if error["type"] == "literal_error" for word in allowed_choices(error)]
    meant = isinstance(value, bool) or did_you_mean(str(value), words) is not None
    return errors if meant else [error for error in errors if error["type"] != "literal_error"] or errors


def value_name(path: Path) -> str:
    """The value's name for people: `port`, or `args[1]` for a member of a list."""
    if not path:
        return "the document"
    if isinstance(path[-1], int) and len(path) > 1:
        return f"`{path[-2]}[{path[-1]}]`"
    return f"`{path[-1]}`"


def yaml_type_name(value: Any, wanted: Sequence[str]) -> str:
    if isinstance(value, float) and "a whole number" in wanted and "a number" not in wanted:
        return "a number with a decimal point"
    return NATIVE.get(type(value), "nothing")


def type_help(value: Any, kinds: Sequence[str]) -> str:
    if value is None:
        return f"write {kinds[0]}, or remove the key"
    if "a string" in kinds and isinstance(value, float):
        return "put the value into quotes as it is; the number would lose its last zeros"
    if "a string" in kinds and isinstance(value, bool):
        return "put the value into quotes as it is"
    if "a string" in kinds and isinstance(value, int):
        return f'quote it: "{value}"'
    if "a whole number" in kinds and isinstance(value, str) and re.fullmatch("[-+]?[0-9]+", value):
        return "write the number without quotes"
    return f"write {kinds[0]}"


def plain_reason(error: ErrorDetails, value: Any) -> str:
    text = REASONS.get(error["type"], error["msg"][:1].lower() + error["msg"][1:].replace("{", "{{").replace("}", "}}"))
    if error["type"] == "literal_error" and len(allowed_choices(error)) == 1:
        text = "must be {expected}"
    context = error.get("ctx", {})
    return text.format(
        **context,
        it=quoted_value(value),
        kind=pattern_description(error)[0],
        length=len(str(value)),
        least=entry_count(context.get("min_length")),
    )


def entry_count(number: int | None) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def value_help(error: ErrorDetails, value: Any) -> str:
    if error["type"] == "string_pattern_mismatch":
        return pattern_description(error)[1]
    if error["type"] == "literal_error":
        return choice_help(allowed_choices(error), value)
    if error["type"] == "too_short":
        return f"write {entry_count(error['ctx']['min_length'])} or more"
    return "change the value; `shipway schema` prints what is allowed"


def choice_help(known: Sequence[str], value: Any) -> str:
    """The choice that was meant; a number or a boolean that should be text is one that lost its quotes."""
    if not isinstance(value, str):
        return f'quote it: "{value}"' if str(value) in known else f"write {' or '.join(known)}"
    guess = did_you_mean(value, known)
    return f"did you mean `{guess}`?" if guess else f"write {' or '.join(known)}"


def allowed_choices(error: ErrorDetails) -> list[str]:
    return re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected")))


def pattern_description(error: ErrorDetails) -> tuple[str, str]:
    """What a pattern stands for, and how it is written."""
    pattern = str(error.get("ctx", {}).get("pattern", ""))
    fits = (words for start, words in PATTERNS.items() if pattern.startswith(start))
    return next(fits, (f"of the form {pattern}", "change the value; `shipway schema` prints what is allowed"))


def quoted_value(value: Any) -> str:
    if value == "":
        return "an empty text"
    text = str(value)
    return f"`{text}`" if len(text) <= LONGEST_QUOTED else f"`{text[:LONGEST_QUOTED]}…`"
