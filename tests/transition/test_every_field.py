"""Every line of the closed world keeps its word: what is unjudged makes `unknown`, what is inert makes no finding.

Each field of each table is set, changed and taken away in a small object of its kind; values are made of the schema.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from compiler.model.classification import Classification, Entries, Field, FieldTable, Inert, Items, KindTable, Unjudged
from compiler.model.manifest import Object
from compiler.model.verdict import Finding
from compiler.traffic import provider_schemas
from compiler.transition import verify, verify_forward
from compiler.transition.classification.custom_kinds import CUSTOM_INERT, CUSTOM_UNPROVEN, INERT_GROUPS
from compiler.transition.classification.registry import every_table
from compiler.transition.classification.whole_kinds import BUILT_IN_INERT, BUILT_IN_UNPROVEN
from tests.transition.manifests import config_map, deployment, metadata, route, service
from tests.transition.test_classification import BUNDLED, Schema, newest_versions, published, resolved

Path = tuple[str | int, ...]
FIRST = 0
"""The step of a path into the first item of a list."""
SERVED = [service("web"), deployment("web"), route("web", {"web": 1})]
LATER = config_map("later", wave="1")
DESTINATION = {"destination": {"host": "web", "port": {"number": 80}}}
JOB_PODS = {"containers": [{"name": "a", "image": "b:1"}], "restartPolicy": "Never"}


def exits(code: int) -> Object:
    return {"exitCodes": {"operator": "In", "values": [code]}}


ALLOWED: Mapping[str, tuple[Any, Any]] = {
    "sessionAffinity": ("None", "ClientIP"),
    "concurrencyPolicy": ("Allow", "Replace"),
    "completionMode": ("NonIndexed", "Indexed"),
    "unhealthyPodEvictionPolicy": ("IfHealthyBudget", "AlwaysAllow"),
    "scheduling": ({"policy": {"basic": {}}}, {"policy": {"gang": {"minCount": 2}}}),
    "selector": ({"matchLabels": {"app": "y"}}, {"matchLabels": {"app": "z"}}),
    "schedule": ("0 3 * * *", "0 4 * * *"),
    "timeZone": ("Etc/UTC", "Europe/Berlin"),
    "successThreshold": (None, 1),
    "trafficDistribution": ("PreferClose", "PreferSameNode"),
    "evictionResponders": ([{"name": "a.b/c", "priority": 1}], [{"name": "a.b/c", "priority": 2}]),
    "restartPolicyRules": ([{"action": "Restart", **exits(1)}], [{"action": "Restart", **exits(2)}]),
    "requestMirror": (None, {"backendRef": {"name": "missing"}}),
    "persistentVolumeReclaimPolicy": ("Retain", "Delete"),
    "rules": ([{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}], None),
}
"""Values that the API server takes, of fields whose schema says text or number, or that count by what they hold."""
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout")
UNCHANGEABLE = ("Pod", "Job")
"""Of these the API server refuses most changes, of inert fields as well."""
OWN_WORDS = ("fetches values from another place", "the load balancer moves from")
"""How findings of a property's own name what a field does."""
OF_WHAT_GOES = ("metadata", "finalizers")
"""What does nothing to an object that stays, as all objects do here: proven (`harmless/finalizers.py`)."""
TABLES = list(every_table())

pytestmark = pytest.mark.slow


class Leaf(NamedTuple):
    """A field of a table: where it stands in an object, and how it is classified."""

    path: Path
    known: Classification

    @property
    def dotted(self) -> str:
        return ".".join(f"{part}" for part in self.path).replace(f".{FIRST}", "[]")


def leaves(table: FieldTable, path: Path = ()) -> Iterator[Leaf]:
    for name, entry in table.items():
        yield from _leaves(entry, (*path, name))


def _leaves(entry: Field, path: Path) -> Iterator[Leaf]:
    if isinstance(entry, Items):
        yield from leaves(entry.of, (*path, FIRST))
    elif isinstance(entry, Mapping):
        yield from leaves(entry, path)
    elif not isinstance(entry, Entries):
        yield Leaf(path, entry)


@cache
def schemas() -> Mapping[tuple[str, str], tuple[Schema, Mapping[str, Schema]]]:
    """(group, kind) -> its schema, and the definitions that it refers to."""
    definitions = published(newest_versions()[-1])
    result: dict[tuple[str, str], tuple[Schema, Mapping[str, Schema]]] = {}
    for schema in definitions.values():
        for name in schema.get("x-kubernetes-group-version-kind", ()):
            result[name["group"], name["kind"]] = (schema, definitions)
    for file in (*BUNDLED.glob("*.json"), *provider_schemas()):
        bundle = json.loads(file.read_text())
        for name, definition in bundle["kinds"].items():
            version, kind = name.split(" ")
            result[version.rpartition("/")[0], kind] = (bundle["$defs"][definition], bundle["$defs"])
    return result


