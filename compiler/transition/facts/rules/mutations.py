"""Policies of admission that change what is written: which objects, and which of their fields to which values.

Source: Kyverno, api/kyverno/v1 `Mutation`, pkg/engine/anchor, pkg/engine/mutate/patch; Gatekeeper,
website/docs/mutation.md; Kubernetes, docs/reference/access-authn-authz/mutating-admission-policy.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value, pointer_path
from compiler.transition.facts.rules.admission_policies import expression_rules, gatekeeper_rule
from compiler.transition.facts.rules.admission_rule import ANYTHING, AdmissionRule
from compiler.transition.facts.rules.kyverno import (
    KYVERNO_KINDS,
    Path,
    Rule,
    kyverno_rules,
    kyverno_scopes,
    variable_paths,
)

GATEKEEPER_KINDS: Final = ("Assign", "AssignMetadata", "AssignImage", "ModifySet")
ITEM: Final = "[]"
"""The part of a path that leads to each item of a list."""
UNREAD: Final = object()
"""A value that nobody here works out."""
ANCHOR_OF_PATCH = re.compile(r"([+<=X^]?)\((.+)\)")
PATCHED_PATH = re.compile(r"""["']?path["']?\s*:\s*["']?(/[^\s"',}]*)""")
PATCH_OPERATION = re.compile(r"""["']?op["']?\s*:""")
LOCATION_PART = re.compile(r'"([^"]*)"|\[[^\]]*\]|([^.\[\]"]+)')


class FieldWrite(NamedTuple):
    """A field that a rule writes, and to what; `adds_only`: where it is not there."""

    path: Path
    value: Any = UNREAD
    adds_only: bool = False


class MutationRule(NamedTuple):
    """What a rule looks at, with what decides about the result, and what it writes."""

    scope: AdmissionRule
    writes: tuple[FieldWrite, ...]


def mutation_rules(
    objects: Mapping[Key, Object], by_kind: Mapping[str, tuple[Key, ...]]
) -> Iterator[tuple[Key, MutationRule]]:
    """The rules of all policies among the objects that change what is written, each with its policy."""
    for key in (key for kind in KYVERNO_KINDS for key in by_kind.get(kind, ())):
        for rule in kyverno_rules(key, objects[key]):
            yield from ((key, each) for each in _kyverno_mutations(rule))
    for key in (key for kind in GATEKEEPER_KINDS for key in by_kind.get(kind, ())):
        if key.group == "mutations.gatekeeper.sh":
            yield key, _gatekeeper_mutation(key, objects[key])
    for key in _policies_in_force(objects, by_kind):
        for scope in expression_rules(objects[key], ("matchConditions",)):
            yield key, MutationRule(scope._replace(paths=(ANYTHING,)), (FieldWrite(ANYTHING),))


def _policies_in_force(objects: Mapping[Key, Object], by_kind: Mapping[str, tuple[Key, ...]]) -> Iterator[Key]:
    """The policies whose expressions write what they look at: those of Kubernetes need a binding."""
    bindings = by_kind.get("MutatingAdmissionPolicyBinding", ())
    bound = {str(nested_value(objects[key], "spec", "policyName")) for key in bindings}
    yield from (key for key in by_kind.get("MutatingAdmissionPolicy", ()) if key.name in bound)
    for key in (key for kind in ("MutatingPolicy", "NamespacedMutatingPolicy") for key in by_kind.get(kind, ())):
        aside = nested_value(objects[key], "spec", "targetMatchConstraints")
        if key.group == "policies.kyverno.io" and not aside:
            yield key


def _kyverno_mutations(rule: Rule) -> Iterator[MutationRule]:
    """What a rule makes of the object that it looks at; what it makes of other ones (`targets`) it makes later."""
    mutation = mapping_or_empty(rule.get("mutate"))
    if not mutation or mutation.get("targets"):
        return
    writes, reads = dict.fromkeys(_patch_writes(mutation)), list(variable_paths([mutation, rule.get("preconditions")]))
    reads += [path for part in _patches(mutation) for path in _conditions(part.get("patchStrategicMerge"))]
    if rule.get("context"):
        reads.append(ANYTHING)
    for scope in kyverno_scopes(rule, tuple(dict.fromkeys(reads))):
        yield MutationRule(scope, tuple(writes))


def _patches(mutation: Rule) -> Iterator[Rule]:
    yield mutation
    for each in mapping_items(mutation.get("foreach")):
        yield from _patches(each)


def _patch_writes(mutation: Rule) -> Iterator[FieldWrite]:
    for part in _patches(mutation):
        if part.get("patchStrategicMerge"):
            yield from _merge_writes(part["patchStrategicMerge"], ())
        text = str(part.get("patchesJson6902") or "")
        paths = PATCHED_PATH.findall(text)
        if len(paths) != len(PATCH_OPERATION.findall(text)) or any("{{" in path for path in paths):
            yield FieldWrite(ANYTHING)
        yield from (FieldWrite(_patched_path(path)) for path in paths)


def _patched_path(text: str) -> Path:
    """The path of a patch: a number, and `-`, is an item of a list."""
    return tuple(ITEM if part == "-" or part.lstrip("-").isdigit() else part for part in pointer_path(text))


def _merge_writes(patch: Any, path: Path, *, adds_only: bool = False) -> Iterator[FieldWrite]:
    """What a strategic merge writes: an anchor around a key asks, but for `+(key)`, which adds; null takes away."""
    if isinstance(patch, dict) and patch:
        for name, inner in patch.items():
            anchor = ANCHOR_OF_PATCH.fullmatch(str(name).strip())
            if str(name).startswith("$"):
                yield FieldWrite(path)
            elif anchor is None or anchor[1] == "+":
                place = (*path, anchor[2] if anchor else str(name))
                yield from _merge_writes(inner, place, adds_only=adds_only or anchor is not None)
    elif isinstance(patch, list) and any(isinstance(item, dict) for item in patch):
        for item in mapping_items(patch):
            named = {name: inner for name, inner in item.items() if name != "name" or len(item) == 1}
            yield from _merge_writes(named, (*path, ITEM), adds_only=adds_only)
    else:
        yield FieldWrite(path, UNREAD if "{{" in str(patch) else _hashable(patch), adds_only)


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) else UNREAD


