"""A small input for each code that has an example on its page: specs with one mistake, and a command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.docs.example_commands import OF_COMMANDS
from tests.docs.example_files import OF_FILES
from tests.docs.example_manifests import OF_MANIFESTS
from tests.docs.example_objects import OF_OBJECTS
from tests.docs.example_rules import OF_RULES
from tests.docs.example_specs import Input

CHECKED: Final[Mapping[str, Input]] = {**OF_RULES, **OF_OBJECTS, **OF_COMMANDS, **OF_FILES, **OF_MANIFESTS}
