"""What a plain change of every image loses today: what a commit is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from compiler.model.manifest import Object
from compiler.model.objects import nested_value
from compiler.model.verdict import Finding, Unproven, Verdict
from compiler.transition.sync.options import SyncOptions
from compiler.transition.verify import verify_forward

NEXT_TAG: Final = "shipway-baseline"
TEMPLATES: Final = ("Deployment", "StatefulSet", "DaemonSet", "Rollout")
Standing = Literal["better", "no worse", "worse"]


@dataclass(frozen=True, slots=True)
class BaselineComparison:
    """How a change stands to a plain change of the images: what it adds, and what each release loses today."""

    standing: Standing
    added: tuple[Finding, ...]
    known: tuple[Finding, ...]


def compare_with_baseline(
    verdict: Verdict, before: Sequence[Object], after: Sequence[Object], application: SyncOptions
) -> BaselineComparison:
    """`worse`: something is lost or unproven that a change of an image today does not lose, or requests are lost for
    good, which such a change loses for a moment; `better`: nothing is, and from now on such a change loses less; else
    `no worse`.
    """
    today, from_now_on = (verify_forward(side, with_next_images(side), application) for side in (before, after))
    return compare_verdicts(verdict, today, from_now_on)


def compare_verdicts(verdict: Verdict, today: Verdict, from_now_on: Verdict) -> BaselineComparison:
    """The comparison of three verdicts: on a change, on a plain change of an image before it, and on one after it."""
    faults = _faults(verdict)
    for_good = not set(from_now_on.unserved) <= set(today.unserved)
    added = tuple(each for each in faults if for_good or not _causes(each) <= _lost(today))
    if added or for_good:
        return BaselineComparison("worse", added, tuple(each for each in faults if each not in added))
    return BaselineComparison("better" if _lost(from_now_on) < _lost(today) else "no worse", (), faults)


def with_next_images(objects: Iterable[Object]) -> list[Object]:
    """The objects with another tag for every image of a workload: what a release without any other change commits."""
    return [_with_next_image(obj) if obj.get("kind") in TEMPLATES else obj for obj in objects]


def _with_next_image(obj: Object) -> Object:
    pod = nested_value(obj, "spec", "template", "spec")
    if not isinstance(pod, dict) or not isinstance(pod.get("containers"), list):
        return obj
    spec = obj["spec"]
    changed = {**pod, "containers": [_with_next_tag(container) for container in pod["containers"]]}
    return {**obj, "spec": {**spec, "template": {**spec["template"], "spec": changed}}}


def _with_next_tag(container: Any) -> Any:
    if not isinstance(container, dict) or not isinstance(container.get("image"), str):
        return container
    name = container["image"].partition("@")[0]
    head, slash, last = name.rpartition("/")
    return {**container, "image": f"{head}{slash}{last.partition(':')[0]}:{NEXT_TAG}"}


def _faults(verdict: Verdict) -> tuple[Finding, ...]:
    if isinstance(verdict, Unproven):
        return verdict.reasons
    return verdict.errors


def _lost(verdict: Verdict) -> frozenset[tuple[str, str]]:
    return frozenset(cause for finding in _faults(verdict) for cause in _causes(finding))


def _causes(finding: Finding) -> frozenset[tuple[str, str]]:
    """What a finding says of each of its objects: `drain-too-short` of a Deployment, whatever the request."""
    return frozenset((finding.code, name) for name in finding.objects or ("",))
