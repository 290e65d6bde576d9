"""The traffic providers, a folder each. A new one is a folder here and its line in `PACKAGES`.

A package has a module `provider` (its part of the spec, its rules, what it writes) and a module `reader` (what its
objects do with requests, for the plan and the verifier). Each is imported where it is needed: who reads routes needs
no models of specs.
"""

from __future__ import annotations

from typing import Final

PACKAGES: Final = [
    "compiler.traffic.gateway_api",
    "compiler.traffic.ingress_nginx",
    "compiler.traffic.service",
]
