"""Plain data into models, with every mistake as a `Problem` that speaks of the document's own paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from compiler.diagnostics.model import Path, Problem
from compiler.diagnostics.suggest import did_you_mean
from compiler.spec.unions import closest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from compiler.spec.base import Model

M = TypeVar("M", bound="Model")

EXPECTED = {
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
NATIVE = {
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a map",
}


def read_model(model: type[M], data: Any, base: Path = ()) -> tuple[M | None, list[Problem]]:
    """The model that `data` describes, or None and all that is wrong with it, as paths below `base`."""
    from pydantic import ValidationError  # noqa: PLC0415 - 65 ms that `--help` must not pay

    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, problems_of(error.errors(include_url=False, include_context=True), model, data, base)


def problems_of(errors: Sequence[ErrorDetails], model: type[Model], data: Any, base: Path) -> list[Problem]:
    """pydantic's errors, one per place: the members of a union fold into one, a misspelt key into "did you mean"."""
    located = [(existing_path(error["loc"], data), error) for error in closest(errors, data)]
    missing = {(path, str(error["loc"][-1])) for path, error in located if error["type"] == "missing"}
    by_place: dict[tuple[Path, str], list[ErrorDetails]] = {}
    for path, error in located:
        place = "unknown" if error["type"] == "extra_forbidden" else "value"
        if error["type"] == "missing":
            place = f"missing {error['loc'][-1]}"
        by_place.setdefault((path, place), []).append(error)
    meant: set[tuple[Path, str]] = set()
    problems = []
    for (path, place), group in sorted(by_place.items(), key=lambda item: item[0][1] != "unknown"):
        if place == "unknown":
            known = keys_at(model, path[:-1])
            guess = did_you_mean(str(path[-1]), known)
            if guess is not None:
                meant.add((path[:-1], guess))
            problems.append(unknown_key(base + path, guess, known))
        elif place.startswith("missing "):
            key = place.removeprefix("missing ")
            if (path, key) in missing and (path, key) not in meant:
                problems.append(missing_key(base + path, key))
        else:
            problems.append(wrong_value(base + path, group, value_at(data, path)))
    return problems


def existing_path(loc: Sequence[str | int], data: Any) -> Path:
    """The parts of pydantic's `loc` that are in the document: it also names union members and models."""
    path: list[str | int] = []
    at = data
    for part in loc:
        in_map = isinstance(at, dict) and part in at
        if in_map or (isinstance(at, list) and isinstance(part, int) and part < len(at)):
            at = at[part]
            path.append(part)
    return tuple(path)


def value_at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def keys_at(model: type[Model], path: Path) -> list[str]:
    """The keys that `model` allows at `path`, of all members of a union there."""
    from compiler.spec.base import Model as Base  # noqa: PLC0415 - pydantic, see read_model

    types: list[Any] = [model]
    for part in path:
        types = [inner for kind in types for inner in step_into(kind, part)]
    return sorted(
        str(field.alias or name)
        for kind in types
        if isinstance(kind, type) and issubclass(kind, Base)
        for name, field in kind.model_fields.items()
    )


def step_into(kind: Any, part: str | int) -> list[Any]:
    from compiler.spec.base import Model as Base  # noqa: PLC0415 - pydantic, see read_model

    if isinstance(kind, type) and issubclass(kind, Base):
        for name, field in kind.model_fields.items():
            if part in (name, field.alias):
                return list(members(field.annotation))
        return []
    arguments: tuple[Any, ...] = getattr(kind, "__args__", ())
    origin = getattr(kind, "__origin__", None)
    if origin is dict and len(arguments) == 2:
        return list(members(arguments[1]))
    if origin is tuple and arguments:
        return list(members(arguments[0]))
    return []


def members(annotation: Any) -> Iterable[Any]:
    """The types that a field's annotation stands for, unions and `Annotated` taken apart."""
    if hasattr(annotation, "__metadata__"):
        yield from members(annotation.__origin__)
        return
    origin = getattr(annotation, "__origin__", None)
    if origin is None and hasattr(annotation, "__args__"):  # X | Y
        for argument in annotation.__args__:
            yield from members(argument)
        return
    if origin is not None and origin.__module__ == "typing":  # Union, Optional
        for argument in annotation.__args__:
            yield from members(argument)
        return
    yield annotation


def unknown_key(path: Path, guess: str | None, known: Sequence[str]) -> Problem:
    if guess is not None:
        text = f"did you mean `{guess}`?"
    elif known:
        text = f"the keys here are: {', '.join(known)}"
    else:
        text = "remove it"
    return Problem("spec-unknown-key", f"unknown key `{path[-1]}`", path, text, on_key=True)


def missing_key(path: Path, key: str) -> Problem:
    return Problem("spec-missing-key", f"{name_of(path)} lacks `{key}`", path, f"add `{key}:` here", on_key=True)


def name_of(path: Path) -> str:
    """The value's name for people: `port`, or `args[1]` for a member of a list."""
    if not path:
        return "the document"
    if isinstance(path[-1], int) and len(path) > 1:
        return f"`{path[-2]}[{path[-1]}]`"
    return f"`{path[-1]}`"


def wrong_value(path: Path, errors: Sequence[ErrorDetails], value: Any) -> Problem:
    """One sentence for all that a place did wrong; a union's members become "a string or a map"."""
    kinds = [EXPECTED[error["type"]] for error in errors if error["type"] in EXPECTED]
    name = name_of(path)
    if len(kinds) == len(errors):
        wanted = " or ".join(dict.fromkeys(kinds))
        got = NATIVE.get(type(value), "nothing")
        return Problem("spec-wrong-type", f"{name} must be {wanted}, not {got}", path, type_help(value, kinds))
    error = next(error for error in errors if error["type"] not in EXPECTED)
    return Problem("spec-wrong-value", f"{name}: {plain_reason(error)}", path, value_help(error))


def type_help(value: Any, kinds: Sequence[str]) -> str:
    if "a string" in kinds and isinstance(value, float):
        return "put it into quotes as it stands, or the number would lose its last zeros"
    if "a string" in kinds and isinstance(value, int) and not isinstance(value, bool):
        return f'quote it: "{value}"'
    if "a whole number" in kinds and isinstance(value, str):
        return "write the number without quotes"
    return f"write {kinds[0]}"


def plain_reason(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            return f"must be one of {context.get('expected')}"
        case "string_pattern_mismatch":
            return f"does not match {context.get('pattern')}"
        case "value_error":
            return str(context.get("error"))
        case _:
            text = error["msg"]
            return text[:1].lower() + text[1:]


def value_help(error: ErrorDetails) -> str:
    pattern = str(error.get("ctx", {}).get("pattern", ""))
    for start, text in PATTERN_HELP.items():
        if pattern.startswith(start):
            return text
    return "change the value; `shipway schema` prints what is allowed"


PATTERN_HELP = {
    "^sha256:": "a digest is `sha256:` and 64 lower-case hexadecimal digits; copy it from the registry",
    "^[a-z]([-a-z0-9]*": "use lower-case letters, digits and `-`, beginning with a letter (RFC 1035)",
    "^[a-z0-9]([-a-z0-9]*": "use lower-case letters, digits and `-` (RFC 1123)",
    "^[0-9]+(": "a quantity is a number with a unit: 500m, 2, 4Gi",
    "^/[": "a path begins with `/`",
    "^[0-9]{4}-": "a date is YYYY-MM-DD",
    r"^(\*": "a host name: lower-case labels with dots between, `*.` only in front",
}
