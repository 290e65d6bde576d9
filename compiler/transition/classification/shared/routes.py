"""What routes of the Gateway API have in common whose requests the verifier does not simulate.

Source: Gateway API, apis/v1/shared_types.go, apis/v1/grpcroute_types.go, apis/v1alpha2 (TCPRoute, TLSRoute, UDPRoute).
"""

from __future__ import annotations

from compiler.model.classification import FieldTable, Inert, Items, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

GROUP = "gateway.networking.k8s.io"
ATTACHED = Unjudged("to which listeners the route is attached")
ANSWERED = Unjudged("which pods answer")
TAKEN = Unjudged("which requests the route matches")
STEERED = Unjudged("what the filter does to the requests (whether the objects that it names exist is judged)")
FILTER: FieldTable = dict.fromkeys(
    (
        "type", "extensionRef", "requestMirror", "requestHeaderModifier", "responseHeaderModifier", "urlRewrite",
        "requestRedirect", "cors", "externalAuth",
    ),
    STEERED,
)  # fmt: skip
BACKEND: FieldTable = {
    **dict.fromkeys(("group", "kind", "name", "namespace", "port", "weight"), ANSWERED),
    "filters": Items(FILTER, by=("type",)),
}
RULE: FieldTable = {
    "backendRefs": Items(BACKEND, by=("namespace", "name", "port")),
    "filters": Items(FILTER, by=("type",)),
    "matches": TAKEN,
    "name": Inert("Gateway API, apis/v1/shared_types.go `SectionName`: what policies refer to"),
    "sessionPersistence": Inert("Gateway API, GEP-1619: which of the ready pods answers"),
}
PARENT: FieldTable = dict.fromkeys(("group", "kind", "name", "namespace", "port", "sectionName"), ATTACHED)


def route_table(kind: str, versions: tuple[str, ...]) -> KindTable:
    """The table of a kind of route: what its rules name is judged, who answers is not."""
    return KindTable(
        GROUP,
        kind,
        versions=tuple(f"{GROUP}/{version}" for version in versions),
        influence="which pods answer which requests",
        fields={
            "metadata": ROUTE_METADATA,
            "spec": {
                "hostnames": TAKEN,
                "parentRefs": Items(PARENT, by=("namespace", "name", "sectionName")),
                "rules": Items(RULE, by=("name", "matches")),
                "useDefaultGateways": ATTACHED,
            },
        },
    )
