"""blueGreen: two full tracks and one switch. The idle one is previewed before, and warm for going back after."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from compiler.diagnostics.model import Path, Problem
from compiler.model.cost import track_peak
from compiler.model.course import HISTORY_HELP, STRATEGY, Delete, Edit, Refusal, Step, Subject
from compiler.model.manifest import Object
from compiler.model.provenance import derived
from compiler.model.topology import Match, Role, Share, ShareMechanism, Split, Stage, Topology, Workload
from compiler.model.tracks import ShownTracks, WatchedTracks
from compiler.spec.analysis import Watched
from compiler.spec.base import Duration, HeaderName, HeaderValue, HostName, Model, seconds_of
from compiler.spec.container import Version
from compiler.strategies.base import adopted_identity, is_newer, next_contract, track_name, workloads_by_label

NAME = "blueGreen"
ONE_TRACK = False
IN_PLACE = False
BLUE_GREEN_PATH: Final[Path] = (*STRATEGY, NAME)
COLORS: Final = ("blue", "green")
ADOPTABLE: Final = re.compile("blue|green")
FIRST_COLOR: Final = "blue"
"""which color a running Deployment becomes"""
Color = Literal["blue", "green"]


class Header(Model):
    name: HeaderName
    value: HeaderValue = "true"


class Preview(Model):
    """How the idle track is reached before the switch: by a header on the release's hosts, or a host of its own."""

    header: Header | None = None
    host: HostName | None = None


DEFAULT_PREVIEW = Preview(header=Header(name="X-Shipway-Preview"))


class BlueGreen(Watched):
    """`active` serves. In a group the group's own `active` counts, and here there is none."""

    active: Color | None = None
    blue: Version | None = None
    green: Version | None = None
    preview: Preview | Literal["off"] = DEFAULT_PREVIEW
    pause: Duration = "0s"
    """how long a step must soak before the next"""

    def version(self, color: str) -> Version | None:
        return self.blue if color == "blue" else self.green


SPEC = BlueGreen


def other_color(color: str) -> str:
    return derived("green" if color == "blue" else "blue", color)


def active_color(subject: Subject[BlueGreen]) -> str:
    spec = subject.spec
    if subject.membership is not None:
        return subject.membership.active
    return spec.active or "blue"


def check(subject: Subject[BlueGreen]) -> Sequence[Problem]:
    problems = [*check_active(subject), *check_change(subject), *check_preview(subject)]
    if problems:
        return problems
    spec = subject.spec
    active = active_color(subject)
    version = spec.version(active)
    if version is None:
        where = (*BLUE_GREEN_PATH, "active") if spec.active else BLUE_GREEN_PATH
        problems.append(
            Problem(
                "active-track-empty",
                f"the active color {active} has no version",
                where,
                f"add `{active}: {{version: …}}`",
            )
        )
    elif version.aborted:
        problems.append(
            Problem(
                "active-track-aborted",
                f"{active} is aborted and active at once",
                (*BLUE_GREEN_PATH, active, "aborted"),
                f"let `active` be {other_color(active)}, or remove `aborted`",
            )
        )
    return problems


def check_active(subject: Subject[BlueGreen]) -> list[Problem]:
    spec = subject.spec
    if subject.membership is not None and spec.active is not None:
        return [
            Problem(
                "group-decides-active",
                f"{subject.name} is in the group {subject.membership.group}, whose `active` holds for all",
                (*BLUE_GREEN_PATH, "active"),
                "remove `active` here",
                on_key=True,
            )
        ]
    if subject.membership is None and spec.active is None:
        return [Problem("active-missing", "no color is active", BLUE_GREEN_PATH, "add `active: blue`", on_key=True)]
    return []


def check_change(subject: Subject[BlueGreen]) -> list[Problem]:
    """A switch and its clients' switch can never be one instant, unless a group makes them one."""
    spec = subject.spec
    if subject.membership is not None or spec.blue is None or spec.green is None:
        return []
    problems = []
    for color in COLORS:
        version, rest = spec.version(color), spec.version(other_color(color))
        if version is None or rest is None or version.aborted or not has_new_contract(version, rest):
            continue
        problems.append(
            Problem(
                "major-needs-group",
                "blueGreen alone cannot carry a major change: clients would meet the new contract at the switch",
                (*BLUE_GREEN_PATH, color, "change" if version.change == "major" else "contract"),
                "put client and API into a `Group`, which switches them as one, or use `versioned` (/v1 beside /v2)",
            )
        )
    return problems


def has_new_contract(version: Version, rest: Version) -> bool:
    """Whether the version says that it has a contract that the other color has not."""
    if version.contract is not None and rest.contract is not None:
        return version.contract > rest.contract or (version.change == "major" and version.contract != rest.contract)
    return version.change == "major"