def values(table: KindTable, path: Path) -> tuple[Any, Any]:
    """Two values of the field that its schema allows."""
    if path[-1] in ALLOWED:
        return ALLOWED[str(path[-1])]
    schema, definitions = schemas().get((table.group, table.kind), ({}, {}))
    for part in path:
        schema = resolved(schema, definitions)
        schema = schema.get("items", {}) if part == FIRST else schema.get("properties", {}).get(part, {})
    return _two_values(schema, definitions)


def _two_values(schema: Schema, definitions: Mapping[str, Schema], depth: int = 0) -> tuple[Any, Any]:
    schema = resolved(schema, definitions)
    kind = next((name for name in _as_list(schema.get("type")) if name != "null"), "string")
    choices = [choice for choice in schema.get("enum", ()) if choice is not None]
    if choices:
        return choices[0], (choices[-1] if len(choices) > 1 else None)
    if kind == "array":
        first, second = _two_values(schema.get("items", {}), definitions, depth + 1)
        return [first], [second]
    if kind == "object":
        return _two_mappings(schema, definitions, depth)
    plain: dict[str, tuple[Any, Any]] = {"integer": (1, 2), "number": (1, 2), "boolean": (False, True)}
    return plain.get(kind, ("a", "b"))


def _two_mappings(schema: Schema, definitions: Mapping[str, Schema], depth: int) -> tuple[Any, Any]:
    inner = schema.get("properties", {})
    if depth > 4 or not inner:
        return {"k": "a"}, {"k": "b"}
    names = schema.get("required") or list(inner)[:1]
    pairs = {name: _two_values(inner.get(name, {}), definitions, depth + 1) for name in names}
    return {name: pair[0] for name, pair in pairs.items()}, {name: pair[1] for name, pair in pairs.items()}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def small_object(table: KindTable) -> Object:
    """An object of the kind that the API server takes as far as this test needs it."""
    enforced = {"kubernetes.io/enforce-mountable-secrets": "true"}  # an account's list of Secrets counts only then
    notes = {"annotations": enforced} if table.kind == "ServiceAccount" else {}
    name = {"apiVersion": table.versions[0], "kind": table.kind, "metadata": metadata("x") | notes}
    pods = deployment("x")["spec"]
    specs: dict[str, Any] = {
        **{kind: {"selector": pods["selector"], "template": pods["template"]} for kind in WORKLOADS},
        "ReplicationController": {"selector": {"app": "x"}, "template": pods["template"]},
        "Pod": pods["template"]["spec"],
        "Service": {**SERVED[0]["spec"], "sessionAffinity": "ClientIP"},
        "HTTPRoute": SERVED[2]["spec"],
        "IngressRoute": {"routes": [{"match": "Host(`a.example.com`)", "services": [{"name": "web", "port": 80}]}]},
        "VirtualService": {"hosts": ["a.example.com"], "gateways": ["public"], "http": [{"route": [DESTINATION]}]},
        "Cluster": {"replica": {"source": "other"}},
        "Job": {"template": {"spec": JOB_PODS}},
        "CronJob": {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": {"spec": JOB_PODS}}}},
    }
    return copy.deepcopy({**name, "spec": specs[table.kind]} if table.kind in specs else name)


def with_value(obj: Object, path: Path, value: Any) -> Object:
    result: dict[str, Any] = copy.deepcopy(dict(obj))
    place: Any = result
    for part, following in pairwise(path):
        empty: Any = [{}] if following == FIRST else {}
        if part != FIRST and not place.get(part):
            place[part] = empty
        place = place[part]
    if value is None:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = value
    return result


def changes(table: KindTable, leaf: Leaf) -> Iterator[tuple[Any, Any]]:
    """(before, after): the field changes, appears, goes; of an unjudged one those that count by its own word."""
    first, second = values(table, leaf.path)
    for before, after in ((first, second), (None, second), (second, None), (first, None)):
        known = leaf.known
        if before == after or (None in (before, after) and _is_excepted(table, leaf.path, after)):
            continue
        if not isinstance(known, Unjudged) or _counts(known, before, after):
            yield before, after


def _is_excepted(table: KindTable, path: Path, after: Any) -> bool:
    """Whether the field cannot be left out of its kind, or does nothing: a mirror or a liveness probe that goes.

    Nor does an address of a Service that has no load balancer.
    """
    required = path == ("spec", "schedule") and table.kind == "CronJob"
    goes = after is None and (path[-1] == "requestMirror" or "livenessProbe" in path)
    return required or goes or path == ("spec", "loadBalancerIP")


def _counts(known: Unjudged, before: Any, after: Any) -> bool:
    first, second = (known.default if value is None else value for value in (before, after))
    return bool(first != second and known.matters(before, after))


def findings_of(table: KindTable, leaf: Leaf, before: Any, after: Any) -> list[Finding]:
    """What is found of the change, beside a release that is served; what counts in gates alone has one.

    `verify` leaves out of an unproven field what an error says of it already; an inert one has no finding at all.
    """
    judge = verify_forward if isinstance(leaf.known, Unjudged) else verify
    old, new = (with_value(small_object(table), leaf.path, value) for value in (before, after))
    beside = [*SERVED, LATER] if isinstance(leaf.known, Unjudged) and leaf.known.gated else SERVED
    return list(judge([*beside, old], [*beside, new]).findings)


def _judged_otherwise(leaf: Leaf, finding: Finding) -> bool:
    """Whether a reader names the change in its own words: a listener by its name, a mirror by its Service."""
    listener = leaf.path[-3:-1] == ("listeners", FIRST) and finding.message.startswith("listener ")
    return listener or leaf.path[-1] == "requestMirror" or any(words in finding.message for words in OWN_WORDS)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.group}/{table.kind}")
