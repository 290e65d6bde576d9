"""One running workload as one release: `kind: Release` in the spec's own words, without overrides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from compiler.adopt.argo_rollouts import ROLLOUT
from compiler.adopt.container_spec import ContainerTraits, container_words, port_words
from compiler.adopt.exposure_spec import expose_words, further_words, reached_port
from compiler.adopt.image import image_reference
from compiler.adopt.jobs_spec import jobs_words
from compiler.adopt.pods_spec import pod_words
from compiler.adopt.receipt import ReceiptChange
from compiler.adopt.running import RunningObject, RunningWorkload
from compiler.adopt.scale_spec import scale_words, stateful_words
from compiler.adopt.strategy_spec import strategy_words
from compiler.model.manifest import Object
from compiler.model.objects import mapping_items, mapping_or_empty, string_entries

OWNER_LABELS: Final = frozenset(
    {
        "app.kubernetes.io/managed-by",
        "app.kubernetes.io/version",
        "helm.sh/chart",
        "chart",
        "heritage",
        "pod-template-hash",
        "rollouts-pod-template-hash",
    }
)
"""Pod labels that name the tool that made the pods, their version, or one ReplicaSet of them."""


@dataclass(frozen=True, slots=True)
class AdoptedSpec:
    """A release's spec as data, and what of its strategy has no counterpart."""

    name: str
    data: dict[str, Any]
    notes: tuple[ReceiptChange, ...] = ()


class UnsayableError(Exception):
    """A workload that no spec can say, and why."""


def adopted_spec(group: RunningWorkload, name: str, selected: frozenset[str], *, router: bool) -> AdoptedSpec:
    """The release `name`; `selected` are keys of labels by which something finds pods. Raises UnsayableError.

    `router`: the environment's traffic provider writes routes.
    """
    main = main_container(group)
    reference = image_reference(str(main.get("image") or ""))
    if reference is None:
        raise UnsayableError(f"the container {main.get('name')} has no image that can be pulled")
    reached = next((port for door in group.doors if (port := reached_port(door, main)) is not None), None)
    traits = ContainerTraits(dict(port_words(main, asked=reached is None)), reached)
    version = {"version": reference.version, **({"digest": reference.digest} if reference.digest else {})}
    strategy = strategy_words(group, version)
    container = container_words(main, reference.name, traits)
    spec: dict[str, Any] = {
        "identity": identity_words(group, main, selected),
        "container": container,
        **stateful_words(group),
        **scale_words(group),
        "expose": expose_words(group.service, main, group.source.pod, past_router=router and not group.routes),
        "pods": pod_words(group, main, reached=reached is not None),
        "jobs": jobs_words(group, main, container),
        "strategy": strategy.words,
    }
    further = {each.name: further_words(each, main, group.source.pod) for each in group.further}
    if further:
        spec["expose"] = {**spec["expose"], "services": further}
    data = {
        "apiVersion": "shipway.dev/v1",
        "kind": "Release",
        "metadata": {"name": name},
        "spec": {key: value for key, value in spec.items() if value != {} or key == "stateful"},
    }
    return AdoptedSpec(name, data, strategy.notes)


def spec_with_routes(spec: AdoptedSpec, words: Mapping[str, Any]) -> AdoptedSpec:
    """The spec with the words of its routes in `expose`."""
    expose = {key: value for key, value in spec.data["spec"]["expose"].items() if key not in ("internal", "path")}
    return replace(spec, data={**spec.data, "spec": {**spec.data["spec"], "expose": {**words, **expose}}})


def main_container(group: RunningWorkload) -> Object:
    """The container that the release moves: the one that the Service leads to, else of the workload's name, else first.

    Raises UnsayableError for pods without containers.
    """
    containers = list(mapping_items(group.source.pod.get("containers")))
    if not containers:
        raise UnsayableError("its pods have no container")

    targets = [port.get("targetPort", port.get("port")) for door in group.doors for port in _service_ports(door)]

    def rank(container: Mapping[str, Any]) -> tuple[int, bool]:
        # a list: what is no name and no number may be in it as well
        declared = [
            each.get(key) for each in mapping_items(container.get("ports")) for key in ("name", "containerPort")
        ]
        first = next((number for number, target in enumerate(targets) if target in declared), len(targets))
        return first, container.get("name") != group.source.name

    return dict_of(min(containers, key=rank))


def _service_ports(service: RunningObject) -> list[Mapping[str, Any]]:
    """Its ports of TCP, in their order."""
    return [each for each in mapping_items(service.spec.get("ports")) if each.get("protocol", "TCP") == "TCP"]


def dict_of(container: Mapping[str, Any]) -> Object:
    """The container itself, as the plain data that it is."""
    return container if isinstance(container, dict) else dict(container)


def identity_words(group: RunningWorkload, main: Object, selected: frozenset[str]) -> dict[str, Any]:
    """What keeps its name: nothing that others hold on to changes with the first commit."""
    labels = group.source.pod_labels
    wanted = mapping_or_empty(group.source.spec.get("selector"))
    expressions = list(mapping_items(wanted.get("matchExpressions")))
    selector = string_entries(wanted.get("matchLabels")) or ({} if expressions else labels)
    further = {
        key: value
        for key, value in labels.items()
        if key not in selector and (key in selected or key not in OWNER_LABELS)
    }
    names = {"service": group.service, "autoscaler": group.autoscaler, "budget": group.budget}
    names |= {"route": group.route, "grpcRoute": group.calls}
    kept = {word: source.name for word, source in names.items() if source is not None}
    if group.source.kind == ROLLOUT:
        # its pods are not a Deployment's: the release has pods of its own beside them
        named = {key: name for key, name in kept.items() if key in ("service", "route", "grpcRoute")}
        return {"container": str(main.get("name")), **named}
    return {
        "deployment": group.source.name,
        **({"selector": selector} if selector else {}),
        **({"expressions": expressions} if expressions else {}),
        **({"labels": further} if further else {}),
        "container": str(main.get("name")),
        **kept,
    }
