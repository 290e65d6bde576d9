"""What makes the API server refuse where and how the pods of a template are to run.

Source: Kubernetes, pkg/apis/core/validation/validation.go (`ValidateNodeSelector`, `ValidateNodeSelectorRequirement`,
`ValidateNodeFieldSelectorRequirement`, `validateTopologySpreadConstraints`, `validatePodDNSConfig`, `validateHostPID`,
`validateProjectionSources`).
"""

from __future__ import annotations

import re
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
LABEL_WORD = re.compile(r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
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
        yield from _label_key_errors(each)


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
    for term in terms:
        yield from _label_key_errors(term)


def _label_key_errors(term: Spec) -> Iterator[PlacementError]:
    """Labels whose values a pod takes from itself (`ValidateMatchLabelKeysAndMismatchLabelKeys`)."""
    same, others = (set(map(str, list_or_empty(term.get(name)))) for name in ("matchLabelKeys", "mismatchLabelKeys"))
    if (same or others) and term.get("labelSelector") is None:
        yield "matchLabelKeys need a labelSelector", "add the selector"
    for key in sorted(same & others):
        yield f"{key} is in matchLabelKeys and in mismatchLabelKeys", "keep one of them"


def _requirement_errors(asked: Spec, place: str) -> Iterator[PlacementError]:
    allowed, words = COUNTS_OF_VALUES.get(str(asked.get("operator")), (None, ""))
    if allowed is not None and len(list_or_empty(asked.get("values"))) not in allowed:
        yield f"its {place} asks for {asked.get('key')}: {asked['operator']} takes {words}", "correct the values"


def _node_affinity_errors(affinity: Spec) -> Iterator[PlacementError]:
    required = affinity.get(REQUIRED)
    terms = list(mapping_items(nested_value(affinity, REQUIRED, "nodeSelectorTerms")))
    if isinstance(required, Mapping) and not terms:
        yield "its nodeAffinity has no nodeSelectorTerms", "name one, or remove the affinity"
    for value in (
        value
        for term in terms
        for each in mapping_items(term.get("matchExpressions"))
        for value in list_or_empty(each.get("values"))
    ):
        if not LABEL_WORD.fullmatch(str(value)):
            yield f"'{value}' in its nodeAffinity is not the value of a label", "correct the value"
    terms += [mapping_or_empty(item.get("preference")) for item in mapping_items(affinity.get(PREFERRED))]
    for asked in (each for term in terms for each in mapping_items(term.get("matchExpressions"))):
        yield from _requirement_errors(asked, "nodeAffinity")
    for asked in (each for term in terms for each in mapping_items(term.get("matchFields"))):
        if asked.get("key") != "metadata.name" or asked.get("operator") not in ("In", "NotIn"):
            yield "matchFields of a nodeAffinity compare metadata.name alone, by In or NotIn", "use matchExpressions"
        elif len(list_or_empty(asked.get("values"))) != 1:
            yield "matchFields of a nodeAffinity take one value", "name one node"
