"""The shipped verifier and a slow, plain breadth-first search agree on small transitions.

The reference (`reference/`) shares no code with the engine and takes no shortcut. It walks single pods and writes;
where the two disagree, the test shows the transition shrunk to what matters.
"""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest
import yaml

from tests.transition.differential import compared, differ, differ_on_newest, differ_on_skips, disagreement
from tests.transition.reference.generator import Transition, transition
from tests.transition.reference.model import World
from tests.transition.reference.properties import judge

CASES = pathlib.Path(__file__).parent / "cases"
FOUND = pathlib.Path(__file__).parent / "reference/found"


def disagreements_on(seeds: range) -> list[str]:
    return [text for seed in seeds if (text := disagreement(seed)) is not None]


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_agreement(start: int) -> None:
    assert disagreements_on(range(start, start + 100)) == []


@pytest.mark.parametrize("file", sorted(FOUND.glob("transition-*.json")), ids=lambda file: file.stem)
def test_agreement_on_what_was_found(file: pathlib.Path) -> None:
    """What the two differed on once, kept as it was: seeds lead elsewhere when the generator learns."""
    data = json.loads(file.read_text())
    before, after = data["commits"]
    assert not differ(Transition(before, after, data["prune_last"]))


@pytest.mark.parametrize("file", sorted(FOUND.glob("sequence-*.json")), ids=lambda file: file.stem)
def test_agreement_on_sequences_that_were_found(file: pathlib.Path) -> None:
    data = json.loads(file.read_text())
    assert not differ_on_newest(data["commits"], data["prune_last"])


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1_000, 21_000, 1_000))
def test_agreement_on_thousands(start: int) -> None:
    assert disagreements_on(range(start, start + 1_000)) == []


def test_agreement_on_skips() -> None:
    assert [seed for seed in range(80) if differ_on_skips(seed)] == []


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1_000, 3_000, 250))
def test_agreement_on_many_skips(start: int) -> None:
    assert [seed for seed in range(start, start + 250) if differ_on_skips(seed)] == []


WITHIN_THE_SUBSET = {
    "bg-switch-and-prune": "available",
    "bg-switch-and-prune-last": None,
    "bg-switch-green-same-wave": "available",
    "bg-switch-green-first-wave": None,
    "bg-prune-waves-are-swapped": "available",
    "bg-prune-same-wave-beside-configmap": None,
    "canary-major-by-weight": "contract",
    "config-in-later-wave": "finishes",
    "config-renamed-and-pruned": "config",
    "config-renamed-old-kept": None,
    "container-port-and-target-renamed": "available",
    "rolling-defaults": None,
    "rolling-one-replica-unavailable-one": "available",
    "bg-green-scaled-up-in-same-wave-as-switch": "capacity",
    "bg-green-scaled-up-before-switch": None,
    "nginx-canary-of-another-path-type": None,
    "nginx-canary-of-the-same-path-type": "contract",
    "nginx-canary-of-a-shared-backend": "contract",
    "nginx-full-canary-comes-while-its-pods-go": "contract",
    "nginx-full-canary-is-recreated": "capacity",
    "nginx-full-canary-without-pods-in-the-end": "capacity",
    "nginx-new-rule-leads-to-nobody-beside-an-empty-canary": "available",
    "hook-recreates-config-under-new-pods": "config",
    "hook-deleted-while-old-pods-may-run": "config",
    "hook-deleted-once-old-pods-have-gone": None,
    "switch-to-a-deployment-that-no-prune-takes-away": None,
    "quota-lowered-after-the-rollout": None,
    "quota-raised-after-the-rollout": "finishes",
    "quota-leaves-no-room-once-the-other-has-grown": "finishes",
    "quota-freed-by-the-one-that-shrinks": None,
    "quota-and-a-recreated-deployment": None,
    "quota-and-a-template-without-pods": None,
    "callee-deleted-under-a-caller-that-no-prune-takes-away": "available",
    "rollout-blue-green-of-major-behind-another-service": "contract",
    "rollout-blue-green-of-minor-behind-another-service": None,
    "rollout-blue-green-without-room-in-the-quota": "finishes",
    "rollout-blue-green-with-room-in-the-quota": None,
    "mirror-pruned-with-the-requests-that-it-copied": None,
    "mirror-pruned-before-the-rule-that-copies-to-it": "available",
    "nginx-header-canary-of-a-switched-rollout-without-its-port": None,
    "nginx-header-canary-before-a-rollout-has-switched": "capacity",
    "nginx-empty-canary-gets-its-first-pods": "capacity",
    "nginx-empty-canary-gets-its-one-pod": None,
    "nginx-header-canary-in-another-wave-than-the-page": "contract",
    "nginx-header-canary-of-the-contract-that-the-page-has": None,
    "rollout-by-reference-before-its-config": "config",
    "rollout-by-reference-beside-its-config": None,
    "rollout-by-reference-moves-after-its-own-gate": "contract",
    "rollout-by-reference-moves-before-its-gate": None,
    "callee-shut-to-pods-of-a-service-beside-the-route": "available",
    "callee-open-to-pods-of-a-service-beside-the-route": None,
    "mirror-pruned-together-with-its-redirect": "available",
    "mirror-kept-while-its-redirect-goes": None,
    "rollout-by-reference-whose-config-goes-last": "config",
    "rollout-by-reference-that-reads-no-config-any-more": None,
    "rollout-canary-whose-limits-round-to-nothing": "available",
}
RULES = {
    "error backend-empty", "error backend-missing", "error callee-gone", "error capacity-dip", "error contracts-mixed",
    "error gate-needs-later-wave", "error host-split", "error old-version-given-up", "error port-refused",
    "error quota-exceeded", "error reference-pruned", "error route-lost", "error worlds-crossed",
    "error batch-pods-caught", "error entry-closed", "error reference-unresolved",
    "verdict safe", "verdict unsafe", "warning no-longer-served", "warning redirected", "warning two-canaries",
}  # fmt: skip


@pytest.mark.parametrize("name", WITHIN_THE_SUBSET)
def test_the_reference_judges_the_cases_of_its_subset(name: str) -> None:
    before, after = ([load(file) for file in sorted((CASES / name / side).glob("*.yaml"))] for side in ("from", "to"))
    options = load(CASES / name / "case.yaml")["syncOptions"]
    broken = judge(World([before, after], "PruneLast=true" in options))
    expected = WITHIN_THE_SUBSET[name]
    assert broken is not None
    assert expected in broken if expected else broken == set()


def load(file: pathlib.Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(file.read_text())
    return data


@pytest.mark.slow
def test_random_transitions_break_every_rule() -> None:
    assert {code for seed in range(2_000) for code in compared(seed).codes} >= RULES


def test_equal_seeds_give_equal_transitions() -> None:
    assert transition(7) == transition(7) != transition(8)
