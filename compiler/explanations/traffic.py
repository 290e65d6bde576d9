"""Every code that the traffic providers can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "provider-lacks": Explanation(
        "The traffic provider cannot do this",
        "The objects of this provider cannot express what the spec asks for.",
        "Change the spec or use another provider, as the help line says.",
        "the fields of Gateway API, ingress-nginx and Service",
    ),
    "node-port-twice": Explanation(
        "A node port is used twice",
        "A node port is open on every node, so two Services of a cluster cannot share it.",
        "Remove `nodePort`, or choose another.",
        "Kubernetes: Service, nodePort",
    ),
    "nginx-one-canary": Explanation(
        "ingress-nginx supports one canary for a host and path",
        "It silently ignores a second canary Ingress for this path.",
        "Give one of the two its own path or host.",
        "ingress-nginx: canary annotations",
    ),
    "nginx-canary-alone": Explanation(
        "A canary Ingress has no main Ingress",
        "ingress-nginx merges a canary into the main route of its host and path. Without a main route it serves "
        "nobody.",
        "Let another version answer this path without a header, or use gatewayApi.",
        "ingress-nginx: canary annotations",
    ),
    "annotation-of-provider": Explanation(
        "The provider writes this annotation",
        "A canary annotation on the main Ingress would take its requests away. A rewrite or `use-regex` would turn all "
        "paths of the host into regular expressions.",
        "Remove the annotation. The strategy divides requests, and `stripPrefix` rewrites paths.",
        "ingress-nginx: annotations; ingress path matching",
    ),
    "retirement-not-announced": Explanation(
        "Responses do not announce the deprecation",
        "ingress-nginx sets response headers only through snippets, which most clusters forbid for security. Without a "
        "router, nothing sets them.",
        "Tell clients in another way, or use gatewayApi, which sets `Deprecation` and `Sunset`.",
        "ingress-nginx: configuration-snippet; RFC 8594",
    ),
    "regex-host": Explanation(
        "One rewrite turns every path of the host into a regular expression",
        "As soon as one Ingress of a host rewrites paths, ingress-nginx reads all paths of that host as regular "
        "expressions.",
        "Let the service answer below its prefix, give it its own host, or use gatewayApi.",
        "ingress-nginx: ingress path matching",
    ),
}
