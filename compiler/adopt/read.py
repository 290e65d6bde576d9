"""Documents of other tools into the objects that run: Lists flattened, one namespace, each object once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from compiler.adopt.clean import authored_object
from compiler.adopt.running import Beside, RunningObject
from compiler.diagnostics.model import Diagnostic, Rejected, Related
from compiler.model.manifest import Object
from compiler.model.objects import (
    CLUSTER_SCOPED,
    annotations_of,
    mapping_items,
    nested_value,
    object_key,
    object_labels,
)
from compiler.source.document import Document
from compiler.transition.facts.read import object_documents

MADE_BY_SERVER: Final = frozenset({"Event", "Lease", "Node", "ControllerRevision"})
GIVEN: Final = frozenset({("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")})
"""What Kubernetes puts into every namespace by itself."""
ENDPOINTS: Final = frozenset({"Endpoints", "EndpointSlice"})
SERVICE_NAME: Final = "kubernetes.io/service-name"
"""The label of an EndpointSlice that names its Service. Source: Kubernetes, discovery/v1, `LabelServiceName`."""
TEST_HOOKS: Final = frozenset({"test", "test-success", "test-failure"})


@dataclass(frozen=True, slots=True)
class RunningSource:
    """The objects of a source that one environment can take in, those that it cannot, and what was assumed."""

    objects: tuple[RunningObject, ...]
    beside: tuple[Beside, ...] = ()
    premises: tuple[str, ...] = ()
    raw: tuple[Object, ...] = ()
    """the objects as they were read, with what says who applied them"""


def running_source(documents: Sequence[Document], namespace: str, assumed: str) -> RunningSource:
    """The objects of `documents` in `namespace`; `assumed`: the namespace of those that name none.

    Raises Rejected for what is no object, and for two different objects of one name.
    """
    every = list(_placed_objects(documents, assumed))
    selecting = {each.name for each in every if each.kind == "Service" and each.spec.get("selector")}
    placed = [each for each in every if not _made_by_server(each, selecting)]
    distinct = _distinct_objects(placed)
    raw = tuple(obj for obj, _ in object_documents(documents))
    taken: list[RunningObject] = []
    beside: list[Beside] = []
    for each in distinct:
        reason = _outside_reason(each, namespace)
        if reason:
            beside.append(Beside(each, reason, "untouched"))
        elif not _made_by_controller(each):
            taken.append(each)
    nameless = any("namespace" not in each.object["metadata"] for each in taken if each.kind not in CLUSTER_SCOPED)
    premises = (f"objects that name no namespace run in {assumed}",) if nameless else ()
    return RunningSource(tuple(taken), tuple(beside), premises, raw)


def _made_by_server(each: RunningObject, selecting: Collection[str]) -> bool:
    """Whether Kubernetes makes the object by itself: endpoints of Services with a selector, what each namespace has."""
    if each.kind in ENDPOINTS:
        service = each.name if each.kind == "Endpoints" else str(object_labels(each.object).get(SERVICE_NAME))
        return service in selecting
    given = (each.kind, each.name) in GIVEN and not {"imagePullSecrets", "automountServiceAccountToken"} & set(
        each.object
    )
    return given or each.kind in MADE_BY_SERVER


def _placed_objects(documents: Iterable[Document], assumed: str) -> Iterator[RunningObject]:
    for obj, loc in object_documents(documents):
        yield RunningObject(object_key(obj, assumed), authored_object(obj), loc)


def _distinct_objects(objects: Iterable[RunningObject]) -> list[RunningObject]:
    """Each object once. Raises Rejected for two of one name that differ: only one of them can run."""
    known: dict[tuple[str, ...], RunningObject] = {}
    findings = []
    for each in objects:
        other = known.setdefault(tuple(each.key), each)
        if other.object != each.object:
            message = f"{each.title} is here and at {other.loc}, and the two differ"
            related = (Related(other.loc, "the other one"),) if other.loc is not None else ()
            help_text = "adopt what one environment runs: one rendered overlay"
            findings.append(Diagnostic("adopt-duplicate", message, each.loc, help_text, related=related))
    if findings:
        raise Rejected(findings)
    return list(known.values())


def _outside_reason(each: RunningObject, namespace: str) -> str:
    """Why the environment cannot take the object in; empty where it can."""
    if each.key.namespace not in ("", namespace):
        return f"it is in the namespace {each.key.namespace}: adopt it into an environment with this namespace"
    hooks = set(str(annotations_of(each.object).get("helm.sh/hook", "")).split(","))
    if hooks & TEST_HOOKS:
        return "a test of Helm, which runs only with `helm test`"
    return ""


def _made_by_controller(each: RunningObject) -> bool:
    """Whether another object makes this one: `kubectl get all` shows both."""
    owners = mapping_items(nested_value(each.object, "metadata", "ownerReferences"))
    return any(owner.get("controller") is True for owner in owners)


def source_digest_data(objects: Iterable[RunningObject]) -> dict[str, Any]:
    """Each object's own data by its key, for digests: two sources of equal objects are equal, in whatever order."""
    return {str(each.key): _without_namespace(each.object) for each in objects}


def _without_namespace(obj: Object) -> Object:
    """The object without its namespace, which the key has: written out or left to the Application, it is the same."""
    metadata = {key: value for key, value in obj["metadata"].items() if key != "namespace"}
    return {**obj, "metadata": metadata}
