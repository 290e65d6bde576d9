"""blueGreen: two full tracks and one switch. The idle one is previewed before, and warm for going back after."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from compiler.model.cost import LargestCounts, track_peak
from compiler.model.course import (
    HISTORY_HELP,
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
from compiler.model.topology import Match, Role, Share, ShareMechanism, Split, Stage, Topology, Workload
from compiler.spec.base import seconds_of
from compiler.spec.container import Version
from compiler.strategies.base import (
    adopted_identity,
    carried_overrides,
    identity_edits,
    next_contract,
    override_edits,
    track_name,
    workloads_by_label,
)
from compiler.strategies.blue_green_spec import (
    BLUE_GREEN_PATH,
    COLORS,
    FIRST_COLOR,
    NAME,
    BlueGreen,
    Preview,
    active_color,
    check,
    new_color,
    other_color,
)

ONE_TRACK = False
IN_PLACE = False
ADOPTABLE: Final = re.compile("blue|green")
SPEC = BlueGreen


def lower(subject: Subject[BlueGreen]) -> Topology:
    active = active_color(subject)
    idle = other_color(active)
    versions = tracks(subject)
    minimum = subject.switch_capacity() if len(versions) == 2 else None
    workloads = tuple(
        Workload(
            track=derived(color, version, via="strategy"),
            label="color",
            name=track_name(subject, color),
            version=version,
            path=(*BLUE_GREEN_PATH, color),
            # beside an autoscaler it counts at creation only, and a switch may be what creates it
            replicas=subject.switch_capacity(),
            contract=next_contract(version, versions.get(other_color(color))),
            role=Role.SERVING if color == active else Role.IDLE,
            minimum=minimum,
            environment=callees_of_color(subject, color),
            adopted=adopted_identity(subject, color, FIRST_COLOR),
        )
        for color, version in versions.items()
    )
    gated = not any(version.aborted for version in versions.values())
    return Topology(workloads, request_splits(subject, active, idle), gated)


def request_splits(subject: Subject[BlueGreen], active: str, idle: str) -> tuple[Split, ...]:
    spec = subject.spec
    shares = all_to(active)
    where = BLUE_GREEN_PATH if subject.membership is not None else (*BLUE_GREEN_PATH, "active")
    if subject.membership is not None and not subject.membership.entry:
        return (Split("", Match(), shares, ShareMechanism.TRACK, BLUE_GREEN_PATH, routed=False),)
    main = Split("", Match(), shares, ShareMechanism.SWITCH, where)
    worlds: tuple[Split, ...] = ()
    if subject.membership is not None:
        # members call the entry too, and each color finds the one of its own
        worlds = (Split("", Match(), shares, ShareMechanism.TRACK, BLUE_GREEN_PATH, routed=False),)
    if spec.preview == "off":
        # the Service stays when the route goes: both pruned at once would be a race
        return (
            main,
            *worlds,
            Split(
                "preview",
                Match(),
                shares,
                ShareMechanism.SWITCH,
                BLUE_GREEN_PATH,
                routed=False,
            ),
        )
    # only the new version is previewed: an aborted one is not waited for, and an old one may be cold again
    seen = idle if has_preview(spec, idle) else active
    match = preview_match(spec.preview)
    preview = Split(
        "preview",
        match,
        all_to(seen),
        ShareMechanism.SWITCH,
        (*BLUE_GREEN_PATH, "preview"),
        route="preview",
        stage=Stage.PREVIEW if seen == idle else Stage.ROUTE,
    )
    return (main, *worlds, preview)


def all_to(color: str) -> tuple[Share, ...]:
    """All requests to one color, none to the other."""
    return Share(color, derived(100, color)), Share(other_color(color), derived(0, color))


def has_preview(spec: BlueGreen, idle: str) -> bool:
    version = spec.version(idle)
    return version is not None and not version.aborted and new_color(spec) == idle


def preview_match(preview: Preview) -> Match:
    if preview.header is not None:
        return Match(header=(preview.header.name, preview.header.value))
    return Match(host=preview.host)


def callees_of_color(subject: Subject[BlueGreen], color: str) -> dict[str, str]:
    """`RECOMMENDER_URL=http://recommender-green:443`: each color of a group is a world of its own."""
    if subject.membership is None:
        return {}
    return {
        f"{name.upper().replace('-', '_')}_URL": derived(
            f"http://{name}-{color}:{subject.membership.port.get(name, 443)}", name
        )
        for name in subject.membership.callees
    }


def tracks(subject: Subject[BlueGreen]) -> Mapping[str, Version]:
    spec = subject.spec
    held = {color: spec.version(color) for color in COLORS}
    return {color: version for color, version in held.items() if version is not None}


def tracks_of(objects: Sequence[Object]) -> ShownTracks | None:
    workloads = workloads_by_label(objects, "color")
    shown: dict[str, Object] = {color: workloads[color] for color in ("blue", "green") if color in workloads}
    if not shown or len(shown) < len(workloads):
        return None
    return ShownTracks(shown, course_open=len(shown) == 2)


def watched(subject: Subject[BlueGreen]) -> WatchedTracks | None:
    """The new color: before the switch beside the one that serves, after it alone."""
    new = new_color(subject.spec)
    version = subject.spec.version(new) if new is not None else None
    if new is None or version is None or version.aborted:
        return None
    return WatchedTracks(new, None if active_color(subject) == new else other_color(new))


def position(subject: Subject[BlueGreen]) -> str:
    spec = subject.spec
    active, new = active_color(subject), new_color(spec)
    if new is None:
        return "released"
    version = spec.version(new)
    if version is not None and version.aborted:
        return "aborted"
    return "switched" if new == active else "started"


def start(subject: Subject[BlueGreen], new: Mapping[str, Any]) -> Step | Refusal:
    spec = subject.spec
    active = active_color(subject)
    idle = other_color(active)
    edits = [Edit((*BLUE_GREEN_PATH, idle), {"change": "minor", **new})]
    # names from before went with the color that had them: its Services still ask for that color's pods until now
    edits += identity_edits(subject, idle, FIRST_COLOR) if spec.version(idle) is None else ()
    edits += carried_overrides(subject, adopted_identity(subject, active, FIRST_COLOR), track_name(subject, idle))
    serving = spec.version(active)
    if serving is not None and "change" in serving.model_fields_set:
        edits.append(Edit((*BLUE_GREEN_PATH, active, "change"), Delete()))
        if serving.change == "major" and serving.contract is None:
            edits.append(Edit((*BLUE_GREEN_PATH, active, "contract"), next_contract(serving, spec.version(idle))))
    return Step(
        "start",
        "start",
        tuple(edits),
        f"starts {new['version']} as {idle} beside {active}, without requests",
    )


def switch_edit(subject: Subject[BlueGreen], color: str) -> Edit:
    """In a group the switch is an edit of the group's file: its path starts at `("spec", "active")`."""
    if subject.membership is not None:
        return Edit(("spec", "active"), color)
    return Edit((*BLUE_GREEN_PATH, "active"), color)


