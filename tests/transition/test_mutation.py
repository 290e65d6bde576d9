"""The compiler's own commits are judged safe; break one thing in them, and the verifier says so.

Mutants that survive are listed in `mutation/equivalent.py` with the reason why they do no harm; all others are caught.
"""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet

from compiler.model.verdict import Verdict
from compiler.transition import SyncOptions, verify
from tests.transition.mutation.courses import Commit, Step, steps
from tests.transition.mutation.equivalent import EQUIVALENT, excuses, reason
from tests.transition.mutation.mutants import OUR_OPTIONS, Mutant, mutants, skipped_with_prune_first

STRATEGIES = frozenset({"rolling", "blueGreen", "canary-weight", "canary-header", "canary-pods", "versioned"})
VERDICTS: dict[str, str] = {}


def application(options: tuple[str, ...], objects: Commit) -> SyncOptions:
    """As `bootstrap` writes it: the replicas of what has an autoscaler are the autoscaler's."""
    targets = [obj["spec"]["scaleTargetRef"]["name"] for obj in objects if obj["kind"] == "HorizontalPodAutoscaler"]
    ignored = [
        {"group": "apps", "kind": "Deployment", "name": name, "jsonPointers": ["/spec/replicas"]} for name in targets
    ]
    return SyncOptions.from_application(
        {"spec": {"ignoreDifferences": ignored, "syncPolicy": {"syncOptions": list(options)}}}
    )


def judged(mutant: Mutant) -> str:
    """The verdict on a mutant, once for all tests."""
    if mutant.name not in VERDICTS:
        answer = verify(mutant.before, mutant.after, application(mutant.options, mutant.after))
        VERDICTS[mutant.name] = "safe" if loses_only(answer, mutant.loses) else answer.verdict
    return VERDICTS[mutant.name]


def loses_only(answer: Verdict, codes: frozenset[str]) -> bool:
    """Whether nothing is wrong but what the strategy gives up by design."""
    return answer.verdict == "unsafe" and {finding.code for finding in answer.errors} <= codes


def label(step: Step) -> str:
    return f"{step.course} {step.name}"


@pytest.mark.parametrize("step", steps(), ids=label)
def test_what_the_compiler_emits_is_safe(step: Step) -> None:
    answer = verify(step.before, step.after, application(OUR_OPTIONS, step.after))
    assert answer.verdict == "safe" or loses_only(answer, step.loses), [finding.message for finding in answer.findings]


def mutated_step(step: Step) -> ParameterSet:
    """The courses as they are, on one provider that every strategy can use: the others are volume."""
    strategy, _, provider = step.course.partition("/")
    fast = provider == "gatewayApi" and strategy in STRATEGIES
    return pytest.param(step, marks=() if fast else pytest.mark.slow, id=label(step))


@pytest.mark.parametrize("step", [mutated_step(step) for step in steps()])
def test_every_mutant_is_caught_or_known_to_be_harmless(step: Step) -> None:
    survivors = [mutant.name for mutant in mutants(step) if judged(mutant) == "safe" and not reason(mutant)]
    assert survivors == []


@pytest.mark.parametrize("mutant", list(skipped_with_prune_first(steps())), ids=lambda mutant: mutant.name)
def test_switch_and_prune_in_one_commit_is_caught(mutant: Mutant) -> None:
    assert judged(mutant) == "unsafe" or reason(mutant)


@pytest.mark.slow  # it judges all mutants
def test_every_listed_pattern_excuses_a_survivor() -> None:
    made = [*(mutant for step in steps() for mutant in mutants(step)), *skipped_with_prune_first(steps())]
    survivors = [mutant.name for mutant in made if judged(mutant) == "safe"]
    needless = [pattern for pattern in EQUIVALENT if not any(excuses(pattern, name) for name in survivors)]
    assert needless == []
    assert len(made) - len(survivors) > 2_500
