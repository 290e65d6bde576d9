"""How people reach a version before it serves everybody: by a header, a cookie, a host of its own, or a Service."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import Final

from compiler.model.compiled import CompiledRelease
from compiler.model.plan import PreviewRequest
from compiler.model.topology import Match, Split
from compiler.traffic.base import Exposure, split_service_name
from compiler.traffic.service.provider import NAME as SERVICE

ANY_HOST: Final = "$GATEWAY"
"""in a command, where the release answers at every host of its router: its address is not known here"""


def unit_previews(members: Iterable[CompiledRelease]) -> tuple[PreviewRequest, ...]:
    """Each way to a track of a unit that does not serve what it leads to, its members in their order."""
    return tuple(preview for member in members for preview in release_previews(member))


def release_previews(release: CompiledRelease) -> Iterator[PreviewRequest]:
    """By the release's first router; without any, by a Service that only other pods reach."""
    main = next((split for split in release.topology.splits if split.name == "" and split.routed), None)
    routed = [each for name, each in release.exposures.items() if name != SERVICE]
    for split, match, track in previewing_matches(release):
        if main is None or main.chosen == track:
            continue
        version = next((each.version.version for each in release.topology.workloads if each.track == track), "")
        if routed:
            yield PreviewRequest(
                release.name, track, version, header_text(match), routed_request(routed[0], split, match)
            )
        elif split.name:
            request = service_request(release.exposures[SERVICE], split)
            yield PreviewRequest(release.name, track, version, "", request, "from inside the cluster")


def previewing_matches(release: CompiledRelease) -> Iterator[tuple[Split, Match, str]]:
    """What a request must look like, and the track that answers it whole."""
    for split in release.topology.splits:
        if split.name and split.routed and (split.match.header is not None or split.match.host is not None):
            yield split, split.match, split.chosen
        for match, track in split.pinned:
            yield split, match, track


def header_text(match: Match) -> str:
    return "" if match.header is None else ": ".join(match.header)


def routed_request(exposure: Exposure, split: Split, match: Match) -> str:
    """The `curl` line for a request that the router leads there; a wildcard's first label stands for any."""
    hosts = (match.host,) if match.host is not None else exposure.hosts
    host = hosts[0].replace("*", "www") if hosts else ANY_HOST
    scheme = "https" if exposure.tls_secrets else "http"
    words = ["curl"]
    if match.header is not None:
        words += ["-H", shlex.quote(header_text(match))]
    if match.cookie is not None:
        words += ["-b", shlex.quote(f"{match.cookie}=always")]
    return " ".join([*words, f"{scheme}://{host}{shlex.quote(exposure.path_of(split))}"])


def service_request(exposure: Exposure, split: Split) -> str:
    """The `curl` line for the Service of the preview."""
    name = f"{split_service_name(exposure, split)}.{exposure.frame.namespace}"
    return f"curl http://{name}:{exposure.expose.service.routed_port}{shlex.quote(exposure.path_of(split))}"
