"""TLSRoute: Gateway API."""

from __future__ import annotations

from compiler.transition.classification.shared.routes import route_table

TABLE = route_table("TLSRoute", ("v1", "v1alpha3", "v1alpha2"))
