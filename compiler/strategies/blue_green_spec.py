"""blueGreen's part of the spec: its colors, how the new one is previewed, and what is wrong with them."""

from collections.abc import Sequence
from typing import Final, Literal

from compiler.diagnostics.model import Path, Problem
from compiler.model.course import (
    STRATEGY,
    Subject,
)
from compiler.model.provenance import derived
from compiler.spec.analysis import Watched
from compiler.spec.base import Duration, HeaderName, HeaderValue, HostName, Model
from compiler.spec.container import Version
from compiler.strategies.base import is_newer

NAME = "blueGreen"
BLUE_GREEN_PATH: Final[Path] = (*STRATEGY, NAME)
COLORS: Final = ("blue", "green")
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
                f"{active} is both aborted and active",
                (*BLUE_GREEN_PATH, active, "aborted"),
                f"set `active: {other_color(active)}`, or remove `aborted`",
            )
        )
    return problems


def check_active(subject: Subject[BlueGreen]) -> list[Problem]:
    spec = subject.spec
    if subject.membership is not None and spec.active is not None:
        return [
            Problem(
                "group-decides-active",
                f"{subject.name} is in the group {subject.membership.group}, which sets `active` for all members",
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
                "blueGreen alone cannot make a major change: all clients would meet the new contract at the switch",
                (*BLUE_GREEN_PATH, color, "change" if version.change == "major" else "contract"),
                "put client and API into a `Group`, which switches them together, or use `versioned` (/v1 beside /v2)",
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
                "`preview` needs either `header` or `host`, not both",
                (*BLUE_GREEN_PATH, "preview"),
                "keep one of them, or write `preview: off`",
            )
        ]
    return []


def new_color(spec: BlueGreen) -> str | None:
    """The color that a course brings in; None where no course is open.

    The spec says it by `change`, which `start` writes for the new version alone; where both or neither have
    one, the newer version is the new one.
    """
    if spec.blue is None or spec.green is None:
        return None
    texts = [color for color in COLORS if "change" in getattr(spec, color).model_fields_set]
    if len(texts) == 1:
        return texts[0]
    return "blue" if is_newer(spec.blue.version, spec.green.version) else "green"
