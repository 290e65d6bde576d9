"""The explanations of all stages in one table."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Final

from compiler.explanations.explanation import Explanation

STAGES: Final = (
    "source",
    "spec",
    "strategies",
    "traffic",
    "adoption",
    "adopt",
    "assemble",
    "validate",
    "edit",
    "course",
    "git",
    "transition",
    "transition_requests",
    "transition_unproven",
    "forge",
    "pilot",
    "pipeline",
)


def explanations() -> Mapping[str, Explanation]:
    """Every code that Shipway can emit, explained, in the order of the codes."""
    codes: dict[str, Explanation] = {}
    for stage in STAGES:
        codes |= importlib.import_module(f"compiler.explanations.{stage}").CODES
    return dict(sorted(codes.items()))
