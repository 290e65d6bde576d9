"""The shipped verifier and a slow, plain breadth-first search agree on small transitions.

The reference (`reference/`) shares no code with the engine and takes no shortcut. It walks single pods and writes;
where the two disagree, the test shows the transition shrunk to what matters.
"""

from __future__ import annotations

import pathlib
from itertools import pairwise
from typing import Any

import pytest
import yaml

from compiler.transition import SyncOptions, verify, verify_course
from tests.transition.reference.generator import Transition, course, transition
from tests.transition.reference.model import World
from tests.transition.reference.properties import judge
from tests.transition.reference.shrink import listing, shrink

CASES = pathlib.Path(__file__).parent / "cases"
SAME_WORD = {"contained": "available", "drained": "available"}


def by_reference(found: Transition) -> set[str] | None:
    return judge(World([found.before, found.after], found.prune_last))


def by_engine(found: Transition) -> set[str]:
    options = ["PruneLast=true"] if found.prune_last else []
    answer = verify(found.before, found.after, SyncOptions.from_pairs(options))
    broken = {finding.property for finding in answer.findings if finding.severity == "error"}
    assert (answer.verdict == "safe") == (not broken)
    return {SAME_WORD.get(word, word) for word in broken}


def differ(found: Transition) -> bool:
    """Verdicts differ, or both refuse for reasons that have nothing in common."""
    reference = by_reference(found)
    if reference is None:
        return False
    engine = by_engine(found)
    return bool(reference) != bool(engine) or (bool(reference) and not reference & engine)


def assert_agreement(seeds: range) -> None:
    for seed in seeds:
        found = transition(seed)
        if differ(found):
            small = shrink(found, differ)
            pytest.fail(f"seed {seed}: reference {by_reference(small)}, engine {by_engine(small)}\n{listing(small)}")


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_agreement(start: int) -> None:
    assert_agreement(range(start, start + 100))


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1_000, 9_000, 1_000))
def test_agreement_on_thousands(start: int) -> None:
    assert_agreement(range(start, start + 1_000))


def safe_step_by_step(commits: list[list[dict[str, Any]]], prune_last: bool) -> bool:
    return not any(judge(World(list(pair), prune_last)) for pair in pairwise(commits))


def differ_on_skips(seed: int) -> bool:
    """Whether the two disagree on the last commit when it may begin half-way through the one before.

    Capacity is left to the engine: what is due between commits that ask for different numbers is its own notion.
    """
    commits, prune_last = course(seed)
    reference = judge(World(commits, prune_last)) if safe_step_by_step(commits, prune_last) else None
    if reference is None:
        return False
    step = verify_course(commits, SyncOptions.from_pairs(["PruneLast=true"] if prune_last else []))[-1]
    found = {
        finding.property for _, verdict in step.skips for finding in verdict.findings if finding.severity == "error"
    }
    return bool(reference - {"capacity"}) != bool(found - {"capacity"})


def test_agreement_on_skips() -> None:
    assert [seed for seed in range(80) if differ_on_skips(seed)] == []


@pytest.mark.slow
def test_agreement_on_many_skips() -> None:
    assert [seed for seed in range(1_000, 3_000) if differ_on_skips(seed)] == []


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
}


@pytest.mark.parametrize("name", WITHIN_THE_SUBSET)
def test_the_reference_judges_the_cases_of_its_subset(name: str) -> None:
    before, after = ([load(file) for file in sorted((CASES / name / side).glob("*.yaml"))] for side in ("from", "to"))
    options = load(CASES / name / "case.yaml")["syncOptions"]
    broken = judge(World([before, after], "PruneLast=true" in options))
    expected = WITHIN_THE_SUBSET[name]
    assert broken is not None
    assert expected in broken if expected else broken == set()


def load(file: pathlib.Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text())
    return found


def test_equal_seeds_give_equal_transitions() -> None:
    assert transition(7) == transition(7) != transition(8)
