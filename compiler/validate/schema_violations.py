"""Which keyword of a schema refused what: jsonschema runs only here, on what jsonschema-rs refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from jsonschema import Draft202012Validator, ValidationError, validators

from compiler.diagnostics.model import Path
from compiler.validate.tighten.constraints import Schema


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """`instance`, at `path`, fails `keyword` of `schema`. `of_key`: the instance is a key of the map at `path`."""

    path: Path
    keyword: str
    schema: Schema
    instance: Any
    of_key: bool

    @property
    def limit(self) -> Any:
        """What the keyword asks for."""
        return self.schema[self.keyword]


def schema_violations(obj: object, schema: Schema) -> list[SchemaViolation]:
    """Everything in `obj` that `schema` refuses, by the order of paths."""
    result = [_schema_violation(error) for error in _VALIDATOR(schema).iter_errors(obj)]
    return sorted(result, key=lambda refusal: [str(part).zfill(6) for part in refusal.path])


def _schema_violation(error: Any) -> SchemaViolation:
    of_key = "propertyNames" in error.absolute_schema_path
    return SchemaViolation(tuple(error.absolute_path), error.validator, error.schema, error.instance, of_key)


def whole_pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    """Python's `$` also matches before a last line break; that of jsonschema-rs does not."""
    strict = pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern
    if isinstance(instance, str) and not re.search(strict, instance):
        yield ValidationError("the pattern does not match")


_extended: Any = validators.extend  # its stub has no types
_VALIDATOR: Final[Any] = _extended(Draft202012Validator, {"pattern": whole_pattern})
