"""The explanations of all stages in one table."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Final

from compiler.diagnostics.explanation import Explanation

STAGES: Final = (
    "source",
    "spec",
    "strategies",
    "traffic",
    "assemble",
    "validate",
    "edit",
    "course",
    "gitops",
    "transition",
    "forge",
)


def explanations() -> Mapping[str, Explanation]:
    """Every code that Shipway can emit, explained, in the order of the codes."""
    found: dict[str, Explanation] = {}
    for name in (*(f"compiler.{stage}.codes" for stage in STAGES), "compiler.codes"):
        found |= importlib.import_module(name).CODES
    return dict(sorted(found.items()))
