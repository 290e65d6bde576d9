"""What each release claims of what all of an environment share."""

from __future__ import annotations

from compiler.model.claims import ReleaseClaims
from compiler.model.compiled import CompiledRelease
from compiler.rules.neighbors import node_ports_of, route_claims
from compiler.rules.quota import release_costs


def release_claims(release: CompiledRelease) -> ReleaseClaims:
    """The release's requests, node ports and, where there is a quota, its cost."""
    if release.claims is not None:
        return release.claims
    expose = release.subject.release.spec.expose
    limited = release.environment.model.spec.quota is not None
    costs = release_costs(release) if limited else (None, None)
    return ReleaseClaims(
        tuple(claim for claim, _ in route_claims(release)),
        expose.path if expose.strip_prefix else None,
        tuple(node_ports_of(release)),
        *costs,
    )
