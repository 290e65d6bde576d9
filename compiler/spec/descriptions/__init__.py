"""What each key of a spec does, in words for whoever writes one: a file for the models of each area.

A traffic provider has those of its own models in its folder, in `descriptions.toml`.

Only `schema` reads them: beside the models every command would load them.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from compiler.spec.base import Model

ABOUT: Final = "_about"
"""in place of a key: what the model as a whole is for"""


@cache
def descriptions() -> Mapping[str, Mapping[str, str]]:
    """The texts by the name of the model that has the key, and by the key as specs write it."""
    texts: dict[str, Mapping[str, str]] = {}
    for file in sorted(Path(__file__).parent.glob("*.toml")):
        texts |= tomllib.loads(file.read_text(encoding="utf-8"))
    return texts


@cache
def texts_beside(module: str) -> Mapping[str, Mapping[str, str]]:
    """The texts in `descriptions.toml` beside a module; none where there is no such file."""
    file = Path(str(sys.modules[module].__file__)).with_name("descriptions.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def description_of(model: type[Model], key: str = ABOUT) -> str:
    """What the key does, or the model as a whole: as the model says, or one that it extends. Empty where nothing says
    it, as with a strategy from the outside.
    """
    models = (each for each in model.__mro__ if issubclass(each, Model))
    texts = (descriptions().get(each.__name__) or texts_beside(each.__module__).get(each.__name__) for each in models)
    known = (each.get(key) for each in texts if each is not None)
    return next((text for text in known if text is not None), "")
