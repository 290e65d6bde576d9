"""Every case keeps its verdict when it is written otherwise, or stands beside what has nothing to do with it."""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.transition import SyncOptions, verify
from compiler.validate.kind_schemas import kind_schema
from tests.transition.manifests import deployment, service
from tests.transition.test_cases import CASES, NAMES, load, objects, sync_options

Transition = tuple[list[Any], list[Any], SyncOptions]
POD_DEFAULTS = {
    "restartPolicy": "Always",
    "dnsPolicy": "ClusterFirst",
    "schedulerName": "default-scheduler",
    "terminationGracePeriodSeconds": 30,
    "securityContext": {},
}
PROBE_DEFAULTS = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
OUT_OF_SYNC = {
    "claim-left-out-where-it-does-not-differ": "it differs then, so it is replaced",
    "deployment-by-force-left-out-where-it-does-not-differ": "it differs then, so it is replaced",
}
MEANS_MORE = {
    **OUT_OF_SYNC,
    "server-side-apply-goes-alone": "a field that a server-side apply has written goes with it",
    "service-stops-selecting-pod-template-hash": "whether the workload is written is what is unknown",
}
"""Cases in which it matters that a default is written out in one commit alone."""
MEANS_A_WRITE = {
    **OUT_OF_SYNC,
    "deployment-rolls-beside-a-cleanup-policy": "the policy sees the new label",
    "kyverno-mutates-existing-of-what-stays": "the policy sees the new label of what stayed",
    "reloader-comes": "the Deployment that it restarts is written",
    "reloader-comes-with-a-job-that-reads-secrets": "the Deployment that it restarts is written",
    "service-stops-selecting-pod-template-hash": "the workload is written",
    "webhook-replaced-only-when-out-of-sync": "it is out of sync then",
}
"""Cases in which it matters that all objects are written."""


