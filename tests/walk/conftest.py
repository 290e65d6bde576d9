"""Git's own configuration of this machine plays no part."""

from __future__ import annotations

from tests.cli.conftest import _own_configuration

__all__ = ["_own_configuration"]
