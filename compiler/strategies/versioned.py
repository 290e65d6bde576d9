"""versioned: /v1 beside /v2. Each track has a path (or host, or header) of its own; clients move in their own time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from pydantic import ConfigDict, StringConstraints, model_validator

from compiler.diagnostics.model import Path, Problem
from compiler.model.cost import LargestCounts, track_peak
from compiler.model.course import (
    HISTORY_HELP,
    STRATEGY,
    Delete,
    Edit,
    Refusal,
    ShownTracks,
    Step,
    Subject,
    WatchedTracks,
)
from compiler.model.manifest import Object
from compiler.model.provenance import derived
from compiler.model.topology import (
    Match,
    Retirement,
    Role,
    Share,
    ShareMechanism,
    Split,
    Topology,
    Workload,
    canonical_path,
)
from compiler.spec.base import Date, HeaderName, HeaderValue, HostName, Model, PositiveCount, UrlPath
from compiler.spec.container import Version
from compiler.spec.expose import Expose
from compiler.strategies.base import (
    adopted_identity,
    override_edits,
    track_name,
    version_without_course_keys,
    workloads_by_label,
)

NAME = "versioned"
ONE_TRACK = False
IN_PLACE = True
FIRST_TRACK: Final = "v1"
"""which track a running Deployment becomes"""
VERSIONED_PATH: Final[Path] = (*STRATEGY, NAME)
TRACK_NAME: Final = re.compile(r"v[1-9][0-9]{0,3}")
ADOPTABLE: Final = TRACK_NAME
TrackName = Annotated[str, StringConstraints(pattern=f"^{TRACK_NAME.pattern}$")]


class VersionHeader(Model):
    name: HeaderName
    value: HeaderValue


class VersionTrack(Version):
    """A version that clients name; `path` replaces `expose.path`."""

    path: UrlPath | None = None
    host: HostName | None = None
    header: VersionHeader | None = None
    deprecated: Date | None = None
    sunset: Date | None = None
    replicas: PositiveCount | None = None


class Versioned(Model):
    """Tracks by name: v1, v2, …"""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[TrackName, VersionTrack]

    @model_validator(mode="after")
    def some(self) -> Versioned:
        if not self.tracks:
            raise ValueError("at least one track is needed: `v1: {version: …}`")
        return self

    @property
    def tracks(self) -> dict[str, VersionTrack]:
        extra = self.__pydantic_extra__ or {}
        return dict(sorted(extra.items(), key=lambda item: (len(item[0]), item[0])))


SPEC = Versioned


def track_number(track: str) -> int:
    return int(track.removeprefix("v"))


def track_match(track: str, version: VersionTrack, expose: Expose) -> Match:
    """What the track's requests look like: as written, by default at `/vN` below `expose.path`."""
    header = (version.header.name, version.header.value) if version.header is not None else None
    path = version.path
    if path is None and header is None and version.host is None:
        path = derived(f"{expose.path.rstrip('/')}/{track}", version, via="strategy")
    return Match(path=path, host=version.host, header=header)


def normalized_match(match: Match, kind: str) -> Match:
    """The match in the form in which two are equal that the same requests have."""
    return match if match.path is None else replace(match, path=canonical_path(match.path, kind))


def check(subject: Subject[Versioned]) -> Sequence[Problem]:
    spec = subject.spec
    problems = []
    seen: dict[Match, str] = {}
    expose = subject.release.spec.expose
    for track, version in spec.tracks.items():
        match = normalized_match(track_match(track, version, expose), expose.path_type)
        if match in seen:
            problems.append(
                Problem(
                    "tracks-tie",
                    f"{track} and {seen[match]} match the same requests",
                    (*VERSIONED_PATH, track),
                    f"give {track} its own path, host or header",
                    related=(((*VERSIONED_PATH, seen[match]), "the other track"),),
                    on_key=True,
                )
            )
        seen[match] = track
        if version.replicas is not None and subject.release.spec.autoscale is not None:
            problems.append(
                Problem(
                    "replicas-or-autoscale",
                    f"`autoscale` already decides how many pods of {track} run",
                    (*VERSIONED_PATH, track, "replicas"),
                    "remove `replicas` here, or replace `autoscale` by `replicas`",
                    related=((("spec", "autoscale"), "the other one"),),
                    on_key=True,
                )
            )
        if version.sunset is not None and version.deprecated is not None and version.sunset < version.deprecated:
            problems.append(
                Problem(
                    "sunset-before-deprecation",
                    f"the sunset of {track} is before its deprecation",
                    (*VERSIONED_PATH, track, "sunset"),
                    "the sunset is the later date",
                )
            )
    if all(version.aborted for version in spec.tracks.values()):
        problems.append(
            Problem(
                "active-track-aborted", "every track is aborted", VERSIONED_PATH, ("remove `aborted` from one of them")
            )
        )
    return problems