def ahead(subject: Subject[BlueGreen]) -> tuple[Step, ...]:
    spec = subject.spec
    new = new_color(spec)
    if new is None:
        return ()
    old = other_color(new)
    version = spec.version(new)
    if version is not None and version.aborted:
        gone = Edit((*BLUE_GREEN_PATH, new), Delete())
        return (Step("finish", "finish", (gone,), f"removes the aborted {new}"),)
    finish = Step(
        "finish",
        "finish",
        (Edit((*BLUE_GREEN_PATH, old), Delete()), *override_edits(subject, old, FIRST_COLOR)),
        f"removes {old}; {new} stays",
        seconds_of(spec.pause),
    )
    if active_color(subject) == new:
        return (finish,)
    switch = Step(
        "switch",
        "advance",
        (switch_edit(subject, new),),
        f"moves all requests from {old} to {new}",
        seconds_of(spec.pause),
    )
    return (switch, finish)


def abort(subject: Subject[BlueGreen]) -> Step | Refusal:
    spec = subject.spec
    new = new_color(spec)
    if new is None:
        return Refusal(
            "no course is open: only one color has a version",
            HISTORY_HELP,
        )
    edits = []
    if active_color(subject) == new:
        edits.append(switch_edit(subject, other_color(new)))
    edits.append(Edit((*BLUE_GREEN_PATH, new, "aborted"), True))
    return Step(
        "abort",
        "abort",
        tuple(edits),
        f"all requests go to {other_color(new)} at once; {new} stays for inspection",
    )


def peak(subject: Subject[BlueGreen]) -> LargestCounts:
    """Both colors in full, and the idle one replacing a pod at a time."""
    full = subject.largest()
    return LargestCounts(2 * full, full + track_peak(full, full, 1, replaced=True))


__all__ = [
    "ADOPTABLE", "IN_PLACE", "NAME", "ONE_TRACK", "SPEC", "abort", "ahead", "check", "lower", "peak", "position",
    "start", "tracks", "tracks_of", "watched",
]  # fmt: skip
