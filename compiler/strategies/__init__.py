"""The strategies, one file each. A new one is a file here and a line in `STRATEGIES`."""

from __future__ import annotations

from compiler.strategies import blue_green, canary, rolling, versioned
from compiler.strategies.base import Strategy

STRATEGIES: dict[str, Strategy] = {
    rolling.NAME: rolling,
    blue_green.NAME: blue_green,
    canary.NAME: canary,
    versioned.NAME: versioned,
}
