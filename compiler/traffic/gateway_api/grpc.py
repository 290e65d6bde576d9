"""GRPCRoutes: the calls of `expose.grpc`, divided as plain requests are (Gateway API, apis/v1/grpcroute_types.go)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.provenance import derived
from compiler.model.topology import Split
from compiler.spec.expose import GrpcExposure
from compiler.traffic.base import EXPOSE, Exposure, suffixed
from compiler.traffic.gateway_api.route_parts import (
    GROUP,
    backend_refs,
    header_matches,
    parent_ref,
    retirement_filters,
    weighted_matches,
)

GRPC: Final[Path] = (*EXPOSE, "grpc")
CALLED_PATH: Final = re.compile(r"/[A-Za-z_][A-Za-z_0-9.]*(/[A-Za-z_][A-Za-z_0-9]*)?")
"""How a call of gRPC stands in HTTP/2: `/acme.Search/Find` (gRPC, doc/PROTOCOL-HTTP2.md, `Path`)."""


def grpc_routes(exposure: Exposure, routed: Sequence[Split]) -> list[Manifest]:
    """A GRPCRoute for the splits of each set of hosts; none for a release without `grpc`."""
    grpc = exposure.expose.grpc
    if grpc is None:
        return []
    groups: dict[tuple[str, tuple[str, ...]], list[Split]] = {}
    for split in called_splits(exposure, routed):
        groups.setdefault((split.route, called_hosts(grpc, split)), []).append(split)
    return [grpc_route(exposure, grpc, splits) for splits in groups.values()]


def called_splits(exposure: Exposure, routed: Sequence[Split]) -> list[Split]:
    """The splits that calls can reach: a host of its own is an HTTPRoute's where plain requests are answered too."""
    return [split for split in routed if split.match.host is None or not exposure.expose.answers_http]


def called_hosts(grpc: GrpcExposure, split: Split) -> tuple[str, ...]:
    return grpc.every_host if split.match.host is None else (split.match.host,)


def grpc_route(exposure: Exposure, grpc: GrpcExposure, splits: Sequence[Split]) -> Manifest:
    first = splits[0]
    suffix = first.route or (first.name if first.match.host is not None else "")
    hosts = called_hosts(grpc, first)
    frame, kept = exposure.frame, exposure.frame.kept_name("grpc_route")
    obj: Object = {
        "apiVersion": f"{GROUP}/v1",
        "kind": "GRPCRoute",
        "metadata": frame.metadata(
            suffixed(exposure.release, suffix) if suffix else kept,
            first.stage,
            labels=None if suffix else frame.kept_labels("grpc_route"),
            annotations=exposure.expose.annotations,
        ),
        "spec": {
            "parentRefs": [parent_ref(exposure)],
            **({"hostnames": list(hosts)} if hosts else {}),
            "rules": [rule for split in splits for rule in grpc_rules(exposure, grpc, split)],
        },
    }
    return Manifest(obj, Origin(first.path, "provider gatewayApi"))


def grpc_rules(exposure: Exposure, grpc: GrpcExposure, split: Split) -> list[Object]:
    called = grpc.methods if split.match.path is None else (split.match.path[1:],)
    port = port_of_calls(exposure, grpc)
    rules = []
    for match, weights in weighted_matches(split):
        headers = header_matches(split, match)
        matches = [{**method_match(each), **headers} for each in called] or ([headers] if headers else [])
        filters = retirement_filters(split)
        rules.append(
            {
                **({"matches": matches} if matches else {}),
                **({"filters": filters} if filters else {}),
                "backendRefs": backend_refs(exposure, split, weights, port),
            }
        )
    return rules


def port_of_calls(exposure: Exposure, grpc: GrpcExposure) -> int:
    """The number of the Service's port that takes the calls."""
    service = exposure.expose.service
    number = None if grpc.port is None else service.port_named(grpc.port)
    return service.routed_port if number is None else derived(number, grpc.port)


def method_match(called: str) -> Object:
    """`acme.Search` or `acme.Search/Find` as part of a match."""
    service, _, method = called.partition("/")
    written = {"type": "Exact", "service": derived(service, called)}
    return {"method": {**written, "method": derived(method, called)} if method else written}


def grpc_problems(exposure: Exposure) -> Iterator[Problem]:
    """What of `expose.grpc` no GRPCRoute says."""
    grpc, expose = exposure.expose.grpc, exposure.expose
    if grpc is None:
        return
    if grpc.port is not None and expose.service.port_named(grpc.port) is None:
        known = ", ".join(expose.service.ports) or "none"
        message = f"the Service has no port named `{grpc.port}`; its named ports: {known}"
        yield Problem(
            "grpc-port-unknown", message, (*GRPC, "port"), ("add a port with this name to `expose.service.ports`")
        )
    if expose.answers_http:
        yield from shared_host_problems(exposure, grpc)
    elif expose.timeout_seconds is not None:
        message = "gatewayApi: a GRPCRoute has no timeout (GEP-1742 is for HTTPRoutes)"
        fix = "remove the timeout: the client sets the deadline of a call"
        yield Problem("provider-lacks", message, (*EXPOSE, "timeoutSeconds"), fix, on_key=True)
    for split in exposure.topology.splits:
        yield from called_path_problems(exposure, split)


def shared_host_problems(exposure: Exposure, grpc: GrpcExposure) -> Iterator[Problem]:
    """A host is of HTTPRoutes or of GRPCRoutes (grpcroute_types.go: the newer one of the two is rejected)."""
    shared = set(grpc.every_host) & set(exposure.hosts)
    if shared or not grpc.every_host or not exposure.hosts:
        where = ", ".join(sorted(shared)) or "every host"
        message = f"{where} would belong to both an HTTPRoute and a GRPCRoute, but a Gateway accepts only one of them"
        fix = "give gRPC calls and HTTP requests different hosts, or leave `host` and `path` out of `expose`"
        yield Problem("grpc-host-shared", message, GRPC, fix, on_key=True)


def called_path_problems(exposure: Exposure, split: Split) -> Iterator[Problem]:
    """Versions by a path are told apart as a service of each: `/acme.v1.Search`."""
    path = split.match.path
    if path is None or not split.routed:
        return
    fitting = CALLED_PATH.fullmatch(path) and path not in {f"/{share.track}" for share in split.shares}
    if exposure.expose.answers_http or not fitting:
        message = f"a GRPCRoute cannot match the path {path}: it matches calls by service and method"
        fix = "use the service as the version's `path` (`/acme.v1.Search`), or distinguish versions by `header`"
        yield Problem("provider-lacks", f"gatewayApi: {message}", split.path, fix)
