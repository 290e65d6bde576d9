"""contract: a class is never answered by two versions of a major change.

Source: the transition model; "Consistent Updates for Scalable Microservices" (arXiv 2508.04829): no mixed-mode update
that ignores what versions mean is consistent.
"""

from __future__ import annotations

from collections.abc import Iterable

from compiler.transition.objects import Key
from compiler.transition.scene import Breach, Scene
from compiler.transition.workload import PodState

PROPERTY = "contract"
Answering = tuple[str, Key, PodState]
Seen = list[Answering]


def breaches(scene: Scene) -> Iterable[Breach]:
    """Two contracts that may answer the class at this point, unless they did before and the commit mends it."""
    seen = answering(scene)
    contracts = sorted({contract for contract, _, _ in seen})
    if len(contracts) < 2:
        return
    pair = _together(seen)
    if pair is None or (set(contracts) <= scene.owed.contracts and _mended(scene)):
        return
    witness = {key: state for _, key, state in pair}
    yield Breach(
        "contracts-mixed",
        PROPERTY,
        f"contracts {' and '.join(contracts)} may both answer {scene.owed.request}",
        (*scene.route, *witness),
        "give each contract its own rule (path, host or header), or switch all pods of a group at once",
        witness=witness,
    )


def answering(scene: Scene) -> Seen:
    """Each contract that may answer, with a workload and a state that show it."""
    found: dict[tuple[str, Key], tuple[str, Key, PodState]] = {}
    for item in scene.serving.behind:
        for key in item.workloads if item.share > 0 else ():
            for state in scene.states(key, "low"):
                contracts = {t.contract for t, count in state.ready if count and scene.serves(item, t)}
                for contract in contracts:
                    known = found.get((contract, key))
                    if known is None or len(contracts) > 1:
                        found[contract, key] = (contract, key, state)
    return list(found.values())


def _together(seen: Seen) -> Seen | None:
    """Two of them that can be true at once: in one state of one workload, or in two workloads."""
    for index, (contract, key, state) in enumerate(seen):
        for other, second, moment in seen[index + 1 :]:
            if contract != other and (key != second or state is moment):
                return [(contract, key, state), (other, second, moment)]
    return None


def _mended(scene: Scene) -> bool:
    """Whether one contract only answers the class once the sync is done."""
    target = scene.change.target
    after = {target.workloads[key].template.contract for key in scene.owed.after.workloads if key in target.workloads}
    return len(after) < 2
