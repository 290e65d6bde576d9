"""The traffic providers, a folder each. A new one is a folder here and its line in `PACKAGES`.

A package has a module `provider` (its part of the spec, its rules, what it writes) and a module `reader` (what its
objects do with requests, for the plan and the verifier). It may have more: `fields` and `annotations` (what a change of
each does), `object_checks` (what is wrong with an object that its schema accepts), `schemas/` (of its own kinds). Each
is imported where it is needed: who reads routes needs no models of specs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding

ObjectCheck = Callable[[Object], Iterator[ObjectFinding]]

PACKAGES: Final = [
    "compiler.traffic.gateway_api",
    "compiler.traffic.ingress_nginx",
    "compiler.traffic.service",
]
READ_PACKAGES: Final = [
    "compiler.traffic.istio",
    "compiler.traffic.traefik",
]
"""Proxies whose routes the verifier reads, and which no spec names: a `reader` and `fields`, and no `provider`."""


def provider_schemas() -> tuple[Path, ...]:
    """The schemas that providers bring for their own kinds, in their folders `schemas`.

    Each is a bundle as in `compiler/validate/schemas`: `kinds`, from `apiVersion kind` to a name in `$defs`. The file
    of a kind has its name: `HTTPRoute.json`.
    """
    return _schemas(tuple(PACKAGES))


def provider_object_checks() -> Mapping[tuple[str, str], ObjectCheck]:
    """By API group and kind, what the fields of a provider's object say together, which no schema can."""
    return _object_checks(tuple(PACKAGES))


@lru_cache(maxsize=16)
def _schemas(packages: tuple[str, ...]) -> tuple[Path, ...]:
    specs = (find_spec(package) for package in packages)
    folders = (Path(place) for spec in specs if spec for place in spec.submodule_search_locations or ())
    return tuple(sorted(file for folder in folders for file in (folder / "schemas").glob("*.json")))


@lru_cache(maxsize=16)
def _object_checks(packages: tuple[str, ...]) -> Mapping[tuple[str, str], ObjectCheck]:
    modules = (f"{package}.object_checks" for package in packages)
    return {kind: check for name in modules if find_spec(name) for kind, check in import_module(name).CHECKS.items()}
