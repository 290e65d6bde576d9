"""available: every request class that is owed an answer has ready pods behind every backend of positive weight.

Source: the transition model; Gateway API, httproute_types.go `HTTPBackendRef` (500 for the share of a backend that
does not exist, 503 for one without endpoints); Kubernetes, pkg/controller/endpointslice (ready pods are endpoints).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from compiler.transition.change import END, START
from compiler.transition.objects import Key
from compiler.transition.owed import Owed
from compiler.transition.scene import Breach, Scene
from compiler.transition.serving import Behind
from compiler.transition.workload import PodState

PROPERTY = "available"
WAVE = "argocd.argoproj.io/sync-wave"
NOT_ANEW = "leave out Force=true (argocd.argoproj.io/sync-options): {} is away until it is created anew"


def breaches(scene: Scene) -> Iterable[Breach]:
    """What the class lacks at this point of the sync."""
    if scene.owed.protected:
        for breach in _losses(scene):
            away = ", ".join(sorted(map(str, scene.cut.gone)))
            yield replace(breach, help=NOT_ANEW.format(away)) if away else breach


def _losses(scene: Scene) -> Iterable[Breach]:
    answer, request = scene.serving.answer, scene.owed.request
    if answer is None:
        before = scene.owed.before.answer
        objects = (before.route,) if before else ()
        yield Breach(
            "route-lost",
            PROPERTY,
            f"no rule takes requests for {request} any more (404)",
            objects,
            "keep a rule for these requests until no client sends them, or remove the backend's rules altogether",
        )
        return
    if answer.itself == "nothing":
        yield Breach(
            "route-lost",
            PROPERTY,
            f"the rule for {request} has no backend of positive weight (500)",
            (answer.route,),
            "give one backend of the rule a positive weight",
        )
    for item in scene.serving.positive:
        if item.backend not in scene.owed.dead:
            yield from _backend(scene, item)


def _backend(scene: Scene, item: Behind) -> Iterable[Breach]:
    if item.fault is not None:
        yield Breach(
            item.fault.code,
            PROPERTY,
            f"{scene.owed.request} is sent to a backend that cannot answer: {item.fault.text}",
            _named(scene, item),
            "move the route in a later wave than the backend comes, and off it before it goes",
        )
    elif not item.outside:
        fewest, witness = scene.worst(item, "low")
        refused = list(_refused(scene, item))
        if fewest == 0 and not (refused and _deaf(witness)):
            yield _empty(scene, item, witness)
        yield from refused
        yield from _cold(scene, item)


def astray(item: Owed) -> Iterable[Breach]:
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
        yield Breach(
            code,
            PROPERTY,
            f"once the sync is done, {item.request} is sent to a backend that cannot answer: {text}",
            (*([answer.route] if answer else []), behind.backend.service),
            "name a Service of the folder, a port that it has, and labels that its pods carry",
            "warning",
            END,
            item.request,
        )


def _named(scene: Scene, item: Behind) -> tuple[Key, ...]:
    answer = scene.serving.answer
    keys = (*([answer.route] if answer else []), item.backend.service, *item.workloads)
    return tuple(dict.fromkeys(keys))


def _empty(scene: Scene, item: Behind, witness: dict[Key, PodState]) -> Breach:
    service = item.backend.service.name
    if not item.workloads:
        text = f"Service {service} selects no pod while it gets {scene.owed.request}"
    elif _deaf(witness):
        text = (
            f"no ready pod may have the labels and port that Service {service} asks for; it gets {scene.owed.request}"
        )
    else:
        text = f"Service {service} may have no ready pod while it gets {scene.owed.request}"
    return Breach(
        "backend-empty",
        PROPERTY,
        text,
        _named(scene, item),
        _mend(scene, item, witness),
        witness=witness,
    )


def _deaf(witness: dict[Key, PodState]) -> bool:
    """Whether there are ready pods, of which none answers."""
    return any(state.total for state in witness.values())


def _mend(scene: Scene, item: Behind, witness: dict[Key, PodState]) -> str:
    """The smallest change that makes it safe."""
    change, answer, service = scene.change, scene.serving.answer, item.backend.service
    gone = [key for key in witness if key not in change.target.workloads]
    new = [key for key in witness if key not in change.live.workloads]
    none = [key for key in witness if key not in gone and not change.count_after(key, "low")]
    mover = answer.route if answer and answer.route in change.ops else service
    if not witness:
        return f"let {service} select labels that pods of its namespace carry"
    if _deaf(witness):
        return (
            f"keep the labels that {service} selects, and the port that it targets, in all pods until the last is new"
        )
    if gone:
        names = ", ".join(str(key) for key in gone)
        return f"remove {names} in a later commit, or set PruneLast=true, so that it outlives the switch"
    if none:
        return f"give {', '.join(map(str, none))} replicas, or take the requests off in an earlier wave or commit"
    if new:
        wave = max((change.stages[n].wave for n in _stages(scene, witness)), default=0) + 1
        return f'put {mover} in a later wave ({WAVE}: "{wave}") than its pods, so that a gate waits for them'
    key = next(iter(witness))
    return f"let {key} keep a ready pod: maxUnavailable: 0 with maxSurge: 1 (and not Recreate), or more replicas"


def _stages(scene: Scene, witness: dict[Key, PodState]) -> Iterable[int]:
    members = scene.change.member_stage
    return (members[key] for key in witness if key in members)


def _refused(scene: Scene, item: Behind) -> Iterable[Breach]:
    for key in item.workloads:
        for state in scene.states(key, "low"):
            refused = scene.refusing(item, state) and not _refused_before(scene, item, state)
            if refused or _published_unready(scene, item, state):
                yield Breach(
                    "port-refused",
                    PROPERTY,
                    f"ready pods of {key} refuse {scene.owed.request}: not their port, or a NetworkPolicy closes it",
                    _named(scene, item),
                    "name the port in the pods and let targetPort use the name; open the policy first",
                    witness={key: state},
                )
                return


def _published_unready(scene: Scene, item: Behind, state: PodState) -> bool:
    """Whether a route's Service sends requests to pods that are not ready (`publishNotReadyAddresses`)."""
    if item.facts is None or not item.facts.unready or scene.owed.request.entry.startswith("service "):
        return False
    return any(scene.serves(item, template) for template in state.unready)


def _refused_before(scene: Scene, item: Behind, state: PodState) -> bool:
    """Whether the class met the same refusal before the commit, which then is not its doing."""
    request, router = scene.owed.request, scene.router
    same = [old for old in scene.owed.before.positive if old.backend == item.backend]
    refused = [t for t, _ in state.ready if router.reach(item, t, request, scene.cut) == "refuses"]
    return any(router.reach(old, template, request, START) == "refuses" for old in same for template in refused)


def _cold(scene: Scene, item: Behind) -> Iterable[Breach]:
    """Without a probe a pod is ready as soon as its containers run, before the server in it listens."""
    for key in item.workloads:
        for state in scene.states(key, "low"):
            fresh = [t for t in state.unready if not t.probed and scene.serves(item, t)]
            if fresh:
                yield Breach(
                    "ready-before-listening",
                    PROPERTY,
                    f"new pods of {key} have no readiness probe, so they get {scene.owed.request} before they listen",
                    _named(scene, item),
                    "add a readinessProbe to the container that serves",
                    witness={key: state},
                )
                return
