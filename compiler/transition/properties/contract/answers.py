"""contract: a class is never answered by two versions of a major change.

Source: the transition model; "Consistent Updates for Scalable Microservices" (arXiv 2508.04829): no mixed-mode update
that ignores what versions mean is consistent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compiler.model.objects import Key
from compiler.transition.facts.workload import PodState
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import converged_contracts
from compiler.transition.search.router import ResolvedBackend
from compiler.transition.search.served_class import ServedClass
from compiler.transition.search.traffic_state import TrafficState
from compiler.transition.sync.change import START

PROPERTY = "contract"
ContractAnswer = tuple[str, Key, PodState]
ContractAnswers = list[ContractAnswer]


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """Two contracts that may answer the class at one point, unless they did before and the commit fixes it."""
    request, routers = served.guarantee.request, served.judged.between
    between = (converged_contracts(r, request, r.serve(request, START), r.change.target) for r in routers)
    known = served.guarantee.contracts.union(served.guarantee.contracts_after, *between)
    for traffic in served.points:
        seen = contract_answers(traffic)
        yield from _mixed_contracts(traffic, seen)
        yield from _mixed_contracts(traffic, _answers_for_empty_canaries(traffic))
        yield from _fallen_back_contracts(traffic)
        yield from _strange_contracts(traffic, seen, known)


def _mixed_contracts(traffic: TrafficState, seen: ContractAnswers) -> Iterator[PropertyBreach]:
    """Two contracts that get shares of the class, or that of an empty canary."""
    contracts = sorted({contract for contract, _, _ in seen})
    if len(contracts) < 2:
        return
    pair = _simultaneous_contracts(seen)
    if pair is None or (set(contracts) <= traffic.guarantee.contracts and _ends_with_one_contract(traffic)):
        return
    pod_states = {key: state for _, key, state in pair}
    yield PropertyBreach(
        "contracts-mixed",
        PROPERTY,
        f"contracts {' and '.join(contracts)} may both answer {traffic.request}",
        (*traffic.route, *pod_states),
        "give each contract its own rule (path, host or header), or switch all pods of a group at once",
        cut=traffic.cut,
        request=traffic.request,
        pod_states=pod_states,
    )


def _fallen_back_contracts(traffic: TrafficState) -> Iterator[PropertyBreach]:
    """What answers while a canary has no endpoint, if that contract answers the class neither before nor after."""
    item = traffic.guarantee
    for canary in traffic.serving.fallbacks if item.contracts else ():
        fewest, pod_states = (0, {}) if canary.fault else traffic.worst(canary, "low")
        if canary.share <= 0 or canary.unmanaged or fewest:
            continue
        for contract, key, _ in _answers_for_empty_canaries(traffic):
            if contract not in item.contracts | item.contracts_after:
                yield PropertyBreach(
                    "contracts-mixed",
                    PROPERTY,
                    f"while {canary.ref.service.name} has no ready pod, contract {contract} answers {traffic.request}",
                    (*traffic.route, key, canary.ref.service),
                    "keep a ready pod of the canary until its rule is deleted",
                    cut=traffic.cut,
                    request=traffic.request,
                    pod_states=pod_states,
                )


def _strange_contracts(traffic: TrafficState, seen: ContractAnswers, known: frozenset[str]) -> Iterator[PropertyBreach]:
    """A contract that answers the class for a while, and in no commit that is at rest; before, a redirect has none."""
    item = traffic.guarantee
    answered = item.contracts or (item.served and item.before.answer is not None and item.before.answer.itself)
    for contract, key, state in seen if answered else ():
        if contract not in known:
            yield PropertyBreach(
                "contracts-mixed",
                PROPERTY,
                f"contract {contract} may answer {traffic.request} during the sync, although it does so neither "
                "before nor after",
                (*traffic.route, key),
                "change the pods in an earlier wave or commit than the requests are switched",
                cut=traffic.cut,
                request=traffic.request,
                pod_states={key: state},
            )


def _answers_for_empty_canaries(traffic: TrafficState) -> ContractAnswers:
    """Each contract that may answer without a share of its own, while a canary has no endpoint."""
    waiting = (item for item in traffic.serving.backends if item.share <= 0 and traffic.may_answer(item))
    return _contracts_of_backends(traffic, waiting)


def contract_answers(traffic: TrafficState) -> ContractAnswers:
    """Each contract that may answer by its share, with a workload and a state that show it."""
    return _contracts_of_backends(traffic, (item for item in traffic.serving.backends if item.share > 0))


def _contracts_of_backends(traffic: TrafficState, backends: Iterable[ResolvedBackend]) -> ContractAnswers:
    keys: dict[tuple[str, Key], ContractAnswer] = {}
    for item in backends:
        for key in item.workloads:
            for state in traffic.states_behind(item, key, "low"):
                contracts = {t.contract for t, count in state.ready if count and traffic.serves(item, t)}
                for contract in contracts:
                    known = keys.get((contract, key))
                    if known is None or len(contracts) > 1:
                        keys[contract, key] = (contract, key, state)
    return list(keys.values())


def _simultaneous_contracts(seen: ContractAnswers) -> ContractAnswers | None:
    """Two of them that can be true at once: in one state of one workload, or in two workloads."""
    for index, (contract, key, state) in enumerate(seen):
        for other, second, moment in seen[index + 1 :]:
            if contract != other and (key != second or state is moment):
                return [(contract, key, state), (other, second, moment)]
    return None


def _ends_with_one_contract(traffic: TrafficState) -> bool:
    """Whether one contract only answers the class once the sync is done."""
    target = traffic.change.target
    after = {
        target.workloads[key].template.contract for key in traffic.guarantee.after.workloads if key in target.workloads
    }
    return len(after) < 2
