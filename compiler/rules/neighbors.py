"""What the releases of one environment do to each other: requests that two claim, ports that two take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from compiler.diagnostics.model import Diagnostic, Path, Problem, Related
from compiler.model.claims import ReleaseClaims, RouteClaim
from compiler.model.topology import Split, canonical_path
from compiler.spec.expose import GrpcExposure, named_node_ports

if TYPE_CHECKING:
    from compiler.model.compiled import CompiledRelease

EXPOSE: Path = ("spec", "expose")


def check_sibling_releases(
    releases: Sequence[CompiledRelease], claims: Sequence[ReleaseClaims], *, routed: bool, regex: bool
) -> Iterator[Diagnostic]:
    """Ties between releases by what each claims. `routed`: the environment has a router; `regex`: its rewrites are
    regular expressions.
    """
    if routed:
        yield from route_conflicts(releases, claims)
    if regex:
        yield from regex_host_problems(releases, claims)
    yield from node_port_conflicts(releases, claims)


def route_conflicts(releases: Sequence[CompiledRelease], claims: Sequence[ReleaseClaims]) -> Iterator[Diagnostic]:
    """Two equal routes: the Gateway API lets the older win, others decide anew at each reload."""
    first: dict[RouteClaim, CompiledRelease] = {}
    for release, own in zip(releases, claims, strict=True):
        if release.claims is None:
            yield from internal_route_conflicts(release, own)
        for claim in own.routes:
            other = first.setdefault(claim, release)
            if other is not release:
                host = claim[0] or "every host"
                yield conflict_diagnostic(
                    release,
                    other,
                    Problem(
                        "routes-tie",
                        f"{release.name} and {other.name} both answer {claim[1]} at {host}",
                        (*EXPOSE, "path"),
                        "give one of them its own path or host",
                    ),
                )
                break


def internal_route_conflicts(release: CompiledRelease, claims: ReleaseClaims) -> Iterator[Diagnostic]:
    """Equal routes of one release: a host that stands twice, a preview at the release's own host."""
    if len(set(claims.routes)) == len(claims.routes):
        return
    first: dict[RouteClaim, Split] = {}
    for claim, split in route_claims(release):
        if claim in first:
            host, path, *_ = claim
            message = f"{release.name} answers {path} at {host or 'every host'} twice"
            place = (*EXPOSE, "hosts") if first[claim] is split else split.path
            yield release.document.diagnose(
                Problem(
                    "routes-tie", message, place, ("remove one of the two rules: the other one would have no effect")
                )
            )
        first.setdefault(claim, split)


def route_claims(release: CompiledRelease) -> Iterator[tuple[RouteClaim, Split]]:
    """What each route of the release answers. A prefix means the same with a slash at its end and without."""
    expose = release.subject.release.spec.expose
    if release.subject.release.spec.internal:
        return
    if expose.grpc is not None:
        yield from called_claims(release, expose.grpc)
    if not expose.answers_http:
        return
    for split in release.topology.splits:
        if split.routed:
            own = split.match.path
            for host in split_hosts(release, split) or ("",):
                for path, kind in expose.rules_at(host) if own is None else ((own, expose.path_type),):
                    yield (host, canonical_path(path, kind), kind, normalized_header(split.match.header)), split


def called_claims(release: CompiledRelease, grpc: GrpcExposure) -> Iterator[tuple[RouteClaim, Split]]:
    """The calls of gRPC that the release answers, by the paths that they have in HTTP/2: `/acme.Search/Find`."""
    alone = not release.subject.release.spec.expose.answers_http
    for split in (each for each in release.topology.splits if each.routed and (alone or each.match.host is None)):
        methods = tuple(f"/{each}" for each in grpc.methods) or ("/",)
        for path in methods if split.match.path is None else (split.match.path,):
            for host in (grpc.every_host if split.match.host is None else (split.match.host,)) or ("",):
                yield (host, path, "Prefix", normalized_header(split.match.header)), split


def split_hosts(release: CompiledRelease, split: Split) -> tuple[str, ...]:
    expose = release.subject.release.spec.expose
    if split.match.host is not None:
        return (split.match.host,)
    return (*(() if expose.host is None else (expose.host,)), *expose.hosts)


def normalized_header(header: tuple[str, str] | None) -> tuple[str, str] | None:
    """The header with a name that equal ones share: names have no case (RFC 9110)."""
    return None if header is None else (header[0].lower(), header[1])


def conflict_diagnostic(release: CompiledRelease, other: CompiledRelease, problem: Problem) -> Diagnostic:
    diagnostic = release.document.diagnose(problem)
    related = Related(other.document.locate(problem.path), f"{other.name} uses it here")
    return replace(diagnostic, related=(related,))


def regex_host_problems(releases: Sequence[CompiledRelease], claims: Sequence[ReleaseClaims]) -> Iterator[Diagnostic]:
    """A rewrite makes every path of its host a prefix regex, whoever wrote it (ingress-nginx, path matching).

    Releases that all strip are expressions anyway, `/a(/|$)(.*)`: they part where their paths do, in whatever case.
    """
    claimed = [{route[0] for route in each.routes} for each in claims]
    at: dict[str, list[int]] = {}
    for number, own in enumerate(claimed):
        for host in own:
            at.setdefault(host, []).append(number)
    for number, release in enumerate(releases):
        if claims[number].strips is None:
            continue
        beside = {other for host in claimed[number] for other in at[host]} - {number}
        others = {other for other in beside if not both_strip(claims[number].strips, claims[other].strips)}
        if others:
            other = releases[min(others)]
            host = min(claimed[number] & claimed[min(others)]) or "every host"
            yield conflict_diagnostic(
                release,
                other,
                Problem(
                    "regex-host",
                    f"stripPrefix turns every path at {host} into a regular expression, including those of "
                    f"{other.name}",
                    (*EXPOSE, "stripPrefix"),
                    "give this release its own host, or let the service answer below its prefix",
                    on_key=True,
                ),
            )


def both_strip(path: str | None, other: str | None) -> bool:
    """Whether both are rewritten, and no request fits the expressions of both but by the longer path."""
    if path is None or other is None:
        return False
    return path.rstrip("/").casefold() != other.rstrip("/").casefold()


def node_port_conflicts(releases: Sequence[CompiledRelease], claims: Sequence[ReleaseClaims]) -> Iterator[Diagnostic]:
    first: dict[int, CompiledRelease] = {}
    for release, own in zip(releases, claims, strict=True):
        for place, port in own.node_ports:
            other = first.setdefault(port, release)
            if other is not release:
                yield conflict_diagnostic(
                    release,
                    other,
                    Problem(
                        "node-port-twice",
                        f"{release.name} and {other.name} both use the node port {port}",
                        place,
                        "choose another nodePort: each can be used only once in a cluster",
                    ),
                )


def node_ports_of(release: CompiledRelease) -> Iterator[tuple[Path, int]]:
    """Each node port that the release's Services take, with its place."""
    expose = release.subject.release.spec.expose
    for place, port in expose.service.node_ports:
        yield (*EXPOSE, "service", *place), port
    for name, service in expose.services.items():
        for place, port in named_node_ports(service.ports):
            yield (*EXPOSE, "services", name, *place), port
