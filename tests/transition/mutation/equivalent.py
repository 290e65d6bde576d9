"""Mutants that do no harm, and why: what survives and is not listed here is a miss.

A pattern speaks of `strategy/provider step mutation Kind/name`. "Incoming" is the track that a course brings in (green,
canary, v2), "outgoing" the one that it takes away; an idle track gets no request.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from tests.transition.mutation.courses import Object
from tests.transition.mutation.mutants import Mutant, object_name_of

BUDGET = "a budget limits evictions; no rollout and no sync waits for it"
NEW = "the object is new in this commit: there is no older form that it could contradict"
NEW_TRACK = "the new track is new and no client reaches it yet; the next step, which moves requests to it, is refused"
IDLE = "the outgoing color is idle after this commit: no request and no caller with requests reaches it"
EMPTY = "the fixed Service of the color that is gone: routes name it with weight 0 only"
RETIRED = "a rule (or Service) that is removed altogether, with no other way to its backend, is a deliberate retirement"
PREVIEW = "requests with the preview's header fall back to the rule that serves everybody"
CANARY_OFF = "without the canary's rule all requests stay with stable, which is full"
WARM = (
    "both sides of the rule are warm and of one contract; that one write moves the requests sooner or later harms none"
)
SAME_PODS = "no template changes in this step, so no pod is replaced"
CANARY_CARRIES = "the canary carries what TO asks for until stable is back"
OVERLAP = (
    "each pod belongs to its ReplicaSet, and this to its Deployment: wider selectors only adopt what nobody owns"
    " (Kubernetes, deployment_controller.go `getReplicaSetsForDeployment`); the verifier warns"
)
NEXT_TIME = "old pods drain as their own template says; the missing preStop counts when the new ones go"
PODS_SHRINK = "TO itself asks for fewer pods behind the shared Service, and never fewer than that are ready"
NEW_CLASS = "requests for the new version's path were answered by nobody before this commit"
MINOR_SHARE = "all backends of the rule are warm and of one contract, and TO itself asks for this division"

FALLS_BACK = "ingress-nginx gives the share of a canary without endpoints to the main backend (balancer.lua)"

SMOKE = "only the smoke test calls it: where it fails, the gate stays shut and the requests stay where they are"
NO_SMOKE = "without its test a version is not held back: nothing that serves changes"
OPEN = "without its policy everybody may reach the pods: no request is lost"

CLOCK = "what runs by the clock answers no request, and nothing waits for it"
MIGRATION = "no object says that pods need what the Job has done"
UNREAD = "no pod reads it"
BY_DESIGN = "the strategy gives up all requests for a while, and is refuted by the same code"

EQUIVALENT: dict[str, str] = {
    # recreate, whose pods all end before the first new one starts
    "recreate/* rename-port Deployment/*": BY_DESIGN,
    "recreate/* no-replicas Deployment/*": BY_DESIGN,
    "recreate/* drop Deployment/*": BY_DESIGN,
    "recreate/* mis* Service/*": BY_DESIGN,
    "recreate/* pause Deployment/*": "the old pods serve on",
    "recreate/* other-contract Deployment/*": "pods of two contracts never answer beside each other",
    "recreate/* drop ConfigMap/*": "PruneLast keeps the old data until the last old pod is gone",
    # StatefulSets
    "rolling-stateful/* on-delete StatefulSet/*": "no pod is replaced, and the data that it reads is kept",
    # jobs and extras
    "*-jobs/* CronJob/*": CLOCK,
    "*-jobs/* *-wave Job/*-migrate-*": MIGRATION,
    "*-jobs/* drop Job/*-migrate-*": MIGRATION,
    "* job-without-bound Job/*": "a gate without a bound holds up what comes later, and is a warning",
    "[!r]* serve-job-pods Job/*": "no color's Service selects the pods",
    "*-jobs/* ConfigMap/more": UNREAD,
    "rolling-jobs/* prune-first all": "what goes is the Job of the version before, which has ended",
    "rolling-jobs/* latest-wave Deployment/*": "later is after the gate as well",
    "blueGreen-jobs/* started *-wave Deployment/recommender-green": NEW_TRACK,
    # closed releases
    "*-closed/* Service/*-smoke": SMOKE,
    "*-closed/* *-wave Job/*-smoke-*": SMOKE,
    "*-closed/* drop Job/*": NO_SMOKE,
    "*-closed/* drop NetworkPolicy/*": OPEN,
    "rolling-closed/* prune-first all": "what goes is the Job of the version before, which has ended",
    # canaries of ingress-nginx
    "*/ingressNginx * misspell-ingress-backend Ingress/*-preview": FALLS_BACK,
    "*/ingressNginx * misspell-ingress-backend Ingress/*-canary": FALLS_BACK,
    "*/ingressNginx * Service/*-preview": FALLS_BACK,
    "*/ingressNginx * Service/recommender-canary": FALLS_BACK,
    "*/ingressNginx started * Deployment/*-green": FALLS_BACK,
    "canary-*/ingressNginx * Deployment/recommender-canary": FALLS_BACK,
    "canary-[aw]*/ingressNginx * prune-first all": FALLS_BACK,
    "* *PodDisruptionBudget/*": BUDGET,
    "* change-data ConfigMap/*": NEW,
    "*/* started change-workload-selector Deployment/*": NEW,
    "*/* started widen-workload-selector Deployment/*": OVERLAP,
    # new tracks, not reached yet
    "blueGreen*/* started drop-wave ConfigMap/*": NEW,
    "group/* started drop-wave ConfigMap/*": NEW,
    "blueGreen*/* started earliest-wave ConfigMap/*": NEW,
    "group/* started earliest-wave ConfigMap/*": NEW,
    "group/* started * Deployment/api-green": NEW_TRACK,
    "group/* started * Service/api-green": NEW_TRACK,
    "group/ingressNginx started * Service/web-green": NEW_TRACK,
    "group/* started recreate Deployment/web-green": NEW_TRACK,
    "group/* started no-pre-stop Deployment/web-green": NEW_TRACK,
    "blueGreen*/* started recreate Deployment/recommender-green": NEW_TRACK,
    "blueGreen*/* started no-pre-stop Deployment/recommender-green": NEW_TRACK,
    "blueGreen*/* started other-contract Deployment/recommender-green": NEW_TRACK,
    "canary-header/* started other-contract Deployment/recommender-canary": "by header each class has one contract",
    "canary-*/* started recreate Deployment/recommender-canary": NEW_TRACK,
    "canary-*/* started no-pre-stop Deployment/recommender-canary": NEW_TRACK,
    "canary-pods/* drop Deployment/recommender-canary": CANARY_OFF,
    "canary-pods/* no-replicas Deployment/recommender-canary": CANARY_OFF,
    "canary-pods/* rename-port Deployment/recommender-canary": CANARY_OFF,
    "canary-pods/* latest-wave Deployment/recommender-canary": "a canary pod joins the Service only when it is ready",
    "versioned/* started * Deployment/recommender-v2": NEW_CLASS,
    "versioned/* started * Service/recommender-v2": NEW_CLASS,
    "versioned/* started *-wave HTTPRoute/recommender": NEW_CLASS,
    "versioned/* started *-wave Ingress/recommender": NEW_CLASS,
    "versioned/* started drop-weights HTTPRoute/recommender": "each rule has one backend: any weight is all of it",
    # outgoing tracks after the switch
    "blueGreen*/* switched * Deployment/recommender-blue": IDLE,
    "group/* switched * Deployment/api-blue": IDLE,
    "group/* switched * Deployment/web-blue": IDLE,
    "group/* switched * Service/api-blue": IDLE,
    "group/* switched drop Service/web-blue": IDLE,
    "blueGreen*/gatewayApi switched drop Service/recommender-blue": IDLE,
    "blueGreen*/gatewayApi finished * Service/recommender-blue": EMPTY,
    "group/* finished * Service/api-blue": EMPTY,
    "group/* finished * Service/web-blue": EMPTY,
    "canary-[aw]*/* finished drop Service/recommender-canary": EMPTY,
    "canary-[aw]*/ingressNginx finished misspell-ingress-backend Ingress/recommender-canary": EMPTY,
    # routes
    "* change-host HTTPRoute/*-preview": PREVIEW,
    "* change-path HTTPRoute/*-preview": PREVIEW,
    "* change-ingress-host Ingress/*-preview": PREVIEW,
    "* drop HTTPRoute/*-preview": PREVIEW,
    "* drop Ingress/*-preview": PREVIEW,
    "* started misspell-backend HTTPRoute/*-preview": "the misspelt backend is the one of weight 0",
    "* started latest-wave HTTPRoute/*-preview": "requests move to the preview later than the pods are ready",
    "* started latest-wave Service/*-preview": "requests move to the preview later than the pods are ready",
    "canary-header/gatewayApi started change-path HTTPRoute/recommender": CANARY_OFF,
    "canary-*/ingressNginx * change-ingress-host Ingress/recommender-canary": CANARY_OFF,
    "canary-*/ingressNginx * drop Ingress/recommender-canary": CANARY_OFF,
    "*/gatewayApi * drop HTTPRoute/recommender": RETIRED,
    "*/ingressNginx * drop Ingress/recommender": RETIRED,
    "*/service * drop Service/*": RETIRED,
    "blueGreen-identity/gatewayApi * drop Service/model-svc": RETIRED,
    "blueGreen*/* switched *-wave HTTPRoute/recommender": WARM,
    "blueGreen*/* switched *-wave Service/recommender": WARM,
    "group/* switched *-wave HTTPRoute/web": WARM,
    "group/* switched *-wave Service/web": WARM,
    "canary-[aw]*/* finished *-wave HTTPRoute/recommender": WARM,
    "canary-autoscaled/* advanced *-wave HTTPRoute/recommender": WARM,
    "canary-*/* started latest-wave HTTPRoute/recommender": "later is after the gate as well",
    "canary-[aw]*/* advanced latest-wave HTTPRoute/recommender": "later is after the gate as well",
    "versioned/* finished *-wave HTTPRoute/recommender": RETIRED,
    "versioned/* finished *-wave Ingress/recommender": RETIRED,
    "blueGreen*/gatewayApi switched drop-weights HTTPRoute/*": MINOR_SHARE,
    "blueGreen*/gatewayApi started drop-weights HTTPRoute/recommender-preview": MINOR_SHARE,
    "canary-[aw]*/gatewayApi advanced drop-weights HTTPRoute/recommender": "50 to 50 is what was written",
    "canary-[aw]*/gatewayApi started drop-weights HTTPRoute/recommender": MINOR_SHARE,
    # workloads whose pods stay
    "* no-pre-stop Deployment/*": NEXT_TIME,
    "blueGreen*/* recreate Deployment/*": SAME_PODS,
    "group/* recreate Deployment/*": SAME_PODS,
    "canary-*/* started recreate Deployment/recommender-stable": SAME_PODS,
    "canary-*/* advanced recreate Deployment/*": SAME_PODS,
    "canary-pods/* finished recreate Deployment/recommender-stable": CANARY_CARRIES,
    "versioned/* recreate Deployment/*": SAME_PODS,
    "canary-*/* finished latest-wave Deployment/recommender-stable": "stable's old pods serve until its turn comes",
    "canary-pods/* drop Deployment/recommender-stable": PODS_SHRINK,
    "rolling*/* pause Deployment/*": "nothing is gated, and the old pods serve on",
    "rolling/* drop ConfigMap/*": "PruneLast keeps the old data until the last old pod is gone",
    # autoscalers
    "* drop HorizontalPodAutoscaler/*": "the Deployment keeps the number that the autoscaler left",
    "* low-minimum HorizontalPodAutoscaler/*": "TO itself asks for the lower minimum, and the load decides above it",
    "* *-wave HorizontalPodAutoscaler/*": "the written replicas count at creation: no gate waits for the autoscaler",
    "*-autoscaled/* finished retarget-scaler HorizontalPodAutoscaler/*": "it scales nothing: as if it were not there",
    "*-autoscaled/* no-replicas Deployment/*": "the field is the autoscaler's: a sync leaves the live number as it is",
    "*-autoscaled/* not-respected all": "while a course is open minimum, maximum and the written number are one",
    # prunes
    "blueGreen*/* finished prune-first all": IDLE,
    "group/* finished prune-first all": IDLE,
    "canary-pods/* finished prune-first all": PODS_SHRINK,
    "canary-pods/* advanced+finished prune-first all": PODS_SHRINK,
    "versioned/* finished prune-first all": RETIRED,
    "versioned/* started+finished prune-first all": RETIRED,
}


def reason(mutant: Mutant) -> str | None:
    """Why the mutant does no harm, when it is known to do none."""
    if only_moves_what_does_not_change(mutant):
        return "an object that does not change may be applied in any wave"
    if not mutant.pruned and " prune-first " in mutant.name:
        return "the commit prunes nothing"
    return next((why for pattern, why in EQUIVALENT.items() if excuses(pattern, mutant.name)), None)


def excuses(pattern: str, name: str) -> bool:
    """Whether a pattern speaks of the mutant; variants of a release take the same course as a plain one."""
    plain = name.replace("canary-closed/", "canary-weight/")
    for variant in ("closed", "stateful", "jobs", "identity"):
        plain = plain.replace(f"-{variant}/", "/")
    for taken, own in OWN_NAMES.items():
        plain = plain.replace(taken, own)
    return fnmatchcase(name, pattern) or fnmatchcase(plain, pattern)


OWN_NAMES = {
    "StatefulSet/": "Deployment/",
    "Deployment/model": "Deployment/recommender-blue",
    "/model-svc": "/recommender",
    "/model-route": "/recommender",
}
"""What a release calls its own, for what it takes over."""


def only_moves_what_does_not_change(mutant: Mutant) -> bool:
    held = {object_name_of(obj): content(obj) for obj in mutant.before}
    moved = [obj for obj in mutant.after if mutant.name.endswith(f"-wave {object_name_of(obj)}")]
    return bool(moved) and all(held.get(object_name_of(obj)) == content(obj) for obj in moved)


def content(obj: Object) -> Object:
    """The object without its annotations."""
    kept = {name: value for name, value in obj["metadata"].items() if name != "annotations"}
    return {**obj, "metadata": kept}