def check_preview(subject: Subject[BlueGreen]) -> list[Problem]:
    preview = subject.spec.preview
    if isinstance(preview, Preview) and (preview.header is None) == (preview.host is None):
        return [
            Problem(
                "preview-one-of",
                "`preview` takes either `header` or `host`",
                (*BLUE_GREEN_PATH, "preview"),
                "keep one of them, or write `preview: off`",
            )
        ]
    return []


def incoming_color(spec: BlueGreen) -> str | None:
    """The color that a course brings in; None where no course is open.

    The spec says it by `change`, which `start` writes for the incoming version alone; where both or neither have
    one, the newer version is the incoming one.
    """
    if spec.blue is None or spec.green is None:
        return None
    texts = [color for color in COLORS if "change" in getattr(spec, color).model_fields_set]
    if len(texts) == 1:
        return texts[0]
    return "blue" if is_newer(spec.blue.version, spec.green.version) else "green"


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
    # only the incoming version is previewed: an aborted one is not waited for, and an outgoing one may be cold again
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
    return version is not None and not version.aborted and incoming_color(spec) == idle


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
    shown = workloads_by_label(objects, "color")
    if not shown or set(shown) - {"blue", "green"}:
        return None
    return ShownTracks(shown, course_open=len(shown) == 2)


def watched(subject: Subject[BlueGreen]) -> WatchedTracks | None:
    """The incoming color: before the switch beside the one that serves, after it alone."""
    incoming = incoming_color(subject.spec)
    version = subject.spec.version(incoming) if incoming is not None else None
    if incoming is None or version is None or version.aborted:
        return None
    return WatchedTracks(incoming, None if active_color(subject) == incoming else other_color(incoming))


def position(subject: Subject[BlueGreen]) -> str:
    spec = subject.spec
    active, incoming = active_color(subject), incoming_color(spec)
    if incoming is None:
        return "released"
    version = spec.version(incoming)
    if version is not None and version.aborted:
        return "aborted"
    return "switched" if incoming == active else "started"


def start(subject: Subject[BlueGreen], incoming: Mapping[str, Any]) -> Step | Refusal:
    spec = subject.spec
    active = active_color(subject)
    idle = other_color(active)
    edits = [Edit((*BLUE_GREEN_PATH, idle), {"change": "minor", **incoming})]
    serving = spec.version(active)
    if serving is not None and "change" in serving.model_fields_set:
        edits.append(Edit((*BLUE_GREEN_PATH, active, "change"), Delete()))
        if serving.change == "major" and serving.contract is None:
            edits.append(Edit((*BLUE_GREEN_PATH, active, "contract"), next_contract(serving, spec.version(idle))))
    return Step(
        "start",
        "start",
        tuple(edits),
        f"brings {incoming['version']} up as {idle}, beside {active}, without requests",
    )


def switch_edit(subject: Subject[BlueGreen], color: str) -> Edit:
    """In a group the switch is an edit of the group's file: its path starts at `("spec", "active")`."""
    if subject.membership is not None:
        return Edit(("spec", "active"), color)
    return Edit((*BLUE_GREEN_PATH, "active"), color)


def ahead(subject: Subject[BlueGreen]) -> tuple[Step, ...]:
    spec = subject.spec
    incoming = incoming_color(spec)
    if incoming is None:
        return ()
    outgoing = other_color(incoming)
    version = spec.version(incoming)
    if version is not None and version.aborted:
        gone = Edit((*BLUE_GREEN_PATH, incoming), Delete())
        return (Step("finish", "finish", (gone,), f"removes the aborted {incoming}"),)
    finish = Step(
        "finish",
        "finish",
        (Edit((*BLUE_GREEN_PATH, outgoing), Delete()),),
        f"removes {outgoing}; {incoming} stays",
        seconds_of(spec.pause),
    )
    if active_color(subject) == incoming:
        return (finish,)
    switch = Step(
        "switch",
        "advance",
        (switch_edit(subject, incoming),),
        f"moves all requests from {outgoing} to {incoming}",
        seconds_of(spec.pause),
    )
    return (switch, finish)


def abort(subject: Subject[BlueGreen]) -> Step | Refusal:
    spec = subject.spec
    incoming = incoming_color(spec)
    if incoming is None:
        return Refusal(
            "no course is open: only one color holds a version",
            HISTORY_HELP,
        )
    edits = []
    if active_color(subject) == incoming:
        edits.append(switch_edit(subject, other_color(incoming)))
    edits.append(Edit((*BLUE_GREEN_PATH, incoming, "aborted"), True))
    return Step(
        "abort",
        "abort",
        tuple(edits),
        f"all requests go to {other_color(incoming)}, at once; {incoming} stays to be looked at",
    )


def peak(subject: Subject[BlueGreen]) -> int:
    """Both colors in full, and the idle one replacing a pod at a time."""
    full = subject.largest()
    return full + track_peak(full, full, 1, replaced=True)
