"""The words of a spec as frozen models: shape and ranges, no behavior. One file a topic."""

from __future__ import annotations

import sys
from types import ModuleType


class NoPlugins(ModuleType):
    """In place of the module in which pydantic looks for plugins: what a spec means is no matter of those installed.

    The look is turned off by a variable too, but loads importlib.metadata and what that needs all the same: 20
    modules, 8 ms of the 200 that a build of one service takes.
    """

    @staticmethod
    def get_plugins() -> tuple[()]:
        return ()


sys.modules.setdefault("pydantic.plugin._loader", NoPlugins("pydantic.plugin._loader"))
