"""The schemas that providers bring for their own kinds: the files of a package's folder `schemas`."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from compiler.traffic import PACKAGES


def provider_schemas() -> tuple[Path, ...]:
    """Bundles as in `compiler/validate/schemas`: `kinds`, from `apiVersion kind` to a name in `$defs`."""
    return _schemas(tuple(PACKAGES))


@lru_cache(maxsize=16)
def _schemas(packages: tuple[str, ...]) -> tuple[Path, ...]:
    specs = (find_spec(package) for package in packages)
    folders = (Path(place) for spec in specs if spec for place in spec.submodule_search_locations or ())
    return tuple(sorted(file for folder in folders for file in (folder / "schemas").glob("*.json")))