def test_each_unjudged_field_makes_a_change_unproven(table: KindTable) -> None:
    silent = []
    unjudged = (leaf for leaf in leaves(table.fields) if isinstance(leaf.known, Unjudged) and leaf.path != OF_WHAT_GOES)
    for leaf in unjudged:
        for before, after in changes(table, leaf):
            found = findings_of(table, leaf, before, after)
            named = (each.code == "field-unproven" and leaf.dotted in each.message for each in found)
            if not any(named) and not any(_judged_otherwise(leaf, each) for each in found):
                silent.append((leaf.dotted, before, after, [finding.message for finding in found]))
    assert silent == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.group}/{table.kind}")
def test_each_inert_field_makes_no_finding(table: KindTable) -> None:
    alarms = []
    for leaf in leaves(table.fields):
        for before, after in changes(table, leaf) if isinstance(leaf.known, Inert) else ():
            found = findings_of(table, leaf, before, after)
            refused = table.kind in UNCHANGEABLE and {finding.code for finding in found} <= {"field-immutable"}
            if found and not refused:
                alarms.append((leaf.dotted, before, after, [finding.message for finding in found]))
    assert alarms == []


WHOLE_KINDS = {**BUILT_IN_INERT, **BUILT_IN_UNPROVEN, **CUSTOM_INERT, **CUSTOM_UNPROVEN} | {
    (group, "Anything"): known for group, known in INERT_GROUPS.items()
}

NEWCOMERS = [
    name for name, known in WHOLE_KINDS.items() if isinstance(known, Unjudged) and not known.matters(None, {"a": 1})
]


@pytest.mark.parametrize(("group", "kind"), list(WHOLE_KINDS))
def test_a_kind_that_is_classified_as_a_whole_keeps_its_word(group: str, kind: str) -> None:
    name = "Anything" if kind == "*" else kind
    old = {"apiVersion": f"{group}/v1".lstrip("/"), "kind": name, "metadata": metadata("x"), "spec": {"a": 1}}
    new = {**old, "spec": {"a": 2}}
    known = WHOLE_KINDS[group, kind]
    for before, after in ((None, old), (old, new), (old, None)):
        old_side, new_side = ([*SERVED, LATER, *([side] if side else ())] for side in (before, after))
        found = [each for each in verify_forward(old_side, new_side).findings if each.code == "unknown-kind"]
        assert any(f"{name} " in each.message for each in found) == isinstance(known, Unjudged), before


@pytest.mark.parametrize(("group", "kind"), NEWCOMERS)
def test_a_new_object_that_takes_nothing_from_anybody_is_no_finding(group: str, kind: str) -> None:
    name = "Anything" if kind == "*" else kind
    new = {"apiVersion": f"{group}/v1", "kind": name, "metadata": metadata("x"), "spec": {"a": 1}}
    assert verify(SERVED, [*SERVED, new]).verdict == "safe"
