"""Every code that the strategies can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "major-needs-versions": Explanation(
        "This strategy cannot carry a major change",
        "While pods of both versions answer the same requests, a client meets an input contract that it does "
        "not speak.",
        "Use `versioned` (/v1 beside /v2), or `blueGreen` in a group, which switches clients and API as one.",
        "Shipway's design: major changes",
    ),
    "major-needs-group": Explanation(
        "blueGreen alone cannot carry a major change",
        "The switch of the API and that of its clients can never be one instant.",
        "Put both into a `Group`, or use `versioned`.",
        "Shipway's design: major changes",
    ),
    "smoke-gates-nothing": Explanation(
        "The smoke test of a rolling release gates nothing",
        "Its objects are applied as one wave, so that going back waits for nothing: the test runs while the pods are "
        "being replaced, and on a first install before there are any.",
        "Use `blueGreen` or `canary`, or let the readiness probe ask.",
        "Shipway's design: waves",
    ),
    "pins-need-router": Explanation(
        "A ratio of pods pins no requests",
        "By pods, one Service divides all requests by the number of ready pods; only a router reads headers.",
        "Remove `header` and `cookie`, or use `by: weight`.",
        "Shipway's design: canary",
    ),
    "active-missing": Explanation(
        "No colour is active",
        "Without `active` it is not said which colour serves.",
        "Add `active: blue` (in a group, the group has it).",
        "Shipway's design: blueGreen",
    ),
    "active-track-empty": Explanation(
        "The active colour holds no version",
        "All requests would go to pods that do not exist.",
        "Give that colour a version, or make the other one active.",
        "Shipway's design: blueGreen",
    ),
    "active-track-aborted": Explanation(
        "What is aborted serves",
        "`aborted` takes a version off the requests, and here nothing else is left to serve them.",
        "Let another track serve, or remove `aborted`.",
        "Shipway's design: abort",
    ),
    "group-decides-active": Explanation(
        "The group says which colour is active",
        "Two places that say it could differ for a moment, and a request would cross from one world to the other.",
        "Remove `active` from the member's spec.",
        "Shipway's design: major changes",
    ),
    "preview-one-of": Explanation(
        "A preview has one way in",
        "The idle colour is reached by a header or by a host.",
        "Keep one of them, or write `preview: off`.",
        "Shipway's design: blueGreen",
    ),
    "pods-ratio-autoscaled": Explanation(
        "A ratio of pods and an autoscaler work against each other",
        "By pods, the share of the canary is its part of all ready pods; an autoscaler changes that number at"
        " any time.",
        "Use `by: weight`, or `replicas` instead of `autoscale`.",
        "Kubernetes: a Service spreads connections over its ready endpoints",
    ),
    "steps-not-growing": Explanation(
        "The steps of a canary grow",
        "A share that repeats or shrinks makes no step; to go back there is `shipway abort`.",
        "Order them from small to large.",
        "Shipway's design: canary",
    ),
    "share-quantised": Explanation(
        "Whole pods make whole shares",
        "Behind one Service the share is a ratio of pods, so few pods allow few shares.",
        "Take more replicas, or `by: weight`, which divides exactly.",
        "Kubernetes: a Service spreads connections over its ready endpoints",
    ),
    "rollout-cannot-move": Explanation(
        "The rollout could never begin",
        "With neither a pod more nor a pod less allowed, no pod can be replaced.",
        "Let `maxSurge` be 1.",
        "Kubernetes validation of DeploymentStrategy: both may not be 0",
    ),
    "tracks-tie": Explanation(
        "Two versions answer the same requests",
        "Tracks of a versioned release are told apart by path, host or header.",
        "Give each one of its own.",
        "Shipway's design: versioned",
    ),
    "sunset-before-deprecation": Explanation(
        "A path goes before it is deprecated",
        "Clients need time between the announcement and the end.",
        "Let `sunset` be the later date.",
        "RFC 8594 and RFC 9745",
    ),
}
