"""GRPCRoute: Gateway API."""

from __future__ import annotations

from compiler.transition.classification.shared.routes import route_table

TABLE = route_table("GRPCRoute", ("v1", "v1beta1", "v1alpha2"))
