"""Every code that the strategies can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "major-needs-versions": Explanation(
        "This strategy cannot make a major change",
        "While pods of both versions answer the same requests, some clients reach a contract that they do not speak.",
        "Use `versioned` (/v1 beside /v2), or `blueGreen` in a group, which switches clients and API together.",
        "Shipway's design: major changes",
    ),
    "major-needs-group": Explanation(
        "blueGreen alone cannot make a major change",
        "The API and its clients cannot be switched at the same instant.",
        "Put both into a `Group`, or use `versioned`.",
        "Shipway's design: major changes",
    ),
    "smoke-gates-nothing": Explanation(
        "A rolling release cannot wait for a smoke test",
        "All its objects are applied in one wave, so that a rollback never waits. The test would run while the pods "
        "are replaced, and at a first install before any pod exists. A failure would stop nothing.",
        "Use `blueGreen` or `canary`, or test in the readiness probe.",
        "Shipway's design: waves",
    ),
    "pins-need-router": Explanation(
        "A ratio of pods cannot pin requests",
        "With `by: pods`, one Service divides all requests by the number of ready pods. Only a router reads headers.",
        "Remove `header` and `cookie`, or use `by: weight`.",
        "Shipway's design: canary",
    ),
    "active-missing": Explanation(
        "No color is active",
        "Without `active`, nothing says which color serves.",
        "Add `active: blue` (in a group, add it to the group).",
        "Shipway's design: blueGreen",
    ),
    "active-track-empty": Explanation(
        "The active color has no version",
        "All requests would go to pods that do not exist.",
        "Give this color a version, or make the other color active.",
        "Shipway's design: blueGreen",
    ),
    "active-track-aborted": Explanation(
        "An aborted version serves requests",
        "`aborted` takes all requests from a version, but no other version is left to serve them.",
        "Let another track serve, or remove `aborted`.",
        "Shipway's design: abort",
    ),
    "group-decides-active": Explanation(
        "The group decides which color is active",
        "If two places decided it, they could differ for a moment, and a request could cross from one color to the "
        "other.",
        "Remove `active` from the member's spec.",
        "Shipway's design: major changes",
    ),
    "preview-one-of": Explanation(
        "A preview needs either a header or a host",
        "Either a header or a host leads to the idle color, not both.",
        "Keep one of them, or write `preview: off`.",
        "Shipway's design: blueGreen",
    ),
    "pods-ratio-autoscaled": Explanation(
        "A ratio of pods and an autoscaler work against each other",
        "With `by: pods`, the share of the canary is its part of all ready pods. An autoscaler changes that number at "
        "any time.",
        "Use `by: weight`, or `replicas` instead of `autoscale`.",
        "Kubernetes: a Service spreads connections over its ready endpoints",
    ),
    "steps-not-growing": Explanation(
        "The steps of a canary must grow",
        "A step must give the canary more requests than the step before. To go back, run `shipway abort`.",
        "Order the steps from small to large.",
        "Shipway's design: canary",
    ),
    "share-quantised": Explanation(
        "The number of pods does not allow this share",
        "Behind one Service, the share is a ratio of pods. A few pods allow only a few shares.",
        "Use more replicas, or `by: weight`, which divides exactly.",
        "Kubernetes: a Service spreads connections over its ready endpoints",
    ),
    "rollout-cannot-move": Explanation(
        "The rollout could never start",
        "If the rollout may neither add nor remove a pod, it cannot replace any.",
        "Set `maxSurge: 1`.",
        "Kubernetes validation of DeploymentStrategy: both may not be 0",
    ),
    "tracks-tie": Explanation(
        "Two versions answer the same requests",
        "Tracks of a versioned release must differ in path, host or header.",
        "Give each track its own path, host or header.",
        "Shipway's design: versioned",
    ),
    "sunset-before-deprecation": Explanation(
        "A path is removed before it is deprecated",
        "Clients need time between the announcement and the removal.",
        "Make `sunset` the later date.",
        "RFC 8594 and RFC 9745",
    ),
}
