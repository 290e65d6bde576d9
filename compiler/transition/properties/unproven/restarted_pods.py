"""available, for pods that a controller replaces once the data changes that they read: no sync writes their workload.

Source: Stakater Reloader, README.md (it writes the pod template, so that the workload's own strategy decides); Pusher
Wave, README.md; 1Password operator, README.md (`operator.1password.io/auto-restart`).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, annotations_of, nested_value
from compiler.transition.classification.shared.annotations import RESTARTS, WORKLOADS
from compiler.transition.controllers import deployment, fleet
from compiler.transition.facts.pods import Template
from compiler.transition.facts.workload import WorkloadFacts
from compiler.transition.properties.config.named_data import data_differs
from compiler.transition.properties.harmless.judged_elsewhere import referenced_words
from compiler.transition.properties.harmless.mesh_entries import entries_before
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import GENERATOR_KINDS

PROPERTY = "available"
DATA_KINDS = frozenset({"ConfigMap", "Secret", *GENERATOR_KINDS})
RESTARTERS = tuple(prefix for prefix, known in WORKLOADS.items() if known is RESTARTS)


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads whose pods are replaced though their template stays, and that may have none meanwhile."""
    change = judged.change
    yield from _continued(judged)
    changed = {key for key in change.ops if key.distinct_kind in DATA_KINDS and _holds_other_data(change, key)}
    for key, workload in change.target.workloads.items() if changed else ():
        lack = _lack(change, key, workload) if _is_of_one_template(change, key) and _is_restarted(workload) else ""
        if lack and _is_asked(judged, key, workload.template):
            read = _names_read(workload)
            source = next((each for each in sorted(changed) if _made_data(change, each, key.namespace) in read), None)
            if source is not None:
                yield _restart_breach(change, key, source, lack)


def _continued(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads that stood still and go on: no manifest says of which template their pods are."""
    change = judged.change
    for key in change.ops:
        old, new = change.live.workloads.get(key), change.target.workloads.get(key)
        if old is None or new is None or not old.paused or new.paused or not _is_of_one_template(change, key):
            continue
        if _lack(change, key, new) and _is_asked(judged, key, new.template):
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key} is paused no more. Not judged: whether its pods are of its template already; those that are "
                "not are replaced, and enough may not answer meanwhile",
                (key,),
                f"let {key} keep ready pods (maxUnavailable: 0 with maxSurge: 1, a preStop hook and a readinessProbe)",
                "warning",
                change.moment(key),
            )


def _is_of_one_template(change: Change, key: Key) -> bool:
    old, new = change.live.workloads.get(key), change.target.workloads.get(key)
    return old is not None and new is not None and old.template is new.template


def _names_read(workload: WorkloadFacts) -> set[str]:
    """The names in a template, also of what its pods may do without, and those that its annotations list."""
    notes = (str(value) for name, value in annotations_of(workload.raw).items() if str(name).startswith(RESTARTERS))
    return referenced_words(dict(workload.template.raw)) | {name.strip() for text in notes for name in text.split(",")}


def _made_data(change: Change, source: Key, namespace: str) -> str:
    """The name of the ConfigMap or Secret that the object is, or that is made from it; empty: in another namespace."""
    path = GENERATOR_KINDS.get(source.distinct_kind, ())
    named = nested_value(change.target.objects[source], *path) if path else None
    return str(named or source.name) if source.namespace == namespace else ""


def _holds_other_data(change: Change, key: Key) -> bool:
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    if old is None or new is None:
        return False
    return old.get("spec") != new.get("spec") if key.distinct_kind in GENERATOR_KINDS else data_differs(change, key)


def _is_restarted(workload: WorkloadFacts) -> bool:
    return any(str(name).startswith(RESTARTERS) for name in annotations_of(workload.raw))


def _is_asked(judged: JudgedChange, key: Key, template: Template) -> bool:
    """Whether some Service leads to the pods, before or after, or a port of their node or an entry of a mesh does."""
    if next(entries_before(judged.standing, key, template), None) is not None:
        return True
    if template.node_ports or nested_value(template.raw, "spec", "hostNetwork") is True:
        return True
    sides = (judged.change.live, judged.change.target)
    return any(key in judged.router.selected(facts) for side in sides for facts in side.services.values())


def _lack(change: Change, key: Key, workload: WorkloadFacts) -> str:
    """Why requests may be lost while its pods are replaced, in words; empty: none is."""
    count, drain = change.count_before(key, "low"), workload.template.drain
    recreates = workload.kind == "Deployment" and deployment.uses_recreate(workload)
    if recreates or (count and fleet.max_unavailable_pods(workload, count) >= count):
        return "its strategy lets all of them be away at once" if count else ""
    if drain.pause is None or min(drain.pause, drain.grace) < change.options.lag:
        return f"no preStop hook lets those that end take requests for {change.options.lag:g} s more"
    return "" if workload.template.probed else "no readinessProbe keeps requests from those that start"


def _restart_breach(change: Change, key: Key, source: Key, lack: str) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{source} changes, and a controller then replaces the pods of {key}, as its annotations ask. Not judged: "
        f"whether requests are lost meanwhile, for {lack}",
        (key, source),
        f"let {key} keep ready pods (maxUnavailable: 0 with maxSurge: 1, a preStop hook and a readinessProbe)",
        "warning",
        change.moment(source),
    )
