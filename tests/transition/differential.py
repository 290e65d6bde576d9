"""The shipped verifier against the plain reference model, on random small transitions and sequences of commits.

`python -m tests.transition.differential --transitions 1000000 --sequences 100000`: each disagreement is printed with
its seed, and shrunk to what matters; in the end, in how many transitions the verifier found what. Seeds are numbered
from `--first`, so a long run is any number of short ones. Exit status: 0 they agree, 1 they do not.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from multiprocessing import Pool
from typing import Any, NamedTuple

from compiler.model.verdict import Verdict
from compiler.transition import SyncOptions, verify_forward, verify_newest
from tests.transition.reference.generator import Transition, course, transition
from tests.transition.reference.model import World
from tests.transition.reference.properties import judge, no_longer_served
from tests.transition.reference.shrink import listing, shrink

SAME_WORD = {"contained": "available", "drained": "available"}
GIVEN_UP = "no-longer-served"


class Outcome(NamedTuple):
    """What comparing one seed gave: the disagreement in words, if there is one, and the codes of the verifier."""

    disagreement: str | None
    codes: tuple[str, ...] = ()


def by_reference(change: Transition) -> set[str] | None:
    world = World([change.before, change.after], change.prune_last)
    broken = judge(world)
    return {GIVEN_UP} if broken == set() and no_longer_served(world) else broken


def sync_options(prune_last: bool) -> SyncOptions:
    options = SyncOptions.from_pairs(["PruneLast=true"] if prune_last else [])
    return replace(options, namespace="shop")


def by_engine(change: Transition) -> Verdict:
    return verify_forward(change.before, change.after, sync_options(change.prune_last))


def broken_properties(answer: Verdict) -> set[str]:
    """The properties that the verifier finds broken; of what is safe, whether it names requests that are given up."""
    broken = {finding.property for finding in answer.findings if finding.severity == "error"}
    assert (answer.verdict == "safe") == (not broken)
    if not broken and any(finding.code == GIVEN_UP for finding in answer.findings):
        return {GIVEN_UP}
    return {SAME_WORD.get(word, word) for word in broken}


def differ(change: Transition) -> bool:
    return differ_from(change, by_engine(change))


def differ_from(change: Transition, answer: Verdict) -> bool:
    """Whether the reference disagrees with the verifier's answer; that only a full quota holds pods back is no proof.

    Whoever raises a quota lets them start, so the verifier never relies on one.
    """
    if not disagree(by_reference(change), answer):
        return False
    return not broken_properties(answer) or disagree(by_reference(without_quotas(change)), answer)


def without_quotas(change: Transition) -> Transition:
    before, after = ([obj for obj in side if obj["kind"] != "ResourceQuota"] for side in (change.before, change.after))
    return replace(change, before=before, after=after)


def disagree(reference: set[str] | None, answer: Verdict) -> bool:
    """Verdicts differ, or both refuse for reasons that have nothing in common; what is unproven claims nothing."""
    if reference is None or answer.verdict == "unknown":
        return False
    engine = broken_properties(answer)
    return bool(reference) != bool(engine) or (bool(reference) and not reference & engine)


def compared(seed: int) -> Outcome:
    """The transition of the seed, judged by both; shrunk where they differ."""
    change = transition(seed)
    answer = by_engine(change)
    codes = {f"{finding.severity} {finding.code}" for finding in answer.findings} | {f"verdict {answer.verdict}"}
    text = None
    if differ_from(change, answer):
        small = shrink(change, differ)
        engine = sorted({finding.code for finding in by_engine(small).findings})
        text = f"transition {seed}: reference {by_reference(small)}, engine {engine}\n{listing(small)}"
    return Outcome(text, tuple(sorted(codes)))


def disagreement(seed: int) -> str | None:
    """The transition of the seed on which the two differ, shrunk; None where they agree."""
    return compared(seed).disagreement


def safe_step_by_step(commits: list[list[dict[str, Any]]], prune_last: bool) -> bool:
    return not any(judge(World(list(pair), prune_last)) for pair in pairwise(commits))


def differ_on_skips(seed: int) -> bool:
    """Whether the two disagree on the last commit when it may begin half-way through the one before.

    Capacity is left to the engine: what is due between commits that ask for different numbers is its own notion.
    """
    return differ_on_newest(*course(seed))


def differ_on_newest(commits: list[list[dict[str, Any]]], prune_last: bool) -> bool:
    """Whether the two disagree on the last of these commits."""
    reference = judge(World(commits, prune_last)) if safe_step_by_step(commits, prune_last) else None
    if reference is None:
        return False
    step = verify_newest(commits, sync_options(prune_last))
    change = {
        finding.property for _, verdict in step.skips for finding in verdict.findings if finding.severity == "error"
    }
    return bool(reference - {"capacity"}) != bool(change - {"capacity"})


def compared_on_skips(seed: int) -> Outcome:
    return Outcome(f"sequence {seed}: the two differ on its last commit" if differ_on_skips(seed) else None)


def outcomes(transitions: range, sequences: range, jobs: int) -> Iterator[Outcome]:
    """What comparing each seed gave, in no order; the seeds are spread over `jobs` processes."""
    with Pool(jobs, initializer=collect_seldom) as pool:
        yield from pool.imap_unordered(compared, transitions, chunksize=100)
        yield from pool.imap_unordered(compared_on_skips, sequences, chunksize=25)


def collect_seldom() -> None:
    """What is loaded stays, and each seed's worlds go soon: looking through them after each 700 objects is in vain."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def table(counts: Counter[str]) -> Iterable[str]:
    """A line for each verdict and each code, with the number of transitions that have it."""
    return (
        f"{counts[name]:>9}  {name}\n" for name in sorted(counts, key=lambda name: (name.split()[0], -counts[name]))
    )


def run() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.transition.differential", description=__doc__)
    parser.add_argument("--transitions", type=int, default=20_000, metavar="N")
    parser.add_argument("--sequences", type=int, default=2_000, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first seed of both (default: 0)")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    transitions = range(args.first, args.first + args.transitions)
    sequences = range(args.first, args.first + args.sequences)
    differences, counts = 0, Counter[str]()
    for outcome in outcomes(transitions, sequences, args.jobs):
        counts.update(outcome.codes)
        if outcome.disagreement is not None:
            sys.stdout.write(f"{outcome.disagreement}\n")
            differences += 1
    sys.stdout.writelines(table(counts))
    sys.stdout.write(f"{args.transitions} transitions, {args.sequences} sequences: {differences} disagreements\n")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(run())
