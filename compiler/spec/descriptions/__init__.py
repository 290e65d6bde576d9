"""What each key of a spec does, in words for whoever writes one: a file for the models of each area.

Only `schema` reads them: beside the models every command would load them.
"""

from __future__ import annotations

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


def description_of(model: type[Model], key: str = ABOUT) -> str:
    """What the key does, or the model as a whole: as the model says, or one that it extends. Empty where nothing says
    it, as with a strategy or provider from the outside.
    """
    known = (descriptions().get(each.__name__, {}).get(key) for each in model.__mro__)
    return next((text for text in known if text is not None), "")
