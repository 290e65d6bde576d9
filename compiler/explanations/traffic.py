"""Every code that the traffic providers can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "provider-lacks": Explanation(
        "The traffic provider cannot do this",
        "What the spec asks for has no counterpart in the objects of this provider.",
        "Ask for what it can, or use another provider, as the help line says.",
        "Gateway API, ingress-nginx and Service: their own fields",
    ),
    "node-port-twice": Explanation(
        "A node port can be taken once",
        "It is a port of every node, so two Services of a cluster cannot share it.",
        "Remove `nodePort`, or choose another.",
        "Kubernetes: Service, nodePort",
    ),
    "nginx-one-canary": Explanation(
        "ingress-nginx takes one canary for a host and path",
        "A second canary Ingress for the same path is ignored without a word.",
        "Give one of the two a path or a host of its own.",
        "ingress-nginx: canary annotations",
    ),
    "nginx-canary-alone": Explanation(
        "A canary Ingress has no main one",
        "ingress-nginx merges a canary into the route of its host and path; without one it serves nobody.",
        "Let another version answer the same path without a header, or use gatewayApi.",
        "ingress-nginx: canary annotations",
    ),
    "annotation-of-provider": Explanation(
        "This annotation is written by the provider",
        "A canary annotation on the main Ingress takes its requests away; a rewrite or `use-regex` makes regular "
        "expressions of all paths of the host.",
        "Remove it: the strategy divides requests, and `stripPrefix` rewrites.",
        "ingress-nginx: annotations; ingress path matching",
    ),
    "retirement-not-announced": Explanation(
        "The deprecation is not announced in answers",
        "ingress-nginx sets response headers by snippets alone, which clusters forbid for good reasons; without a "
        "router nothing sets them.",
        "Announce it in another way, or use gatewayApi, which writes `Deprecation` and `Sunset`.",
        "ingress-nginx: configuration-snippet; RFC 8594",
    ),
    "regex-host": Explanation(
        "One rewrite turns every path of the host into a regular expression",
        "ingress-nginx reads all paths of a host as prefixes in regular expressions as soon as one Ingress of"
        " it rewrites.",
        "Let the service answer below its prefix, give it a host of its own, or use gatewayApi.",
        "ingress-nginx: ingress path matching",
    ),
}