def lower(subject: Subject[Versioned]) -> Topology:
    spec = subject.spec
    workloads = tuple(
        Workload(
            track=derived(track, version, via="strategy"),
            label="track",
            name=track_name(subject, track),
            version=version,
            path=(*VERSIONED_PATH, track),
            replicas=version.replicas or subject.replicas(),
            contract=version.contract or derived(track_number(track), version, via="strategy"),
            role=Role.IDLE if version.aborted else Role.SERVING,
            adopted=adopted_identity(subject, track, FIRST_TRACK),
        )
        for track, version in spec.tracks.items()
    )
    splits = tuple(
        Split(
            track,
            track_match(track, version, subject.release.spec.expose),
            (Share(track, 100),),
            ShareMechanism.PODS,
            (*VERSIONED_PATH, track),
            retirement=Retirement(version.deprecated, version.sunset) if version.deprecated or version.sunset else None,
        )
        for track, version in spec.tracks.items()
        if not version.aborted
    )
    gated = not any(version.aborted for version in spec.tracks.values())
    return Topology(workloads, splits, gated)


def tracks(subject: Subject[Versioned]) -> Mapping[str, Version]:
    spec = subject.spec
    return dict(spec.tracks)


def newest_track(spec: Versioned) -> str:
    return list(spec.tracks)[-1]


def tracks_of(objects: Sequence[Object]) -> ShownTracks | None:
    """Versions that serve beside each other are no open course: each has requests of its own."""
    shown = workloads_by_label(objects, "track")
    if not shown or not all(TRACK_NAME.fullmatch(track) for track in shown):
        return None
    return ShownTracks({track: shown[track] for track in sorted(shown, key=lambda track: int(track[1:]))})


def watched(_subject: Subject[Versioned]) -> WatchedTracks | None:
    """None: clients move from one version to the next at their own pace, and no share is taken back from them."""
    return None


def position(subject: Subject[Versioned]) -> str:
    spec = subject.spec
    names = list(spec.tracks)
    if spec.tracks[names[-1]].aborted:
        return "aborted"
    return "released" if len(names) == 1 else f"{names[0]} beside {names[-1]}"


def start(subject: Subject[Versioned], new: Mapping[str, Any]) -> Step | Refusal:
    spec = subject.spec
    last = newest_track(spec)
    if spec.tracks[last].aborted:
        return Refusal(f"{last} is aborted, but not removed yet", "remove it first with `shipway finish {unit}`")
    if new.get("change") == "major":
        track = f"v{track_number(last) + 1}"
        path = new.get("path") or path_of_next(subject, last, track)
        if isinstance(path, Refusal):
            return path
        edit = Edit((*VERSIONED_PATH, track), {**new, **({"path": path} if path is not None else {})})
        return Step(
            "start",
            "start",
            (edit,),
            f"adds {track} with {new['version']} beside {last}; no client has to move",
        )
    current = spec.tracks[last]
    stale = [key for key in version_without_course_keys(current) if key not in new and key not in ("contract",)]
    edits = [Edit((*VERSIONED_PATH, last, key), value) for key, value in new.items()]
    edits += [Edit((*VERSIONED_PATH, last, key), Delete()) for key in stale if key in Version.model_fields]
    return Step(
        "start",
        "start",
        tuple(edits),
        f"rolls {last} from {current.version} to {new['version']}, a pod at a time",
    )


def path_of_next(subject: Subject[Versioned], last: str, track: str) -> str | Refusal | None:
    """The path of a new track beside `last`: the same one with its version counted up; None where the default does."""
    path = subject.spec.tracks[last].path
    if path is None or path == "/":
        return None
    segments = path.split("/")
    if last not in segments:
        reason = f"the path of {track} cannot be derived from the path of {last}, {path}"
        return Refusal(reason, f"give one: `shipway start {{unit}} --change major --path /{track} …`")
    return "/".join(track if segment == last else segment for segment in segments)


def retirement_text(name: str, version: VersionTrack) -> str:
    """What it does to clients that a track goes."""
    warned = "" if version.sunset is not None else ", and no `sunset` announced the date to its clients"
    return f"retires {name}: its requests get no answer after this commit{warned}"


def ahead(subject: Subject[Versioned]) -> tuple[Step, ...]:
    spec = subject.spec
    names = list(spec.tracks)
    last = names[-1]
    if spec.tracks[last].aborted:
        return (Step("finish", "finish", (Edit((*VERSIONED_PATH, last), Delete()),), f"removes the aborted {last}"),)
    if len(names) == 1:
        return ()
    return tuple(
        Step(
            f"finish {name}",
            "finish",
            (Edit((*VERSIONED_PATH, name), Delete()), *override_edits(subject, name, FIRST_TRACK)),
            retirement_text(name, spec.tracks[name]),
            not_before=spec.tracks[name].sunset,
        )
        for name in names[:-1]
    )


def abort(subject: Subject[Versioned]) -> Step | Refusal:
    spec = subject.spec
    names = list(spec.tracks)
    if len(names) == 1:
        return Refusal(
            "no course is open: there is one track",
            HISTORY_HELP,
        )
    last = names[-1]
    return Step(
        "abort",
        "abort",
        (Edit((*VERSIONED_PATH, last, "aborted"), True),),
        f"takes {last} off the routes; {names[-2]} keeps serving",
    )


def peak(subject: Subject[Versioned]) -> LargestCounts:
    """Every track in full, each rolling on its own; a single one will have another beside it."""
    sizes = [version.replicas or subject.largest() for version in subject.spec.tracks.values()]
    rolling = sum(track_peak(size, size, 1, replaced=True) for size in sizes)
    return LargestCounts(sum(sizes), max(rolling, sizes[0] + subject.largest()) if len(sizes) == 1 else rolling)
