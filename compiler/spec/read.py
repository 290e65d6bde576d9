"""Plain data into models."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError

from compiler.diagnostics.model import Path, Problem
from compiler.spec.base import Model

ModelType = TypeVar("ModelType", bound=Model)


def read_model(model: type[ModelType], data: Any, base: Path = ()) -> tuple[ModelType | None, list[Problem]]:
    """The model that `data` describes, or None and all that is wrong with it, as paths below `base`."""
    try:
        # a field has its name in Python beside the key: only the key is a key of the spec
        return model.model_validate(data, by_alias=True, by_name=False), []
    except ValidationError as error:
        from compiler.spec.model_problems import model_problems  # noqa: PLC0415 - the words, needed where something is wrong

        return None, model_problems(error.errors(include_url=False, include_context=True), model, data, base)
