"""Dataclasses whose methods are compiled when one is first called.

Python before 3.13 compiles each method of each dataclass on its own, from a text: 0.3 ms for a frozen class, and 135 of
them, 50 of pydantic's among them, are loaded to build one service. That was a seventh of `check` of one service, and of
800 methods 80 are ever called. What is compiled is the standard library's, unchanged.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any, Final

Method = Callable[..., Any]

COMPILED_ONE_BY_ONE: Final = sys.version_info < (3, 13)
"""Lib/dataclasses.py, `_FuncBuilder`: later versions compile all methods of a class in one go."""


def defer_methods(dataclasses: ModuleType) -> None:
    """Lets each dataclass that is made from here on compile its methods late; `dataclasses` is the module itself.

    Once in a process: several commands may run in one.
    """
    if COMPILED_ONE_BY_ONE and not isinstance(vars(dataclasses)["_init_fn"], partial):
        for name, maker in deferring_makers(vars(dataclasses)).items():
            setattr(dataclasses, name, maker)


def deferring_makers(makers: dict[str, Method]) -> dict[str, Method]:
    """What stands for the functions of Lib/dataclasses.py that make methods, by their names there."""
    return {
        "_init_fn": partial(deferred_named, "__init__", makers["_init_fn"]),
        "_repr_fn": partial(deferred_named, "__repr__", makers["_repr_fn"]),
        "_hash_fn": partial(deferred_named, "__hash__", makers["_hash_fn"]),
        "_cmp_fn": partial(deferred_comparison, makers["_cmp_fn"]),
        "_frozen_get_del_attr": partial(deferred_guards, makers["_frozen_get_del_attr"]),
    }


def deferred_named(name: str, maker: Method, *facts: Any) -> Method:
    return deferred(name, partial(maker, *facts))


def deferred_comparison(maker: Method, name: str, *facts: Any, **more: Any) -> Method:
    return deferred(name, partial(maker, name, *facts, **more))


def deferred_guards(maker: Method, *facts: Any) -> tuple[Method, Method]:
    """What refuses to set and to delete a field of a frozen class."""
    return deferred("__setattr__", lambda: maker(*facts)[0]), deferred("__delattr__", lambda: maker(*facts)[1])


def deferred(name: str, make: Callable[[], Method]) -> Method:
    """A method that, when it is first called, is made and takes its own place in the class that has it."""

    def method(self: Any, *args: Any, **more: Any) -> Any:
        made = make()
        made.__qualname__ = method.__qualname__
        for owner in type(self).__mro__:
            if vars(owner).get(name) is method:
                setattr(owner, name, made)
        return made(self, *args, **more)

    method.__name__ = name
    return method
