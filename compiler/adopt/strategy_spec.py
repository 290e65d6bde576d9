"""How a workload is replaced today, as one of the strategies of a release; Argo Rollouts' steps become its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from compiler.adopt.receipt import ReceiptChange
from compiler.adopt.running import RunningWorkload
from compiler.adopt.scale_spec import update_words
from compiler.model.objects import mapping_items, mapping_or_empty

STEP_FIELDS: Final = ("setWeight", "pause")
BLUE_GREEN_FIELDS: Final = ("activeService", "previewService")
CANARY_FIELDS: Final = ("steps", "stableService", "canaryService", "trafficRouting")
BY_PODS: Final = "the ratio of pods divides requests until the release has its own route (`expose`), and `by: weight`"
NO_COUNTERPART: Final = "a release has nothing like it"
BY_HAND: Final = "a step is taken by `shipway advance`, in a commit: it waits until somebody does"


@dataclass(frozen=True, slots=True)
class StrategyWords:
    """`spec.strategy`, and what of the strategy of today it leaves out."""

    words: dict[str, Any]
    notes: tuple[ReceiptChange, ...] = ()


def strategy_words(group: RunningWorkload, version: Mapping[str, Any]) -> StrategyWords:
    """`rolling` or `recreate` for what a Deployment does; `canary` or `blueGreen` for a Rollout that does so.

    Its Service is all that leads to an adopted release, so pods divide its requests, and nothing previews them.
    """
    strategy = mapping_or_empty(group.source.spec.get("strategy"))
    if "blueGreen" in strategy:
        words = {"active": "blue", "blue": dict(version), "preview": "off"}
        return StrategyWords({"blueGreen": words}, tuple(_blue_green_notes(mapping_or_empty(strategy["blueGreen"]))))
    if "canary" in strategy:
        canary = mapping_or_empty(strategy["canary"])
        words = {"stable": dict(version), "by": "pods", "steps": _canary_steps(canary)}
        return StrategyWords({"canary": words}, tuple(_canary_notes(canary)))
    if group.source.kind == "Deployment" and strategy.get("type") == "Recreate":
        return StrategyWords({"recreate": dict(version)})
    return StrategyWords({"rolling": {**version, **update_words(group)}})


def _canary_steps(canary: Mapping[str, Any]) -> list[Any]:
    """The weights that grow, each with the pause that follows it, up to all requests.

    Source: Argo Rollouts, docs/features/canary.md: a pause without a duration waits for a promotion.
    """
    steps: list[dict[str, Any]] = []
    for step in mapping_items(canary.get("steps")):
        weight = step.get("setWeight")
        if isinstance(weight, int) and weight > (steps[-1]["at"] if steps else 0):
            steps.append({"at": weight})
        elif "pause" in step and steps:
            duration = mapping_or_empty(step["pause"]).get("duration")
            if duration is not None:
                steps[-1]["pause"] = _duration(duration)
    if not steps or steps[-1]["at"] < 100:
        steps.append({"at": 100})
    return [step if "pause" in step else step["at"] for step in steps]


def _duration(value: Any) -> str:
    """A pause as a spec writes it: a number of Argo Rollouts' counts seconds."""
    text = str(value)
    return f"{text}s" if text.isdigit() else text


def _canary_notes(canary: Mapping[str, Any]) -> Iterator[ReceiptChange]:
    for number, step in enumerate(mapping_items(canary.get("steps"))):
        for field in step:
            if field not in STEP_FIELDS:
                path = f"spec.strategy.canary.steps[{number}].{field}"
                yield ReceiptChange(path, step[field], None, NO_COUNTERPART)
        if "pause" in step:
            path = f"spec.strategy.canary.steps[{number}].pause"
            yield ReceiptChange(path, step["pause"], None, BY_HAND)
    if "trafficRouting" in canary:
        yield ReceiptChange("spec.strategy.canary.trafficRouting", canary["trafficRouting"], None, BY_PODS)
    yield from _unsaid_fields("canary", canary, CANARY_FIELDS)


def _blue_green_notes(blue_green: Mapping[str, Any]) -> Iterator[ReceiptChange]:
    if blue_green.get("autoPromotionEnabled") is not False:
        path = "spec.strategy.blueGreen.autoPromotionEnabled"
        yield ReceiptChange(path, True, None, BY_HAND)
    yield from _unsaid_fields("blueGreen", blue_green, (*BLUE_GREEN_FIELDS, "autoPromotionEnabled"))


def _unsaid_fields(name: str, strategy: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[ReceiptChange]:
    for field, value in strategy.items():
        if field not in known:
            yield ReceiptChange(f"spec.strategy.{name}.{field}", value, None, NO_COUNTERPART)
