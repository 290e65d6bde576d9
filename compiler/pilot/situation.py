"""Everything that a decision rests on, as values: what is written down with a move, so that it can be replayed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from compiler.analysis.figures import CheckFigures
from compiler.spec.analysis import Analysis, PilotMode

Action = Literal["confirm", "advance", "finish", "abort", "publish", "hold", "none"]


@dataclass(frozen=True, slots=True)
class CourseState:
    """Where a release or group stands by Git alone. `published`: its specs say what is published, by the publish
    `commit` at `published_at` (seconds since 1970).

    `next_verb` is empty where no course is open; `frozen` and `not_before` say what a move has to wait for; `pending`:
    the specs hold a move of the pilot's that is not published yet; `abort_published`: the newest publish is an abort of
    the pilot's.
    """

    unit: str
    position: str
    open: bool
    aborted: bool
    published: bool
    commit: str = ""
    published_at: int = 0
    next_verb: str = ""
    next_name: str = ""
    soak_left: int = 0
    not_before: str = ""
    frozen: str = ""
    by_hand: bool = False
    pending: str = ""
    abort_published: bool = False


@dataclass(frozen=True, slots=True)
class SyncState:
    """What Argo CD says of the unit's Application. `covers`: the commit that it compared holds the unit's last publish.

    `fault`: why it is not known; `workload`: the health of the new track's Deployment where the Application is
    Degraded; `condition`: an error that the controller reports.
    """

    fault: str = ""
    sync: str = ""
    revision: str = ""
    covers: bool = False
    health: str = ""
    operation: str = ""
    operation_covers: bool = False
    running: bool = False
    finished: int = 0
    workload: str = ""
    message: str = ""
    condition: str = ""

    @property
    def settled(self) -> bool:
        """Whether the published state is in the cluster and healthy."""
        done = self.operation in ("", "Succeeded") and not self.running
        return not self.fault and self.covers and self.sync == "Synced" and self.health == "Healthy" and done


@dataclass(frozen=True, slots=True)
class Situation:
    """All that one decision is made of, at `now` (seconds since 1970)."""

    now: int
    mode: PilotMode
    course: CourseState
    sync: SyncState
    analyses: dict[str, dict[str, Any]] = field(default_factory=dict)
    """each release's `analysis`, as its spec writes it"""
    figures: tuple[CheckFigures, ...] = ()

    @property
    def rules(self) -> dict[str, Analysis]:
        """The analyses by release."""
        return {
            name: Analysis.model_validate(written, by_alias=True, by_name=False)
            for name, written in self.analyses.items()
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with one release or group, why, and the sentences of the checks that it rests on."""

    action: Action
    reason: str
    checks: tuple[str, ...] = ()


def situation_data(situation: Situation) -> dict[str, Any]:
    """The situation as JSON's types."""
    return asdict(situation)


def situation_from(data: Any) -> Situation:
    """The situation that `situation_data` gave. Raises ValueError for anything else."""
    try:
        return TypeAdapter(Situation).validate_python(data)
    except ValidationError as error:
        raise ValueError(f"{error.error_count()} values are not valid in a recorded situation") from None