def _conditions(patch: Any, path: Path = ()) -> Iterator[Path]:
    """What the anchors of a strategic merge ask."""
    if isinstance(patch, dict):
        for name, inner in patch.items():
            anchor = ANCHOR_OF_PATCH.fullmatch(str(name).strip())
            place = (*path, anchor[2] if anchor else str(name))
            if anchor is not None and not (place[-1] == "name" and inner == "*"):
                yield place
            yield from _conditions(inner, place)
    elif isinstance(patch, list):
        for item in patch:
            yield from _conditions(item, (*path, ITEM))


def _gatekeeper_mutation(key: Key, obj: Object) -> MutationRule:
    spec = mapping_or_empty(obj.get("spec"))
    match, parameters = mapping_or_empty(spec.get("match")), mapping_or_empty(spec.get("parameters"))
    kinds = list(mapping_items(spec.get("applyTo"))) or list(mapping_items(match.get("kinds")))
    reads = [_location_path(str(test.get("subPath"))) for test in mapping_items(parameters.get("pathTests"))]
    if match.get("labelSelector"):
        reads.append(("metadata", "labels"))
    value = mapping_or_empty(parameters.get("assign")).get("value", UNREAD) if key.kind.startswith("Assign") else UNREAD
    write = FieldWrite(_location_path(str(spec.get("location"))), _hashable(value), key.kind == "AssignMetadata")
    return MutationRule(gatekeeper_rule(match, tuple(reads), kinds), (write,))


def _location_path(text: str) -> Path:
    """The path of `spec.containers[name:*].image`."""
    parts = LOCATION_PART.finditer(text)
    return tuple(ITEM if part[0].startswith("[") else part[1] or part[2] or "" for part in parts)


def differing_paths(old: Any, new: Any, path: Path = ()) -> Iterator[Path]:
    """The paths at which two values differ, as far as both have something there; items of lists are told by name."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in {**old, **new}:
            if old.get(name) != new.get(name):
                yield from differing_paths(old.get(name), new.get(name), (*path, str(name)))
    elif isinstance(old, list) and isinstance(new, list):
        first, second = _items_by_name(old), _items_by_name(new)
        for name in {**first, **second}:
            if first.get(name) != second.get(name):
                yield from differing_paths(first.get(name), second.get(name), (*path, ITEM))
    else:
        yield path


def _items_by_name(items: list[Any]) -> Mapping[Any, Any]:
    return {
        item["name"] if isinstance(item, dict) and isinstance(item.get("name"), str) else number: item
        for number, item in enumerate(items)
    }
