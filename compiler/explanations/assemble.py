"""Every code that assembling objects can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "tls-one-of": Explanation(
        "A certificate has only one source",
        "Several sources would write the Secret.",
        "Keep one of the five keys.",
        "Shipway's design: the spec",
    ),
    "tls-needs-host": Explanation(
        "A certificate needs a host name",
        "Without `host` or `hosts` there is no name to issue it for.",
        "Add `expose.host`.",
        "cert-manager: Certificate, dnsNames",
    ),
    "inline-secret": Explanation(
        "A private key would be in the repository",
        "The environment's policy forbids `inline`: everybody who can read the repository could read the key.",
        "Use `externalSecret`, `sealedSecret`, `certificate` or an existing Secret.",
        "Shipway's design: policy",
    ),
    "override-unknown-object": Explanation(
        "The override names an object that this release does not have",
        "The key of an override is `Kind/name`, as in the rendered files.",
        "Use one of the listed objects. `shipway build` renders all of them.",
        "Shipway's design: overrides",
    ),
    "override-pins-image": Explanation(
        "An override sets the image of the release's own container",
        "A list in an override replaces the whole list. If it contains an image, the pods keep that image when the "
        "version changes: the labels name the new version, but the old one runs.",
        "Set the container's fields under `spec.container`. If you must override the list, update the image in it "
        "with each version.",
        "Shipway's design: overrides",
    ),
    "override-kept-field": Explanation(
        "This field cannot be overridden",
        "The safety of every commit depends on names, selectors and waves.",
        "Change it through the strategy.",
        "Shipway's design: overrides",
    ),
    "liveness-before-start": Explanation(
        "A pod could be restarted while it starts",
        "Without a startup probe, the liveness probe runs from the beginning. A pod that starts more slowly than the "
        "probe allows is restarted again and again.",
        "Add a `startup` probe, or let the liveness probe start later.",
        "Kubernetes: Configure Liveness, Readiness and Startup Probes",
    ),
    "reserved-key": Explanation(
        "This label or annotation is reserved for Shipway",
        "Selectors, contracts and waves depend on it. Another value could take pods out of their Service, or apply an "
        "object at the wrong time.",
        "Remove it, or use another key.",
        "Shipway's design: tracks and waves",
    ),
    "quota-exceeded": Explanation(
        "A course needs more than the quota allows",
        "At the peak, two versions run side by side. Together with the other releases, they need more than the "
        "environment's quota. Kubernetes does not create the pods that do not fit, and the sync waits for them.",
        "Raise the quota, or request less.",
        "Kubernetes: ResourceQuota",
    ),
}
