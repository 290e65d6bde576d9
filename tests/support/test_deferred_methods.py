"""A dataclass whose methods are compiled late is the standard library's own in all that can be seen of it."""

from __future__ import annotations

import dataclasses
import importlib.util
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest

from compiler.support.deferred_methods import COMPILED_ONE_BY_ONE, defer_methods


def another_dataclasses() -> ModuleType:
    """The standard library's module, loaded once more, so that the one that all use stays as it is."""
    spec = importlib.util.spec_from_file_location("another_dataclasses", dataclasses.__file__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def classes_of(module: ModuleType, *, slots: bool) -> tuple[type[Any], type[Any]]:
    @module.dataclass(frozen=True, slots=slots, order=True)
    class Point:
        x: int
        y: int = 0
        names: tuple[str, ...] = module.field(default=(), repr=False, compare=False)

    @module.dataclass(frozen=True, slots=slots)
    class Named(Point):
        name: str = module.field(default_factory=str, kw_only=True)

    return Point, Named


def seen_of(point: type[Any], named: type[Any]) -> list[Any]:
    """What each method answers, twice: when it is first called, and as it stands then."""
    seen: list[Any] = []
    for _ in range(2):
        first, second, other = point(1, names=("a",)), point(1), named(1, 2, name="n")
        seen += [repr(first), repr(other), first == second, first == other, other == named(1, 2, name="n"), first != 1]
        seen += [hash(first) == hash(second), {first, second, point(2)} == {point(1), point(2)}]
        seen += [first < point(2), first >= point(2), sorted([point(3), point(1)])[0].x, point.__qualname__]
        seen += [error_of(lambda made=made: setattr(made, "x", 1)) for made in (first, other)]
        seen += [error_of(lambda made=made: delattr(made, "x")) for made in (first, other)]
        seen += [error_of(lambda made=made: made(1, 2, 3, 4, 5)) for made in (point, named)]
        seen += [error_of(lambda: point(nothing=1)), error_of(lambda first=first: first < 1)]
        seen += [point.__init__.__qualname__, named.__repr__.__qualname__, point.__match_args__]
    return seen


def error_of(act: Any) -> tuple[str, str]:
    with pytest.raises((AttributeError, TypeError)) as caught:
        act()
    return type(caught.value).__name__, str(caught.value)


@pytest.mark.parametrize("slots", [False, True])
def test_each_method_answers_as_the_standard_library_s(slots: bool) -> None:
    module = another_dataclasses()
    defer_methods(module)
    assert seen_of(*classes_of(module, slots=slots)) == seen_of(*classes_of(dataclasses, slots=slots))


def test_a_method_stands_in_its_class_once_it_was_called() -> None:
    module = another_dataclasses()
    defer_methods(module)
    point, named = classes_of(module, slots=True)
    before = point.__hash__
    hash(named(1))
    assert (point.__hash__ is before) and named.__hash__ is not before
    hash(point(1))
    assert (point.__hash__ is before) is not COMPILED_ONE_BY_ONE


def test_a_command_defers_and_what_goes_to_another_process_comes_back_equal() -> None:
    code = (
        "import pickle; from compiler.cli.program import run_program; run_program(['explain', 'yaml-syntax'])\n"
        "from compiler.diagnostics.model import Loc; loc = Loc('a', 1, 2)\n"
        "print(Loc.__lt__.__code__.co_filename, pickle.loads(pickle.dumps(loc)) == loc, loc < Loc('b', 1, 1))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    file, *answers = done.stdout.splitlines()[-1].split()
    assert answers == ["True", "True"]
    assert file.endswith("deferred_methods.py") is COMPILED_ONE_BY_ONE


def test_several_commands_in_one_process_defer_once() -> None:
    module = another_dataclasses()
    defer_methods(module)
    before = dict(vars(module))
    defer_methods(module)
    assert vars(module) == before
