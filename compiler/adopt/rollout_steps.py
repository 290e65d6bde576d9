"""The steps of a Rollout's canary as the steps of ours, and what each of them leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from compiler.adopt.receipt import ReceiptChange
from compiler.model.objects import mapping_items, mapping_or_empty, nested_value

STEPS_PATH: Final = "spec.strategy.canary.steps"
GO_DURATION: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?)(h|ms|m|s)")
WHOLE_SECONDS: Final = re.compile(r"[0-9]{1,12}")
UNIT_SECONDS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
SPEC_DURATION: Final = re.compile(r"([0-9]+h)?([0-9]+m)?([0-9]+s)?")
BY_HAND: Final = "each step is a commit by `shipway advance`: the course waits until somebody runs it"
NO_COUNTERPART: Final = "a release has no such step"
ANALYSIS: Final = "the pilot judges metrics: write the queries as `analysis` of the strategy"
SAME_WEIGHT: Final = "the share of a canary only grows from step to step: here it does not"
NO_WEIGHT_YET: Final = "a course starts with its first share, so there is no pause before it"
STEP_REASONS: Final[Mapping[str, str]] = {
    "analysis": ANALYSIS,
    "setCanaryScale": "the canary has as many pods as its share of the requests asks for",
    "setMirrorRoute": "a release cannot mirror requests",
    "experiment": "a release starts no extra pods for an experiment: the canary itself is tested",
    "replicaProgressThreshold": "a step waits until all pods of its commit are ready",
    "plugin": NO_COUNTERPART,
}
"""Source: Argo Rollouts, pkg/apis/rollouts/v1alpha1/types.go, `CanaryStep`."""


@dataclass(frozen=True, slots=True)
class CanarySteps:
    """`steps` of a canary, the header that leads to it at any share, and what no step of ours says."""

    steps: list[Any]
    header: dict[str, str] | None
    notes: tuple[ReceiptChange, ...]


def canary_steps_of(canary: Mapping[str, Any], *, routed: bool) -> CanarySteps:
    """The shares that grow, each with the pauses that follow it, up to all requests.

    `routed`: a route divides the requests, so that a header can choose. Source: Argo Rollouts,
    docs/features/canary.md: a pause without a duration waits for a promotion.
    """
    most = mapping_or_empty(canary.get("trafficRouting")).get("maxTrafficWeight", 100)
    steps: list[dict[str, Any]] = []
    notes: list[ReceiptChange] = []
    header: dict[str, str] | None = None
    for number, step in enumerate(mapping_items(canary.get("steps"))):
        path = f"{STEPS_PATH}[{number}]"
        if "setHeaderRoute" in step:
            named = _exact_header(step["setHeaderRoute"]) if routed and header is None else None
            header = named or header
            notes += _header_notes(f"{path}.setHeaderRoute", step["setHeaderRoute"], named, routed=routed)
        elif "setWeight" in step:
            notes += _take_weight(steps, step["setWeight"], most, f"{path}.setWeight")
        elif "pause" in step:
            notes += _take_pause(steps, step["pause"], f"{path}.pause")
        else:
            notes += [
                ReceiptChange(f"{path}.{field}", step[field], None, STEP_REASONS.get(field, NO_COUNTERPART))
                for field in step
            ]
    if not steps or steps[-1]["at"] < 100:
        steps.append({"at": 100})
    return CanarySteps([_step_words(step) for step in steps], header, tuple(notes))


def _take_weight(steps: list[dict[str, Any]], weight: Any, most: Any, path: str) -> Iterator[ReceiptChange]:
    share = _percent(weight, most)
    if share <= (steps[-1]["at"] if steps else 0):
        yield ReceiptChange(path, weight, None, SAME_WEIGHT)
        return
    steps.append({"at": share})
    if share != weight:
        yield ReceiptChange(path, weight, share, f"a share is in percent here, and in the Rollout it is out of {most}")


def _percent(weight: Any, most: Any) -> int:
    """A weight of a total in percent: a small one is no less than the least that a step can say."""
    if not isinstance(weight, int) or not isinstance(most, int) or most < 1:
        return 0
    return min(100, max(round(100 * weight / most), 1 if weight > 0 else 0))


def _take_pause(steps: list[dict[str, Any]], pause: Any, path: str) -> Iterator[ReceiptChange]:
    duration = mapping_or_empty(pause).get("duration")
    if not steps:
        yield ReceiptChange(path, pause, None, NO_WEIGHT_YET)
        return
    if duration is not None:
        steps[-1]["pause"] = [*steps[-1].get("pause", []), duration]
    yield ReceiptChange(path, pause, None, BY_HAND)


def _step_words(step: Mapping[str, Any]) -> Any:
    durations = step.get("pause")
    return {"at": step["at"], "pause": pause_words(durations)} if durations else step["at"]


def pause_words(durations: list[Any]) -> str:
    """Pauses that follow each other as one, as a spec writes it: a number of Argo Rollouts' counts seconds."""
    first = str(durations[0])
    if len(durations) == 1 and SPEC_DURATION.fullmatch(first) and not first.isdigit():
        return first
    return f"{sum(_seconds(each) for each in durations)}s"


def _seconds(duration: Any) -> int:
    """Source: Argo Rollouts, types.go, `DurationSeconds`: a number, or what Go's time.ParseDuration reads."""
    text = str(duration)
    if WHOLE_SECONDS.fullmatch(text):
        return int(text)
    return round(sum(float(count) * UNIT_SECONDS[unit] for count, unit in GO_DURATION.findall(text)))


def _exact_header(route: Any) -> dict[str, str] | None:
    """The one header by which requests choose the canary; None where a pattern decides, or several do."""
    matches = list(mapping_items(mapping_or_empty(route).get("match")))
    value = nested_value(dict(matches[0]), "headerValue", "exact") if len(matches) == 1 else None
    return {"name": str(matches[0].get("headerName")), "value": value} if isinstance(value, str) and value else None


def _header_notes(path: str, route: Any, named: dict[str, str] | None, *, routed: bool) -> Iterator[ReceiptChange]:
    if named is not None:
        reason = "requests with this header reach the canary from the start of a course to its end"
        yield ReceiptChange(path, route, {"header": named}, reason)
    elif not routed:
        yield ReceiptChange(path, route, None, "routing by a header needs the release's own route (`by: weight`)")
    elif mapping_or_empty(route).get("match"):
        yield ReceiptChange(
            path, route, None, "a release has one header with one value, and it applies from the start of a course"
        )
    else:
        yield ReceiptChange(path, route, None, "the header routes to the canary until the course ends")
