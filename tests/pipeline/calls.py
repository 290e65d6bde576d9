"""Records which stage calls which other one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final, NamedTuple

from compiler import pipeline

COMPILER: Final = Path(pipeline.__file__).parent
PIPELINE: Final = "pipeline.py"
STAGES: Final = {"source", "spec", "rules", "strategies", "traffic", "assemble", "validate", "tree", "git", "plan"}
REGISTRIES: Final = {"strategy_models", "provider_models"}
"""Tables of what there is: asking for one is not a stage's work."""


class Call(NamedTuple):
    """A call into a stage: from which stage or function of the pipeline, into which, and the function there."""

    caller: str
    stage: str
    function: str


def place_of(frame: FrameType) -> str | None:
    """The stage that a frame is in, "pipeline.py", or None for what is of no stage (models, comprehensions)."""
    path = Path(frame.f_code.co_filename)
    if not path.is_relative_to(COMPILER) or frame.f_code.co_name.startswith("<"):
        return None
    place = path.relative_to(COMPILER).parts[0]
    return place if place in STAGES or place == PIPELINE else None


def caller_of(frame: FrameType) -> str | None:
    """The stage, or the function of the pipeline, that a call comes from at last."""
    above = frame.f_back
    while above is not None and place_of(above) is None:
        above = above.f_back
    if above is None:
        return None
    return above.f_code.co_name if place_of(above) == PIPELINE else place_of(above)


def recorded_calls(work: Callable[[], object]) -> list[Call]:
    """Each call from one stage, or from the pipeline, into another stage, in order."""
    calls: list[Call] = []

    def record(frame: FrameType, event: str, _argument: Any) -> None:
        stage = place_of(frame) if event == "call" else None
        if stage in STAGES and frame.f_code.co_name not in REGISTRIES:
            caller = caller_of(frame)
            if caller is not None and caller != stage:
                calls.append(Call(caller, stage, frame.f_code.co_name))

    sys.setprofile(record)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def entered_functions(work: Callable[[], object]) -> list[tuple[str, str]]:
    """The folder and the name of each function of the compiler that runs, in order."""
    entered: list[tuple[str, str]] = []

    def record(frame: FrameType, event: str, _argument: Any) -> None:
        path, name = Path(frame.f_code.co_filename), frame.f_code.co_name
        if event == "call" and path.is_relative_to(COMPILER) and not name.startswith("<"):
            entered.append((path.relative_to(COMPILER).parts[0], name))

    sys.setprofile(record)
    try:
        work()
    finally:
        sys.setprofile(None)
    return entered
