"""available: every request class that is owed an answer has ready pods behind every backend of positive weight.

Source: the transition model; Gateway API, httproute_types.go `HTTPBackendRef` (500 for the share of a backend that
does not exist, 503 for one without endpoints); Kubernetes, pkg/controller/endpointslice (ready pods are endpoints).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from compiler.model.objects import Key
from compiler.transition.facts.workload import PodState
from compiler.transition.routing.router import ResolvedBackend
from compiler.transition.search.guarantee import Guarantee
from compiler.transition.search.traffic_state import PropertyBreach, TrafficState
from compiler.transition.sync.change import END, START

PROPERTY = "available"
WAVE = "argocd.argoproj.io/sync-wave"
RECREATION_HELP = "leave out Force=true (argocd.argoproj.io/sync-options): {} is away until it is created anew"


def breaches(scene: TrafficState) -> Iterable[PropertyBreach]:
    """What the class lacks at this point of the sync."""
    if scene.owed.protected:
        for breach in _availability_losses(scene):
            away = ", ".join(sorted(map(str, scene.cut.gone)))
            yield replace(breach, help=RECREATION_HELP.format(away)) if away else breach


def _availability_losses(scene: TrafficState) -> Iterable[PropertyBreach]:
    answer, request = scene.serving.answer, scene.owed.request
    if answer is None:
        before = scene.owed.before.answer
        objects = (before.route,) if before else ()
        yield PropertyBreach(
            "route-lost",
            PROPERTY,
            f"no rule takes requests for {request} any more (404)",
            objects,
            "keep a rule for these requests until no client sends them, or remove the backend's rules altogether",
        )
        return
    if answer.itself == "nothing":
        yield PropertyBreach(
            "route-lost",
            PROPERTY,
            f"the rule for {request} has no backend of positive weight (500)",
            (answer.route,),
            "give one backend of the rule a positive weight",
        )
    for item in scene.serving.positive:
        if item.backend not in scene.owed.dead:
            yield from _backend_losses(scene, item)


def _backend_losses(scene: TrafficState, item: ResolvedBackend) -> Iterable[PropertyBreach]:
    if item.fault is not None:
        yield PropertyBreach(
            item.fault.code,
            PROPERTY,
            f"{scene.owed.request} is sent to a backend that cannot answer: {item.fault.text}",
            _affected_objects(scene, item),
            "move the route in a later wave than the backend comes, and off it before it goes",
        )
    elif not item.outside:
        fewest, witness = scene.worst(item, "low")
        refused = list(_port_refusals(scene, item))
        if fewest == 0 and not (refused and _has_unreachable_pods(witness)):
            yield _empty_backend(scene, item, witness)
        yield from refused
        yield from _unprobed_pods(scene, item)


def unreachable_backends(item: Guarantee) -> Iterable[PropertyBreach]:
    """Backends of a class that nobody serves yet, and that will not answer once the sync is done: a warning."""
    for behind in item.after.positive if not item.protected else ():
        name = behind.backend.service.name
        if behind.fault is not None:
            code, text = behind.fault
        elif not behind.outside and not behind.workloads:
            code, text = "backend-empty", f"Service {name} selects no pod"
        else:
            continue
        answer = item.after.answer
        yield PropertyBreach(
            code,
            PROPERTY,
            f"once the sync is done, {item.request} is sent to a backend that cannot answer: {text}",
            (*([answer.route] if answer else []), behind.backend.service),
            "name a Service of the folder, a port that it has, and labels that its pods carry",
            "warning",
            END,
            item.request,
        )


def _affected_objects(scene: TrafficState, item: ResolvedBackend) -> tuple[Key, ...]:
    answer = scene.serving.answer
    keys = (*([answer.route] if answer else []), item.backend.service, *item.workloads)
    return tuple(dict.fromkeys(keys))


def _empty_backend(scene: TrafficState, item: ResolvedBackend, witness: dict[Key, PodState]) -> PropertyBreach:
    service = item.backend.service.name
    if not item.workloads:
        text = f"Service {service} selects no pod while it gets {scene.owed.request}"
    elif _has_unreachable_pods(witness):
        text = (
            f"no ready pod may have the labels and port that Service {service} asks for; it gets {scene.owed.request}"
        )
    else:
        text = f"Service {service} may have no ready pod while it gets {scene.owed.request}"
    return PropertyBreach(
        "backend-empty",
        PROPERTY,
        text,
        _affected_objects(scene, item),
        _empty_backend_help(scene, item, witness),
        witness=witness,
    )


def _has_unreachable_pods(witness: dict[Key, PodState]) -> bool:
    """Whether there are ready pods, of which none answers."""
    return any(state.total for state in witness.values())


def _empty_backend_help(scene: TrafficState, item: ResolvedBackend, witness: dict[Key, PodState]) -> str:
    """The smallest change that makes it safe."""
    change, answer, service = scene.change, scene.serving.answer, item.backend.service
    gone = [key for key in witness if key not in change.target.workloads]
    new = [key for key in witness if key not in change.live.workloads]
    none = [key for key in witness if key not in gone and not change.count_after(key, "low")]
    mover = answer.route if answer and answer.route in change.ops else service
    if not witness:
        return f"let {service} select labels that pods of its namespace carry"
    if _has_unreachable_pods(witness):
        return (
            f"keep the labels that {service} selects, and the port that it targets, in all pods until the last is new"
        )
    if gone:
        names = ", ".join(str(key) for key in gone)
        return f"remove {names} in a later commit, or set PruneLast=true, so that it outlives the switch"
    if none:
        return f"give {', '.join(map(str, none))} replicas, or take the requests off in an earlier wave or commit"
    if new:
        wave = max((change.stages[n].wave for n in _pod_stages(scene, witness)), default=0) + 1
        return f'put {mover} in a later wave ({WAVE}: "{wave}") than its pods, so that a gate waits for them'
    key = next(iter(witness))
    return f"let {key} keep a ready pod: maxUnavailable: 0 with maxSurge: 1 (and not Recreate), or more replicas"


def _pod_stages(scene: TrafficState, witness: dict[Key, PodState]) -> Iterable[int]:
    members = scene.change.member_stage
    return (members[key] for key in witness if key in members)


def _port_refusals(scene: TrafficState, item: ResolvedBackend) -> Iterable[PropertyBreach]:
    for key in item.workloads:
        for state in scene.states(key, "low"):
            refused = scene.refusing(item, state) and not _refused_before(scene, item, state)
            if refused or _published_unready(scene, item, state):
                yield PropertyBreach(
                    "port-refused",
                    PROPERTY,
                    f"ready pods of {key} refuse {scene.owed.request}: not their port, or a NetworkPolicy closes it",
                    _affected_objects(scene, item),
                    "name the port in the pods and let targetPort use the name; open the policy first",
                    witness={key: state},
                )
                return


def _published_unready(scene: TrafficState, item: ResolvedBackend, state: PodState) -> bool:
    """Whether a route's Service sends requests to pods that are not ready (`publishNotReadyAddresses`)."""
    if item.facts is None or not item.facts.unready or scene.owed.request.entry.startswith("service "):
        return False
    return any(scene.serves(item, template) for template in state.unready)


def _refused_before(scene: TrafficState, item: ResolvedBackend, state: PodState) -> bool:
    """Whether the class met the same refusal before the commit, which then is not its doing."""
    request, router = scene.owed.request, scene.router
    same = [old for old in scene.owed.before.positive if old.backend == item.backend]
    refused = [t for t, _ in state.ready if router.reach(item, t, request, scene.cut) == "refuses"]
    return any(router.reach(old, template, request, START) == "refuses" for old in same for template in refused)


def _unprobed_pods(scene: TrafficState, item: ResolvedBackend) -> Iterable[PropertyBreach]:
    """Without a probe a pod is ready as soon as its containers run, before the server in it listens."""
    for key in item.workloads:
        for state in scene.states(key, "low"):
            fresh = [t for t in state.unready if not t.probed and scene.serves(item, t)]
            if fresh:
                yield PropertyBreach(
                    "ready-before-listening",
                    PROPERTY,
                    f"new pods of {key} have no readiness probe, so they get {scene.owed.request} before they listen",
                    _affected_objects(scene, item),
                    "add a readinessProbe to the container that serves",
                    witness={key: state},
                )
                return
