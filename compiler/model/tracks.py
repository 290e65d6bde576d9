"""What objects show of a release: its tracks, and how requests are divided among its Services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compiler.model.manifest import Object


@dataclass(frozen=True, slots=True)
class ShownTracks:
    """The Deployments of a release by their tracks, and whether a course is open between them."""

    workloads: Mapping[str, Object]
    course_open: bool = False


@dataclass(frozen=True, slots=True)
class RequestShares:
    """The percentages of requests without conditions, by Service; None where Services have requests of their own.

    `own` says by Service which requests are its alone: `/v1`, `/ with X-Canary: always`.
    """

    percent: Mapping[str, float] | None
    own: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WatchedTracks:
    """The track that a course brings in, and the one beside it that still has requests; None: there is none."""

    new: str
    baseline: str | None
