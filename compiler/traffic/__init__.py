"""The traffic providers, a folder each. A new one is a folder here and its line in `PACKAGES`.

A package has a module `provider` (its part of the spec, its rules, what it writes) and a module `reader` (what its
objects do with requests, for the plan and the verifier). Each is imported where it is needed: who reads routes needs
no models of specs.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

PACKAGES: Final = [
    "compiler.traffic.gateway_api",
    "compiler.traffic.ingress_nginx",
    "compiler.traffic.service",
]


def provider_schemas() -> tuple[Path, ...]:
    """The schemas that providers bring for their own kinds, in their folders `schemas`.

    Each is a bundle as in `compiler/validate/schemas`: `kinds`, from `apiVersion kind` to a name in `$defs`.
    """
    return _schemas(tuple(PACKAGES))


@lru_cache(maxsize=16)
def _schemas(packages: tuple[str, ...]) -> tuple[Path, ...]:
    specs = (find_spec(package) for package in packages)
    folders = (Path(place) for spec in specs if spec for place in spec.submodule_search_locations or ())
    return tuple(sorted(file for folder in folders for file in (folder / "schemas").glob("*.json")))
