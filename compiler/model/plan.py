"""The values of a plan, in the order in which a reviewer reads them. Reports render these and compute nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from compiler.diagnostics.model import Diagnostic, Loc
from compiler.model.cost import Cost
from compiler.model.verdict import Verdict

Action = Literal["add", "change", "delete", "replace"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs, as `spec.template.spec.containers[web].image`; None: not there on that side.

    List items are named by their `name`, key or id. `moved`: only the order differs. Of a secret's values nothing is
    kept but that they differ (`secret`).
    """

    path: str
    before: Any
    after: Any
    moved: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """One object that is added, changed, deleted or replaced by another name (`config-<hash>` pairs)."""

    action: Action
    kind: str
    name: str
    file: str
    """path below the environment's GitOps path; of a pair, the new one's"""
    was: str | None = None
    """the former name of a replaced object"""
    fields: tuple[FieldChange, ...] = ()
    before: bytes | None = None
    after: bytes | None = None
    """the rendered files, secrets' values masked"""
    origin: Loc | None = None
    """the line of the spec that the object comes from"""


@dataclass(frozen=True, slots=True)
class TrackView:
    """A track in words: its version, contract, pods wanted, and its share of the requests in percent.

    `share` None: no share can be said (requests with a header, a path of its own, no route); `requests` names them.
    """

    track: str
    version: str
    contract: int
    pods: int
    share: float | None
    requests: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """One commit of the course ahead (the first is the one under review, if there is one)."""

    name: str
    command: str
    """the command that makes this step's edit; empty for the commit under review"""
    summary: str
    tracks: tuple[TrackView, ...]
    peak: Cost
    """pods, cores and bytes while the step is under way"""
    verdict: Verdict
    reverse: Verdict
    """of going back from it, by the command `back`"""
    skips: tuple[tuple[str, Verdict], ...]
    """of reaching it straight from each earlier commit that is not confirmed: that commit's name, the verdict"""
    back: str = ""
    """the command that leaves the step again; empty for the commit under review, whose undo says it"""
    pause_seconds: int = 0
    not_before: str | None = None
    changes: tuple[ObjectChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Danger:
    """A change that reviewers ask to see first.

    `kind` is one of deletion, immutable, selector, rbac, namespace, volume-claim, secret, replicas, route.
    """

    kind: str
    object: str
    message: str


@dataclass(frozen=True, slots=True)
class Undo:
    """How to go back once this is published: the command, whether it is proven, and what it changes.

    Without a command, `note` says what else brings the published manifests back, or why nothing does.
    """

    command: str
    verdict: Verdict
    changes: tuple[ObjectChange, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """How a version is reached that does not serve yet: a `curl` line, and the header that leads there (empty: none).

    `place` says from where, if not from everywhere.
    """

    release: str
    track: str
    version: str
    header: str
    command: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class PilotMove:
    """A publish of this course that the pilot made: its commit and time (seconds since 1970), and why it was made."""

    commit: str
    time: int
    evidence: tuple[str, ...]
    """the decision, the sentence of each check, and the commit that Argo CD reported"""


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """One release, or one group (its members move as one), as one Application syncs it."""

    name: str
    members: tuple[str, ...]
    strategy: str
    position: str
    """where the course stands after this commit: `started`, `canary 25 %`"""
    headline: str
    """in release words: "canary 10 → 25 %, peak 12 pods, 24 GiB"; empty where nothing changes"""
    before: tuple[TrackView, ...]
    after: tuple[TrackView, ...]
    cost_before: Cost | None
    cost_after: Cost
    verdict: Verdict
    dangers: tuple[Danger, ...]
    steps: Sequence[StepView]
    """this commit (if it changes anything) and all that follow, to the end of the course"""
    undo: Undo | None
    changes: tuple[ObjectChange, ...]
    previews: tuple[PreviewRequest, ...] = ()
    """how the new version is reached once this is published"""
    findings: tuple[Diagnostic, ...] = ()
    """the verdict's findings (and refused rules) at the lines of the spec"""
    next_command: str = ""
    """of a unit that does not change: the command of the step that follows; empty where no course is open"""
    moves: tuple[PilotMove, ...] = ()
    """of the pilot's, in the course so far, the newest first"""

    @property
    def changed(self) -> bool:
        return bool(self.changes)


@dataclass(frozen=True, slots=True)
class EnvironmentPlan:
    """All of one environment: `digest` is of what is published and of exactly what would be."""

    name: str
    repository: str
    """without credentials; empty where nothing is published"""
    branch: str
    path: str
    base: str | None
    """the published commit; None before the first publish"""
    confirmed: str | None
    digest: str
    units: tuple[UnitPlan, ...]
    other_changes: tuple[ObjectChange, ...]
    """of `_environment`, `_argocd` and the README"""
    warnings: tuple[Diagnostic, ...]
    notes: tuple[str, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    """why `publish` takes nothing now: a freeze, an edit by hand, older specs, an exception that has expired"""
    argocd_path: str = ""
    """the folder of Argo CD's own objects; empty where nothing tells them apart"""

    @property
    def changed(self) -> bool:
        return bool(self.other_changes) or any(unit.changed for unit in self.units)

    @property
    def publishable(self) -> bool:
        return not self.refused and all(unit.verdict.publishable for unit in self.units)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run of `shipway plan` says; `source` is the specs' commit, `compiler` the version that rendered."""

    environments: tuple[EnvironmentPlan, ...]
    compiler: str
    source: str | None
    texts: dict[str, str] = field(default_factory=dict)
    refused: tuple[Diagnostic, ...] = ()
    """the findings of environments that have no plan, for their specs were refused"""

    @property
    def refusals(self) -> tuple[Diagnostic, ...]:
        """Why specs have no plan, and why `publish` takes nothing now."""
        return (*self.refused, *(refusal for environment in self.environments for refusal in environment.refused))

    @property
    def publishable(self) -> bool:
        """Whether `publish` takes all of it."""
        return not self.refused and all(environment.publishable for environment in self.environments)
