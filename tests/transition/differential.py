"""The shipped verifier against the plain reference model, on random small transitions and sequences of commits.

`python -m tests.transition.differential --transitions 1000000 --sequences 100000`: each disagreement is printed with
its seed, and shrunk to what matters. Exit status: 0 they agree, 1 they do not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from multiprocessing import Pool
from typing import Any

from compiler.transition import SyncOptions, verify_course, verify_forward
from tests.transition.reference.generator import Transition, course, transition
from tests.transition.reference.model import World
from tests.transition.reference.properties import judge
from tests.transition.reference.shrink import listing, shrink

SAME_WORD = {"contained": "available", "drained": "available"}


def by_reference(found: Transition) -> set[str] | None:
    return judge(World([found.before, found.after], found.prune_last))


def sync_options(prune_last: bool) -> SyncOptions:
    options = SyncOptions.from_pairs(["PruneLast=true"] if prune_last else [])
    return replace(options, namespace="shop")


def by_engine(found: Transition) -> set[str] | None:
    """The properties that the verifier finds broken; None where it proves nothing, and says so."""
    answer = verify_forward(found.before, found.after, sync_options(found.prune_last))
    if answer.verdict == "unknown":
        return None
    broken = {finding.property for finding in answer.findings if finding.severity == "error"}
    assert (answer.verdict == "safe") == (not broken)
    return {SAME_WORD.get(word, word) for word in broken}


def differ(found: Transition) -> bool:
    """Verdicts differ, or both refuse for reasons that have nothing in common."""
    reference = by_reference(found)
    engine = by_engine(found)
    if reference is None or engine is None:
        return False
    return bool(reference) != bool(engine) or (bool(reference) and not reference & engine)


def disagreement(seed: int) -> str | None:
    """The transition of the seed on which the two differ, shrunk; None where they agree."""
    random_transition = transition(seed)
    if not differ(random_transition):
        return None
    small = shrink(random_transition, differ)
    return f"transition {seed}: reference {by_reference(small)}, engine {by_engine(small)}\n{listing(small)}"


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
    step = verify_course(commits, sync_options(prune_last))[-1]
    found = {
        finding.property for _, verdict in step.skips for finding in verdict.findings if finding.severity == "error"
    }
    return bool(reference - {"capacity"}) != bool(found - {"capacity"})


def disagreement_on_skips(seed: int) -> str | None:
    return f"sequence {seed}: the two differ on its last commit" if differ_on_skips(seed) else None


def disagreements(transitions: range, sequences: range, jobs: int) -> Iterator[str]:
    """What the two differ on, in no order; the seeds are spread over `jobs` processes."""
    with Pool(jobs) as pool:
        for answers in (
            pool.imap_unordered(disagreement, transitions, chunksize=100),
            pool.imap_unordered(disagreement_on_skips, sequences, chunksize=25),
        ):
            yield from (answer for answer in answers if answer is not None)


def run() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.transition.differential", description=__doc__)
    parser.add_argument("--transitions", type=int, default=20_000, metavar="N")
    parser.add_argument("--sequences", type=int, default=2_000, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first seed of both (default: 0)")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    transitions = range(args.first, args.first + args.transitions)
    sequences = range(args.first, args.first + args.sequences)
    differences = 0
    for text in disagreements(transitions, sequences, args.jobs):
        sys.stdout.write(f"{text}\n")
        differences += 1
    sys.stdout.write(f"{args.transitions} transitions, {args.sequences} sequences: {differences} disagreements\n")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(run())
