"""Which findings only say again, of what they name, what another one says already: one cause is told once.

Whoever does what the first one asks for is rid of the others too, or reads of them in the next verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from compiler.model.verdict import Finding

POD_KINDS: Final = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout", "Pod")
UNPROVEN_FIELDS: Final = ("field-unproven", "unknown-kind")
REFUSALS: Final = ("object-refused", "field-immutable", "kind-not-permitted")
"""What the API server refuses is never written: what its fields would do, nobody meets."""
Sharing = Callable[[Finding, Finding], bool]


class Repetition(NamedTuple):
    """The code of a cause, and what a finding must have in common with it."""

    cause: str
    shares: Sharing


def _share_pods(finding: Finding, cause: Finding) -> bool:
    return any(_has_pods(name) for name in finding.objects if name in cause.objects)


def _share_a_service(finding: Finding, cause: Finding) -> bool:
    return any(not _has_pods(name) for name in finding.objects if name in cause.objects)


def _share_anything(finding: Finding, cause: Finding) -> bool:
    return not set(finding.objects).isdisjoint(cause.objects)


def _names_no_more(finding: Finding, cause: Finding) -> bool:
    return set(finding.objects) <= set(cause.objects)


def _names_no_less(finding: Finding, cause: Finding) -> bool:
    return set(finding.objects) >= set(cause.objects)


def _is_of_the_same(finding: Finding, cause: Finding) -> bool:
    return finding.objects[:1] == cause.objects[:1]


def _names_its_first(finding: Finding, cause: Finding) -> bool:
    return finding.objects[0] in cause.objects


def _differs_in(*fields: str) -> Sharing:
    """The sharing of what nobody has proven about these fields alone of objects that the cause names all."""

    def shares(finding: Finding, cause: Finding) -> bool:
        return bool(finding.fields) and all(map(_covers, finding.fields)) and _names_no_more(finding, cause)

    def _covers(field: str) -> bool:
        return not fields or not field or field.startswith(fields)

    return shares


def _has_pods(name: str) -> bool:
    """Whether `apps/Deployment ns/name` names a workload."""
    return name.partition(" ")[0].rpartition("/")[2] in POD_KINDS


def _is_policy_of_the_cause(finding: Finding, cause: Finding) -> bool:
    """Whether the cause says of whom a policy keeps out, and this one is about the policy, or others under it."""
    policies = [name for name in finding.objects if "NetworkPolicy " in name]
    return bool(policies) and not cause.fields and set(policies) <= set(cause.objects)


_LATE: Final = ("gate-needs-later-wave", *REFUSALS)
_OF_A_REFUSED: Final = tuple(Repetition(code, _is_of_the_same) for code in REFUSALS)
_UNPROVEN: Final = (
    *(Repetition(code, _differs_in()) for code in (*REFUSALS, "endpoints-gone")),
    Repetition("reference-unresolved", _differs_in("spec.")),
    Repetition("backend-missing", _differs_in("spec.")),
    Repetition("entry-closed", _differs_in("metadata.annotations.", "spec.")),
    Repetition("key-missing", _differs_in("spec.", "data", "stringData")),
    Repetition(
        "route-lost", _differs_in("spec.listeners", "spec.parentRefs", "spec.gatewayClassName", "metadata.labels")
    ),
    Repetition("callee-gone", _names_no_less),
    *(Repetition(code, _is_policy_of_the_cause) for code in ("port-refused", "callee-gone", "field-unproven")),
)
REPETITIONS: Final[Mapping[str, tuple[Repetition, ...]]] = {
    "old-version-given-up": (Repetition("backend-empty", _share_pods),),
    "drain-too-short": (Repetition("backend-empty", _share_pods),),
    "callee-gone": (Repetition("backend-empty", _share_a_service),),
    "no-longer-served": (Repetition("callee-gone", _share_a_service),),
    "reference-missing": (Repetition("reference-pruned", _names_no_more),),
    "reference-unresolved": (Repetition("backend-missing", _names_no_more),),
    "port-missing": tuple(Repetition(code, _share_anything) for code in REFUSALS),
    "tls-secret-pruned": (Repetition("route-lost", _names_its_first),),
    "clients-moved": (Repetition("contracts-mixed", _names_no_less), Repetition("host-split", _names_no_more)),
    "entry-closed": (Repetition("node-port-taken", _is_of_the_same),),
    "gate-unbounded": tuple(Repetition(code, _is_of_the_same) for code in _LATE),
    "replicas-dropped": _OF_A_REFUSED,
    "namespaces-shut": (
        Repetition("callee-gone", _share_a_service),
        *(Repetition(code, _is_policy_of_the_cause) for code in ("port-refused", "field-unproven")),
    ),
    **dict.fromkeys(UNPROVEN_FIELDS, _UNPROVEN),
}  # fmt: skip


class Causes:
    """Findings, to be asked for those that say already what another one says."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._named: dict[tuple[str, str], list[Finding]] = {}
        for finding in findings:
            for name in finding.objects:
                self._named.setdefault((finding.code, name), []).append(finding)

    def of(self, finding: Finding) -> Iterator[Finding]:
        """What says it already; of one code, only what comes before it by its words."""
        for code, shares in REPETITIONS.get(finding.code, ()):
            for cause in (cause for name in finding.objects for cause in self._named.get((code, name), ())):
                if (code != finding.code or cause.message < finding.message) and shares(finding, cause):
                    yield cause
