"""available: every request class that must be answered has ready pods behind every backend of positive weight.

Source: the transition model; Gateway API, httproute_types.go `HTTPBackendRef` (500 for the share of a backend that
does not exist, 503 for one without endpoints); Kubernetes, pkg/controller/endpointslice (ready pods are endpoints).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from compiler.model.objects import Key
from compiler.traffic.readers import readers_by_kind
from compiler.transition.controllers import rollout
from compiler.transition.facts.workload import PodState
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import Guarantee
from compiler.transition.search.router import ResolvedBackend
from compiler.transition.search.served_class import ServedClass
from compiler.transition.search.traffic_state import TrafficState
from compiler.transition.sync import replicas
from compiler.transition.sync.change import END, START

PROPERTY = "available"
WAVE = "argocd.argoproj.io/sync-wave"
RULE_HELP = "keep a rule for these requests until no client sends them, or remove all rules of the backend"
RECREATION_HELP = "remove Force=true (argocd.argoproj.io/sync-options): with it, {} is deleted and then created again"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """What the class lacks at each point, and the backends that will not answer once the sync is done."""
    yield from _unreachable_backends(served.guarantee)
    for traffic in served.points:
        yield from losses(traffic)


def losses(traffic: TrafficState) -> tuple[PropertyBreach, ...]:
    """What the class lacks at this point of the sync; worked out once."""
    if traffic.losses is None:
        traffic.losses = tuple(_losses(traffic))
    return traffic.losses


def _losses(traffic: TrafficState) -> Iterator[PropertyBreach]:
    for breach in _availability_losses(traffic) if traffic.guarantee.protected else ():
        away = ", ".join(sorted(map(str, traffic.cut.gone)))
        help_line = RECREATION_HELP.format(away) if away else breach.help
        yield replace(breach, help=help_line, cut=traffic.cut, request=traffic.request)


def _availability_losses(traffic: TrafficState) -> Iterable[PropertyBreach]:
    answer, request = traffic.serving.answer, traffic.request
    if answer is None:
        if traffic.router.answer(request, START) is None:
            return  # a commit in between has given the class up, and this one takes it up again
        yield _loss_of_rule(traffic)
        return
    if answer.itself == "nothing":
        yield PropertyBreach(
            "route-lost",
            PROPERTY,
            f"the rule for {request} has no backend of positive weight (500)",
            (answer.route,),
            "give one backend of the rule a positive weight",
        )
    for item in traffic.serving.positive:
        if item.ref not in traffic.guarantee.dead:
            yield from _backend_losses(traffic, item)


def _loss_of_rule(traffic: TrafficState) -> PropertyBreach:
    """A rule that goes; or one that stays, but whose route the objects on which it hangs no longer let in."""
    before, request = traffic.guarantee.before.answer, traffic.request
    if before is None:
        return PropertyBreach("route-lost", PROPERTY, f"no rule matches {request} any more (404)", (), RULE_HELP)
    gates = _closing_gates(traffic, before.route)
    if not gates:
        return PropertyBreach(
            "route-lost", PROPERTY, f"no rule matches {request} any more (404)", (before.route,), RULE_HELP
        )
    away = [gate for gate in gates if traffic.change.snapshot_of(gate, traffic.cut) is None]
    named = " and ".join(map(str, away or gates))
    return PropertyBreach(
        "route-lost",
        PROPERTY,
        f"{before.route} is attached to no listener for {request} any more (404), for {named} "
        f"{'is deleted' if away else 'no longer lets it in'}",
        (before.route, *gates),
        "keep a listener that takes the route, and the labels of its namespace by which a listener selects it, until "
        "no client sends these requests",
    )


def _closing_gates(traffic: TrafficState, key: Key) -> tuple[Key, ...]:
    """What is written or deleted at this point of the objects on which a route hangs that still has its rule."""
    router, change, cut = traffic.router, traffic.change, traffic.cut
    snapshot, reader = change.snapshot_of(key, cut), readers_by_kind().get(key[:2])
    route = None if snapshot is None else snapshot.routes.get(key)
    if reader is None or route is None or router.cluster(reader, cut).candidate(route, traffic.request) is None:
        return ()
    return tuple(gate for gate in reader.gates([route], (), router.index.gates) if change.written(gate, cut))


def _backend_losses(traffic: TrafficState, item: ResolvedBackend) -> Iterable[PropertyBreach]:
    if item in traffic.serving.fallbacks:
        yield from () if item.fault or item.unmanaged else _port_refusals(traffic, item)
    elif item.fault is not None:
        yield PropertyBreach(
            item.fault.code,
            PROPERTY,
            f"{traffic.request} is sent to a backend that cannot answer: {item.fault.text}",
            _affected_objects(traffic, item),
            _fault_help(traffic, item),
        )
    elif not item.unmanaged:
        fewest, pod_states = traffic.worst(item, "low")
        refused = list(_port_refusals(traffic, item))
        if fewest == 0 and not (refused and _has_unreachable_pods(pod_states)):
            yield _empty_backend(traffic, item, pod_states)
        yield from refused
        yield from _unprobed_pods(traffic, item)


def _fault_help(traffic: TrafficState, item: ResolvedBackend) -> str:
    service, change = item.ref.service, traffic.change
    if service in change.live.objects or service in change.target.objects:
        return "create the backend in an earlier wave than the route, and delete it in a later wave or commit"
    return f"add {service} to the folder in an earlier wave; use --outside if it exists in the cluster"


def _unreachable_backends(item: Guarantee) -> Iterable[PropertyBreach]:
    """Backends of a class that nobody serves yet, and that will not answer once the sync is done: a warning."""
    for backend in item.after.fallbacks if item.protected else item.after.positive:
        named = f"{backend.ref.service.kind} {backend.ref.service.name}"
        if backend.fault is not None:
            code, text = backend.fault
        elif not backend.unmanaged and not backend.workloads:
            code, text = "backend-empty", f"{named} selects no pod"
        else:
            continue
        answer = item.after.answer
        yield PropertyBreach(
            code,
            PROPERTY,
            f"after the sync, {item.request} is sent to a backend that cannot answer: {text}",
            (*([answer.route] if answer else []), backend.ref.service),
            "name a Service of this folder and one of its ports, and let it select labels that its pods have",
            "warning",
            END,
            item.request,
        )


def _affected_objects(traffic: TrafficState, item: ResolvedBackend) -> tuple[Key, ...]:
    answer = traffic.serving.answer
    keys = (*([answer.route] if answer else []), item.ref.service, *item.workloads)
    return tuple(dict.fromkeys(keys))


def _empty_backend(traffic: TrafficState, item: ResolvedBackend, pod_states: dict[Key, PodState]) -> PropertyBreach:
    service = f"{item.ref.service.kind} {item.ref.service.name}"
    if not item.workloads:
        text = f"{service} selects no pod while it gets {traffic.request}"
    elif _has_unreachable_pods(pod_states):
        text = (
            f"{service} gets {traffic.request}, and possibly no ready pod has the labels and the port that it selects"
        )
    else:
        text = f"{service} may have no ready pod while it gets {traffic.request}"
    return PropertyBreach(
        "backend-empty",
        PROPERTY,
        text,
        _affected_objects(traffic, item),
        _empty_backend_help(traffic, item, pod_states),
        pod_states=pod_states,
    )


def _has_unreachable_pods(pod_states: dict[Key, PodState]) -> bool:
    """Whether there are ready pods, of which none answers."""
    return any(state.total for state in pod_states.values())


def _empty_backend_help(traffic: TrafficState, item: ResolvedBackend, pod_states: dict[Key, PodState]) -> str:
    """The smallest change that makes it safe."""
    change, answer, service = traffic.change, traffic.serving.answer, item.ref.service
    gone = [key for key in pod_states if key not in change.target.workloads]
    new = [key for key in pod_states if key not in change.live.workloads]
    none = [key for key in pod_states if key not in gone and not change.count_after(key, "low")]
    mover = answer.route if answer and answer.route in change.ops else service
    if not pod_states:
        return f"let {service} select labels that pods of its namespace have"
    if _has_unreachable_pods(pod_states):
        return (
            f"keep the labels and the port that {service} selects in all pods, until the last old pod has been replaced"
        )
    if gone:
        names = ", ".join(str(key) for key in gone)
        return (
            f"remove {names} in a later commit, or set PruneLast=true, so that the old pods serve until the switch "
            "is done"
        )
    if none:
        return f"give {', '.join(map(str, none))} replicas, or send its requests elsewhere in an earlier wave or commit"
    if new:
        wave = max((change.stages[n].wave for n in _pod_stages(traffic, pod_states)), default=0) + 1
        return (
            f'put {mover} in a later wave ({WAVE}: "{wave}") than its pods, so that the sync waits until they are ready'
        )
    return _keep_ready_help(*next(iter(pod_states.items())))


def _keep_ready_help(key: Key, state: PodState) -> str:
    """How a workload of this kind keeps a ready pod while its pods are replaced."""
    if state.label == rollout.UNSWITCHED:
        return f"route the requests to a Service that {key} does not name, or give its canary a trafficRouting"
    if key.kind == "StatefulSet":
        return (
            f"give {key} more replicas than its maxUnavailable (1 by default): a StatefulSet deletes pods before it "
            "creates the next ones"
        )
    if key.kind == "DaemonSet":
        return f"let {key} keep a ready pod: maxUnavailable: 0 with maxSurge: 1 in its updateStrategy"
    if key.kind in ("Deployment", "Rollout"):
        return f"let {key} keep a ready pod: maxUnavailable: 0 with maxSurge: 1 (and not Recreate), or more replicas"
    return f"create the pods of {key} by a Deployment with maxUnavailable: 0 and maxSurge: 1"


def _pod_stages(traffic: TrafficState, pod_states: dict[Key, PodState]) -> Iterable[int]:
    members = traffic.change.member_stage
    return (members[key] for key in pod_states if key in members)


def _port_refusals(traffic: TrafficState, item: ResolvedBackend) -> Iterable[PropertyBreach]:
    for key in item.workloads:
        for state in traffic.states_behind(item, key, "low"):
            refused = traffic.refusing(item, state) and not _refused_before(traffic, item, key)
            if refused or _published_unready(traffic, item, state):
                yield PropertyBreach(
                    "port-refused",
                    PROPERTY,
                    f"ready pods of {key} refuse {traffic.request}: they do not listen on this port, or a "
                    "NetworkPolicy closes it",
                    (*_affected_objects(traffic, item), *traffic.router.moving_policies([key])),
                    "give the port a name in the pods and use this name as targetPort; open the NetworkPolicy in "
                    "an earlier commit",
                    pod_states={key: state},
                )
                return


def _published_unready(traffic: TrafficState, item: ResolvedBackend, state: PodState) -> bool:
    """Whether a route's Service sends requests to pods that are not ready (`publishNotReadyAddresses`)."""
    if item.facts is None or not item.facts.unready or traffic.request.service is not None:
        return False
    return any(traffic.serves(item, template) for template in state.unready)


def _refused_before(traffic: TrafficState, item: ResolvedBackend, key: Key) -> bool:
    """Whether pods of the workload refused the class before the commit, which then does not bring it."""
    request, router, before = traffic.request, traffic.router, traffic.change.baseline.workloads.get(key)
    same = [old for old in traffic.guarantee.before.positive if old.ref == item.ref]
    if before is None or not replicas.converged_replicas(before, traffic.change.options, "low"):
        return False
    return any(router.reach(old, before.template, request, START) == "refuses" for old in same)


def _unprobed_pods(traffic: TrafficState, item: ResolvedBackend) -> Iterable[PropertyBreach]:
    """Without a probe a pod is ready as soon as its containers run, before the server in it listens."""
    for key in item.workloads:
        for state in traffic.states_behind(item, key, "low"):
            fresh = [t for t in state.unready if not t.probed and traffic.serves(item, t)]
            if fresh:
                yield PropertyBreach(
                    "ready-before-listening",
                    PROPERTY,
                    f"new pods of {key} have no readiness probe, so they get {traffic.request} before they listen",
                    _affected_objects(traffic, item),
                    "add a readinessProbe to the container that serves",
                    pod_states={key: state},
                )
                return
