"""Where a release or group stands: what the specs say, what is published, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from compiler.model.plan import PreviewRequest, TrackView


@dataclass(frozen=True, slots=True)
class MemberStatus:
    """A release's tracks as its specs have them now, and as they are `published`: version, pods, share of requests."""

    name: str
    strategy: str
    tracks: tuple[TrackView, ...]
    published: tuple[TrackView, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """A release or group: its place in its course, and how its published state relates to its specs.

    `commit` is the publish that last changed it; `published`: its specs say what is published; `confirmed`: Argo CD is
    known to have synced that. `next_step` is empty where no course is open; `soak_left` in seconds.
    """

    environment: str
    name: str
    position: str
    members: tuple[MemberStatus, ...]
    next_step: str = ""
    next_command: str = ""
    commit: str | None = None
    time: int | None = None
    published: bool = False
    confirmed: bool = False
    by_hand: tuple[str, ...] = ()
    decision: str = ""
    """why the pilot made the publish that last changed it, where the pilot did"""
    soak_left: int = 0
    not_before: str | None = None
    """the date that clients were promised, while it is ahead"""
    previews: tuple[PreviewRequest, ...] = ()
    """how the new version is reached, once what the specs say is published"""

    @property
    def strategy(self) -> str:
        """The release's own; `group` for several that switch as one."""
        alone = len(self.members) == 1 and self.members[0].name == self.name
        return self.members[0].strategy if alone else "group"

    @property
    def may_go_on(self) -> bool:
        """Whether the next step may be taken now."""
        return bool(self.next_command) and self.published and not self.soak_left and self.not_before is None
