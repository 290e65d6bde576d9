"""Keys that no manifest shows, and fields that more keys than one decide: each for a reason."""

from __future__ import annotations

import re
from typing import Final

ARGO = "written into Argo CD's own objects, which are of the environment as a whole"
RULE = "a rule about specs"
COURSE = "says when the next commit may come, not what this one holds"
VERDICT = "says what the verifier takes for granted"
FORM = "says what the document is"
PILOT = "says what the pilot reads and may do"

WRITE_NOTHING: Final[dict[str, str]] = {
    **{f"{kind}.{key}": FORM for kind in ("Environment", "Release", "Group") for key in ("apiVersion", "kind")},
    **{f"GitOps.{key}": ARGO for key in ("repository", "branch", "path")},
    **{f"ArgoCd.{key}": ARGO for key in ("project", "namespace", "path", "cascade", "signatureKeys")},
    **{f"PermittedKind.{key}": ARGO for key in ("group", "kind")},
    **{f"Destination.{key}": ARGO for key in ("server", "name")},
    **{
        f"Policy.{key}": RULE
        for key in ("requireDigest", "inlineSecrets", "registries", "requireLimits", "minReplicas")
    },
    **{f"PolicyException.{key}": RULE for key in ("rule", "release", "reason", "owner", "expires")},
    **{f"InertField.{key}": VERDICT for key in ("kind", "field", "reason")},
    **{f"GracefulWorkload.{key}": VERDICT for key in ("workload", "reason")},
    **{
        f"AnalysisCheck.{key}": PILOT
        for key in ("name", "preset", "percentile", "query", "requests", "max", "min", "against", "factor", "failures")
    },
    **{f"Analysis.{key}": PILOT for key in ("every", "window", "minRequests", "onNoData", "deadline", "watch")},
    **{f"PrometheusApi.{key}": PILOT for key in ("url", "tokenFile", "ca")},
    **{f"ArgoCdApi.{key}": PILOT for key in ("url", "tokenFile", "ca")},
    **{f"KubernetesApi.{key}": PILOT for key in ("url", "tokenFile", "ca")},
    "Observe.metrics": PILOT,
    "Policy.pilot": PILOT,
    **{f"Freeze.{key}": COURSE for key in ("from", "to", "reason")},
    "EnvironmentSpec.kubernetes": "chooses the schemas that judge the manifests",
    **{
        f"{kind}Spec.extras": "names files, whose own lines are named: test_extras.py"
        for kind in ("Release", "Environment")
    },
    "EnvironmentSpec.outside": "says what exists, not what is written",
    "SelectorTerm.operator": "of all operators one lets the selector match the pods' own labels",
    "ExposedPath.hosts": "it takes the path away from the hosts that it does not name",
    "ReleaseSpec.outside": "says what exists, not what is written",
    "EnvironmentSpec.promotesFrom": COURSE,
    "EnvironmentSpec.traffic": "holds a provider's own keys",
    "ReleaseSpec.strategy": "holds a strategy's own keys",
    "Identity.track": "chooses the track that keeps the other names and labels, whose lines are named",
    "ReleaseSpec.extends": "the base's own keys have their lines: tests/source/test_load.py",
}

DECIDED_BY_MORE: Final[list[tuple[str, str, str]]] = [
    (r"\.(image|digest)$", r"containers\[api\]\.image$", "name, tag and digest are one text: the tag's line is named"),
    (r"^Release", r"/Job/\S+:metadata\.name$", "it holds a hash of all that is tested: the release's name is named"),
    (r"expose\.stripPrefix$", r"/Ingress/\S+\.path$", "an expression made of `expose.path`, whose line is named"),
    (r"\.(active|at)$", r"sync-wave\]$", "who serves goes first: the track whose object it is is named"),
    (
        r"\.aborted$",
        r"HTTPRoute/api-preview:\S+\.weight$",
        "`active` and `aborted` choose what is seen: `active` is named",
    ),
    (r"canary\.by$", r"Service/api:metadata\.name$", "one Service for all pods has the release's name, which is named"),
    (r"canary\.by$", r"backendRefs\[api\]$", "the router names that Service: the canary's `at` is named"),
    (r"versioned\.NAME\.host$", r"api-v2:kind$", "a route for the host of one track: the track is named"),
    (
        r"^Group:spec\.entry$",
        r"HTTPRoute/\S+:(metadata\.name|kind)$",
        "the entry alone has routes: its own line is named",
    ),
    (r"gatewayApi\.namespace$", r"ReferenceGrant/\S+:kind$", "TLS needs the grant: `expose.tls` is named"),
]
"""Key, field (regular expressions), and which of the keys that decide the field is named instead."""


def is_excepted(key: str, field: str) -> bool:
    return any(re.search(keys, key) and re.search(fields, field) for keys, fields, _ in DECIDED_BY_MORE)
