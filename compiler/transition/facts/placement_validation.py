"""What makes the API server refuse where and how the pods of a template are to run.

Source: Kubernetes, pkg/apis/core/validation/validation.go (`ValidateNodeSelector`, `ValidateNodeSelectorRequirement`,
`validateTopologySpreadConstraints`, `validatePodDNSConfig`, `validateHostPID`, `validateProjectionSources`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compiler.model.objects import integer_or_default, list_or_empty, mapping_items, mapping_or_empty, nested_value

PlacementError = tuple[str, str]
Spec = Mapping[str, Any]
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
COUNTS_OF_VALUES: Mapping[str, tuple[range, str]] = {
    **dict.fromkeys(("In", "NotIn"), (range(1, 1 << 20), "values")),
    **dict.fromkeys(("Exists", "DoesNotExist"), (range(1), "no values")),
    **dict.fromkeys(("Gt", "Lt"), (range(1, 2), "one value")),
}
MIN_TOKEN_SECONDS = 600


def placement_errors(spec: Spec) -> Iterator[PlacementError]:
    """Why the API server refuses a pod's spec for its nodes, its spread, its names, or its tokens."""
    if affinity := mapping_or_empty(spec.get("affinity")):
        yield from _node_affinity_errors(mapping_or_empty(affinity.get("nodeAffinity")))
        yield from _pod_affinity_errors(affinity)
    if spec.get("topologySpreadConstraints"):
        yield from _spread_errors(mapping_items(spec["topologySpreadConstraints"]))
    if spec.get("dnsPolicy") == "None" and not list_or_empty(nested_value(spec, "dnsConfig", "nameservers")):
        yield "dnsPolicy None needs a name server", "name one in dnsConfig"
    if spec.get("hostPID") is True and spec.get("shareProcessNamespace") is True:
        yield "hostPID and shareProcessNamespace are both set", "remove one of them"
    for volume in mapping_items(spec.get("volumes")):
        for source in mapping_items(nested_value(volume, "projected", "sources")):
            asked = nested_value(source, "serviceAccountToken", "expirationSeconds")
            if asked is not None and integer_or_default(asked, MIN_TOKEN_SECONDS) < MIN_TOKEN_SECONDS:
                yield "a token expires in less than ten minutes", f"set expirationSeconds: {MIN_TOKEN_SECONDS}"


def _spread_errors(constraints: Iterable[Spec]) -> Iterator[PlacementError]:
    every = list(constraints)
    places = Counter((str(each.get("topologyKey")), str(each.get("whenUnsatisfiable"))) for each in every)
    for (key, otherwise), count in places.items():
        if count > 1:
            yield f"two topologySpreadConstraints are of {key} and {otherwise}", "keep one of them"
    for each in every:
        if "minDomains" in each and each.get("whenUnsatisfiable") != "DoNotSchedule":
            yield "minDomains needs whenUnsatisfiable: DoNotSchedule", "remove minDomains"


def _pod_affinity_errors(affinity: Spec) -> Iterator[PlacementError]:
    """The selectors of other pods (apimachinery, `ValidateLabelSelectorRequirement`)."""
    kinds = [mapping_or_empty(affinity.get(name)) for name in ("podAffinity", "podAntiAffinity")]
    terms = [term for kind in kinds for term in mapping_items(kind.get(REQUIRED))]
    terms += [
        mapping_or_empty(item.get("podAffinityTerm")) for kind in kinds for item in mapping_items(kind.get(PREFERRED))
    ]
    for asked in (
        each for term in terms for each in mapping_items(nested_value(term, "labelSelector", "matchExpressions"))
    ):
        yield from _requirement_errors(asked, "podAffinity")


def _requirement_errors(asked: Spec, place: str) -> Iterator[PlacementError]:
    allowed, words = COUNTS_OF_VALUES.get(str(asked.get("operator")), (None, ""))
    if allowed is not None and len(list_or_empty(asked.get("values"))) not in allowed:
        yield f"its {place} asks for {asked.get('key')}: {asked['operator']} takes {words}", "correct the values"


def _node_affinity_errors(affinity: Spec) -> Iterator[PlacementError]:
    required = affinity.get(REQUIRED)
    terms = list(mapping_items(nested_value(affinity, REQUIRED, "nodeSelectorTerms")))
    if isinstance(required, Mapping) and not terms:
        yield "its nodeAffinity has no nodeSelectorTerms", "name one, or remove the affinity"
    terms += [mapping_or_empty(item.get("preference")) for item in mapping_items(affinity.get(PREFERRED))]
    for asked in (each for term in terms for each in mapping_items(term.get("matchExpressions"))):
        yield from _requirement_errors(asked, "nodeAffinity")
