"""Makes a transition on which two judges disagree as small as it gets, so that a person can say who is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.transition.reference.generator import Transition, converged, named_templates
from tests.transition.reference.scenes import Object, name


def shrink(transition: Transition, disagree: Callable[[Transition], bool]) -> Transition:
    """The smallest transition reached by dropping and reverting single objects while `disagree` still holds."""
    for smaller in reductions(transition):
        readable = named_templates(smaller.after) <= {name(obj) for obj in smaller.after}
        if readable and converged(smaller.before) and disagree(smaller):
            return shrink(smaller, disagree)
    return transition


def reductions(transition: Transition) -> Iterator[Transition]:
    if transition.prune_last:
        yield replace(transition, prune_last=False)
    for called in sorted({name(obj) for obj in [*transition.before, *transition.after]}):
        before = [obj for obj in transition.before if name(obj) != called]
        after = [obj for obj in transition.after if name(obj) != called]
        yield Transition(before, after, transition.prune_last)
        yield from reverted(transition, called)


def reverted(transition: Transition, called: str) -> Iterator[Transition]:
    """TO with one object as it is in FROM, where they differ."""
    old: dict[str, Object] = {name(obj): obj for obj in transition.before}
    new: dict[str, Object] = {name(obj): obj for obj in transition.after}
    if called in old and old[called] != new.get(called):
        yield replace(transition, after=list({**new, called: old[called]}.values()))


def listing(transition: Transition) -> str:
    """The transition in a few lines: each object once, with what changes."""
    old = {name(obj): obj for obj in transition.before}
    new = {name(obj): obj for obj in transition.after}
    lines = [f"PruneLast={transition.prune_last}"]
    for called in sorted({*old, *new}):
        was, now = describe(old.get(called)), describe(new.get(called))
        lines.append(f"{called}: {was}" if was == now else f"{called}: {was}\n    → {now}")
    return "\n".join(lines)


def describe(obj: Object | None) -> str:
    if obj is None:
        return "absent"
    notes = obj["metadata"].get("annotations") or {}
    spec = obj.get("spec", {})
    text = TELLERS[obj["kind"]](spec)
    return f"{text} {notes}" if notes else text


def tell_deployment(spec: Object) -> str:
    if "workloadRef" in spec:
        return f"{spec.get('replicas', 'unsaid')} x as {spec['workloadRef']['name']} {spec['strategy']}"
    pod = spec["template"]
    container = pod["spec"]["containers"][0]
    rest = (
        pod["metadata"]["labels"],
        spec.get("strategy"),
        container.get("envFrom"),
        container["ports"][0]["name"],
        container.get("env"),
    )
    paused = " paused" if spec.get("paused") else ""
    return f"{spec.get('replicas', 'unsaid')} x {container['image'][-1]} {rest}{paused}"


TELLERS: dict[str, Callable[[Object], str]] = {
    "Deployment": tell_deployment,
    "Rollout": tell_deployment,
    "StatefulSet": tell_deployment,
    "DaemonSet": tell_deployment,
    "Service": lambda spec: str({name: value for name, value in spec.items() if name != "ports" or "type" in spec}),
    "HorizontalPodAutoscaler": lambda spec: (
        f"{spec['scaleTargetRef']['kind']}/{spec['scaleTargetRef']['name']} "
        f"{spec['minReplicas']} to {spec['maxReplicas']}"
    ),
    "Job": lambda spec: str(spec["template"]["metadata"]["labels"]),
    "HTTPRoute": lambda spec: "; ".join([str(spec["parentRefs"]), *map(tell_rule, spec["rules"])]),
    "Gateway": lambda spec: str(spec["listeners"]),
    "Ingress": lambda spec: str([tuple(path.values()) for path in spec["rules"][0]["http"]["paths"]]),
    "NetworkPolicy": lambda spec: f"{spec['podSelector']} {spec['ingress']}",
    "ResourceQuota": lambda spec: str(spec["hard"]),
    "ConfigMap": lambda spec: "present",
}


def tell_rule(rule: Object) -> str:
    backends = [(ref["name"], ref["weight"]) for ref in rule.get("backendRefs", [])]
    return f"{rule['matches'][0]} {rule.get('filters', '')} {backends}"