def in_another_order(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    return before[::-1], after[::-1], options


def defaults_written_before(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    return [*map(with_defaults, before)], after, options


def defaults_written_after(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    return before, [*map(with_defaults, after)], options


def defaults_written(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    return [*map(with_defaults, before)], [*map(with_defaults, after)], options


def with_a_label(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    return [*map(labeled, before)], [*map(labeled, after)], options


def with_a_newer_chart(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    """The label of Helm that says the chart's version changes on every object, so that all are written."""
    return [charted(each, "shop-1") for each in before], [charted(each, "shop-2") for each in after], options


def nulls_written(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    """Every field that is absent is null."""
    return [*map(with_nulls, before)], [*map(with_nulls, after)], options


def nulls_written_before(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    return [*map(with_nulls, before)], after, options


def empty_fields_written(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    """Fields that say nothing when they are empty are written out."""
    return [*map(with_empty_fields, before)], [*map(with_empty_fields, after)], options


def empty_fields_written_after(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    return before, [*map(with_empty_fields, after)], options


def in_another_namespace(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    """Everything that is called `shop` is called `shopping`."""
    moved = dataclasses.replace(
        options, namespace=renamed(options.namespace), outside=frozenset(map(renamed, options.outside))
    )
    return renamed(before), renamed(after), moved


def beside_others(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    """An application of another namespace stays as it is."""
    neighbor = [copy.deepcopy(each) for each in (service("neighbor"), deployment("neighbor"))]
    for each in neighbor:
        each["metadata"]["namespace"] = "elsewhere"
    return [*before, *neighbor], [*after, *neighbor], options


WAYS: tuple[Callable[[list[Object], list[Object], SyncOptions], Transition], ...] = (
    in_another_order,
    defaults_written_before,
    defaults_written_after,
    defaults_written,
    with_a_label,
    with_a_newer_chart,
    nulls_written,
    nulls_written_before,
    empty_fields_written,
    empty_fields_written_after,
    in_another_namespace,
    beside_others,
)


KEPT_BY: Mapping[Callable[..., Transition], Mapping[str, str]] = {
    defaults_written_before: MEANS_MORE,
    defaults_written_after: MEANS_MORE,
    with_a_newer_chart: {**MEANS_A_WRITE, "cluster-of-argo-cd-gets-a-new-token": "labels choose clusters"},
    nulls_written_before: {**MEANS_A_WRITE, "hpa-owned-replicas-become-null": "the count is null before and after"},
    nulls_written: {
        "hpa-owned-replicas-become-null": "the count is null before and after",
        "gate-on-a-scaled-object-after-its-target": "a new workload that is scaled has a count that is null",
    },
    empty_fields_written_after: MEANS_A_WRITE,
    in_another_namespace: {"middleware-retired-with-its-ingress": "an annotation has the namespace within a word"},
}


def with_nulls(obj: Object) -> Object:
    form = kind_schema("1.34", str(obj["apiVersion"]), str(obj["kind"]))
    read_only = str(obj["apiVersion"]).startswith("networking.istio.io/")  # the provider that a test adds has a schema
    return obj if form is None or read_only else nulls_within(obj, form.schema, form.schema.get("$defs", {}))


def nulls_within(value: Any, schema: Any, definitions: Any) -> Any:
    """The value with null for each field that its schema declares, does not require, and the value does not have."""
    schema = definitions[schema["$ref"].removeprefix("#/$defs/")] if "$ref" in schema else schema
    if isinstance(value, list):
        return [nulls_within(item, schema.get("items", {}), definitions) for item in value]
    if not isinstance(value, dict):
        return value
    fields, others = schema.get("properties", {}), schema.get("additionalProperties")
    others = others if isinstance(others, dict) else {}
    held = {name: nulls_within(inner, fields.get(name, others), definitions) for name, inner in value.items()}
    absent = [name for name in fields if name not in value and name not in schema.get("required", ())]
    return {**held, **dict.fromkeys(absent)}


def with_empty_fields(obj: Object) -> Object:
    written = copy.deepcopy(dict(obj))
    spec = written.get("spec")
    if not isinstance(spec, dict):
        return written
    if (written["apiVersion"], written["kind"]) == ("v1", "Service"):
        for name in ("loadBalancerIP", "sessionAffinity", "type"):
            spec.setdefault(name, "")
        for port in spec.get("ports") or []:
            port.setdefault("protocol", "")
            port.setdefault("nodePort", 0)
    if written["apiVersion"] == "apps/v1" and isinstance(spec.get("template"), dict):
        write_out_empty_fields(spec["template"].get("spec"))
    return written


def write_out_empty_fields(pods: Any) -> None:
    for name in ("hostIPC", "hostNetwork", "hostPID") if isinstance(pods, dict) else ():
        pods.setdefault(name, False)
    for name in ("dnsPolicy", "nodeName", "priorityClassName", "restartPolicy") if isinstance(pods, dict) else ():
        pods.setdefault(name, "")
    for container in pods.get("containers") or [] if isinstance(pods, dict) else ():
        container.update({"imagePullPolicy": "", "tty": False, "workingDir": "", **container})
        for port in container.get("ports") or []:
            port.update({"hostIP": "", "protocol": "", **port})
        for variable in container.get("env") or []:
            if "valueFrom" not in variable:
                variable.setdefault("value", "")


def with_defaults(obj: Object) -> Object:
    """The object with some of the defaults that the API server fills in."""
    written = copy.deepcopy(dict(obj))
    spec = written.get("spec")
    if not isinstance(spec, dict):
        return written
    if written["apiVersion"] == "apps/v1" and isinstance(spec.get("template"), dict):
        if written["kind"] != "ReplicaSet":
            spec.setdefault("revisionHistoryLimit", 10)
        write_out_pod_defaults(spec["template"].get("spec"))
    if (written["apiVersion"], written["kind"]) == ("v1", "Service"):
        spec.setdefault("sessionAffinity", "None")
        spec.setdefault("type", "ClusterIP")
    return written


def write_out_pod_defaults(pods: Any) -> None:
    for name, value in POD_DEFAULTS.items() if isinstance(pods, dict) else ():
        pods.setdefault(name, value)
    for container in pods.get("containers") or [] if isinstance(pods, dict) else ():
        container.setdefault("terminationMessagePath", "/dev/termination-log")
        for port in container.get("ports") or []:
            port.setdefault("protocol", "TCP")
        if isinstance(container.get("readinessProbe"), dict):
            container["readinessProbe"] = {**PROBE_DEFAULTS, **container["readinessProbe"]}


def labeled(obj: Object) -> Object:
    return with_label(obj, "example.com/noted", "yes")


def charted(obj: Object, chart: str) -> Object:
    return with_label(obj, "helm.sh/chart", chart)


def with_label(obj: Object, name: str, value: str) -> Object:
    written = copy.deepcopy(dict(obj))
    written["metadata"]["labels"] = {**(written["metadata"].get("labels") or {}), name: value}
    return written


def renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {renamed(name): renamed(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [renamed(item) for item in value]
    return re.sub(r"(?<![\w-])shop(?![\w-])", "shopping", value) if isinstance(value, str) else value


def changed_verdicts(names: list[str], way: Callable[..., Transition]) -> dict[str, tuple[str, str]]:
    """The cases whose verdict is another one, with both."""
    result: dict[str, tuple[str, str]] = {}
    for name in names:
        (case,) = load(CASES / name / "case.yaml")
        sides = objects(CASES / name / "from"), objects(CASES / name / "to")
        answer = verify(*way(*copy.deepcopy(sides), sync_options(case)))
        if answer.verdict != case["verdict"]:
            result[name] = case["verdict"], answer.verdict
    return result


def beside_others_of_the_same_names(before: list[Object], after: list[Object], options: SyncOptions) -> Transition:
    """Objects of a group that nobody knows stand first, with the kinds, names and fields of those of the case."""
    twins = {(each["kind"], each["metadata"].get("name")): twin_of(each) for each in (*before, *after)}
    return [*twins.values(), *before], [*twins.values(), *after], options


def twin_of(obj: Object) -> Object:
    twin = {**copy.deepcopy(dict(obj)), "apiVersion": "example.com/v1"}
    twin["metadata"].pop("annotations", None)
    return twin


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_some_cases(way: Callable[..., Transition]) -> None:
    assert changed_verdicts([name for name in NAMES[::12] if name not in KEPT_BY.get(way, {})], way) == {}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_all_cases(way: Callable[..., Transition]) -> None:
    assert changed_verdicts([name for name in NAMES if name not in KEPT_BY.get(way, {})], way) == {}


def hidden_by_their_names(names: list[str]) -> dict[str, tuple[str, str]]:
    """The cases whose verdict is another one beside such objects, but for `safe`: they may read what changes."""
    changed = changed_verdicts(names, beside_others_of_the_same_names)
    return {name: verdicts for name, verdicts in changed.items() if verdicts != ("safe", "unknown")}


def test_others_of_the_same_names_hide_nothing() -> None:
    assert hidden_by_their_names(NAMES[::12]) == {}


@pytest.mark.slow
def test_others_of_the_same_names_hide_nothing_in_any_case() -> None:
    assert hidden_by_their_names(NAMES) == {}
