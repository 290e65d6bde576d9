"""Every code that assembling objects can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "tls-one-of": Explanation(
        "There is one way to the certificate",
        "Several sources would write one Secret.",
        "Keep one of the five.",
        "Shipway's design: the spec",
    ),
    "tls-needs-host": Explanation(
        "A certificate is for host names",
        "Without `host` or `hosts` there is nothing that it could be issued for.",
        "Add `expose.host`.",
        "cert-manager: Certificate, dnsNames",
    ),
    "inline-secret": Explanation(
        "Key material would stand in the repository",
        "The environment's policy forbids `inline`: whoever reads the repository reads the key.",
        "Use `externalSecret`, `sealedSecret`, `certificate` or an existing Secret.",
        "Shipway's design: policy",
    ),
    "override-unknown-object": Explanation(
        "The override names no object of this release",
        "Its key is `Kind/name`, as in the rendered files.",
        "Name one of those listed; `shipway build` shows the objects.",
        "Shipway's design: overrides",
    ),
    "override-kept-field": Explanation(
        "This field cannot be overridden",
        "Names, selectors and waves are what the safety of every commit rests on.",
        "Change it through the strategy.",
        "Shipway's design: overrides",
    ),
    "liveness-before-start": Explanation(
        "A pod that still starts is restarted as dead",
        "Without a startup probe the liveness probe asks from the beginning: a pod that needs longer than it bears "
        "with never comes up.",
        "Add a `startup` probe, or let the liveness probe begin later.",
        "Kubernetes: Configure Liveness, Readiness and Startup Probes",
    ),
    "reserved-key": Explanation(
        "This label or annotation is Shipway's own",
        "Selectors, contracts and waves rest on it: another value would take pods out of their Service, or an object "
        "out of its turn.",
        "Remove it, or choose another key.",
        "Shipway's design: tracks and waves",
    ),
    "quota-exceeded": Explanation(
        "A course would not fit the quota",
        "At its peak two versions run side by side; together with the other releases that is more than the "
        "environment's quota. Pods that do not fit stay Pending, and the sync waits for them.",
        "Raise the quota, or ask for less.",
        "Kubernetes: ResourceQuota",
    ),
}
