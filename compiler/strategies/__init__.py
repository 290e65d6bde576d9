"""The strategies, one file each. A new one is a file here and a line in `STRATEGIES`.

Published objects belong to the first strategy whose `tracks_of` answers: one that writes a narrower form of another's
objects stands before it.
"""

from __future__ import annotations

from collections.abc import Mapping

from compiler.spec.base import Model
from compiler.strategies import blue_green, canary, recreate, rolling, versioned
from compiler.strategies.base import Strategy

STRATEGIES: dict[str, Strategy] = {
    rolling.NAME: rolling,
    recreate.NAME: recreate,
    blue_green.NAME: blue_green,
    canary.NAME: canary,
    versioned.NAME: versioned,
}


def strategy_models() -> Mapping[str, type[Model]]:
    """The model of each strategy's part of the spec, by the strategy's name."""
    return {name: strategy.SPEC for name, strategy in STRATEGIES.items()}
