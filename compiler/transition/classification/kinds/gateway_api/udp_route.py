"""UDPRoute: Gateway API."""

from __future__ import annotations

from compiler.transition.classification.shared.routes import route_table

TABLE = route_table("UDPRoute", ("v1alpha2",))
