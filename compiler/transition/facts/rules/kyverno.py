"""The rules of Kyverno's policies, by what they look at.

Source: Kyverno, api/kyverno/v1 (match_resources_types.go, resource_description_types.go: `any`, `all`, `exclude`),
pkg/utils/kube/kind.go `ParseKindSelector`, pkg/engine/api/engineresponse.go `GetValidationFailureAction`;
docs/writing-policies, autogen (a rule of Pods is one of their controllers).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.rules.admission_rule import ANYTHING, AdmissionRule, plural_of

Rule = Mapping[str, Any]
Path = tuple[str, ...]
KYVERNO_KINDS: Final = ("ClusterPolicy", "Policy")
OPERATIONS: Final = ("CREATE", "UPDATE")
BY_NAMESPACE: Final = frozenset({"kinds", "namespaces"})
WILD = re.compile(r"[*?]")
VARIABLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
OWN_FIELD = re.compile(r"\s*request\.(?:object|oldObject)\.([\w.]+)(?:\[.*|\.\".*)?\s*", re.DOTALL)
FIXED_INPUT = re.compile(r"\s*request\.(?:namespace|name|operation|userInfo(?:\.\w+)*)\s*")


def kyverno_rules(key: Key, obj: Object) -> Iterator[Rule]:
    """The rules of a ClusterPolicy or Policy; none where the object is no such policy."""
    if key.group == "kyverno.io" and key.kind in KYVERNO_KINDS:
        yield from mapping_items(nested_value(obj, "spec", "rules"))


def kyverno_scopes(rule: Rule, paths: tuple[Path, ...]) -> Iterator[AdmissionRule]:
    """What one rule looks at: a scope for each of its filters, of objects in which `paths` decide.

    A rule without operations that speaks of deletions is asked about them; what else it asks of an object that goes is
    so already (Kyverno, pkg/engine/handlers/validation/validate_resource.go: patterns do not count then).
    """
    match, exclude = mapping_or_empty(rule.get("match")), mapping_or_empty(rule.get("exclude"))
    asked = (*OPERATIONS, "DELETE") if any("DELETE" in text for text in _texts_in(rule)) else OPERATIONS
    spared = tuple(pattern for each in _filters(exclude) if _is_by_namespace(each) for pattern in _namespaces(each))
    reads = {path: None for each in (*_filters(match), *_filters(exclude)) for path in _deciding_paths(each)}
    for each in _joined_filters(match):
        kinds = {_selected_kind(str(kind)) for kind in list_or_empty(each.get("kinds"))}
        yield AdmissionRule(
            frozenset("*" if WILD.search(kind) else plural_of(kind) for kind in kinds),
            frozenset(map(str, list_or_empty(each.get("operations")))) or frozenset(asked),
            tuple(dict.fromkeys((*paths, *reads))),
            _namespaces(each),
            spared,
            None if WILD.search(str(each.get("namespaceSelector"))) else each.get("namespaceSelector"),
        )


def enforces(check: Rule, spec: Rule) -> bool:
    """Whether a check of a rule refuses what fails it, in some namespace at least."""
    overrides = (*mapping_items(check.get("failureActionOverrides")), *_overrides(spec))
    actions = (check.get("failureAction") or spec.get("validationFailureAction"), *(o.get("action") for o in overrides))
    return any(str(action).lower() == "enforce" for action in actions)


def variable_paths(value: Any) -> tuple[Path, ...]:
    """What of its object the variables in a value read: `ANYTHING` where one of them reads what nobody knows."""
    paths: dict[Path, None] = {}
    for content in (content for text in _texts_in(value) for content in VARIABLE.findall(text)):
        own = OWN_FIELD.fullmatch(content)
        if own:
            paths[tuple(part for part in own[1].split(".") if part)] = None
        elif not FIXED_INPUT.fullmatch(content):
            paths[ANYTHING] = None
    return tuple(paths)


def _overrides(spec: Rule) -> Iterator[Rule]:
    yield from mapping_items(spec.get("validationFailureActionOverrides"))


def _filters(match: Rule) -> list[Rule]:
    parts = (match, *mapping_items(match.get("any")), *mapping_items(match.get("all")))
    return [mapping_or_empty(part.get("resources")) for part in parts if part.get("resources")]


def _joined_filters(match: Rule) -> Iterator[Rule]:
    """The filters of which one must take an object; those of `all` are one, which takes more than they do."""
    yield from (mapping_or_empty(part.get("resources")) for part in (match, *mapping_items(match.get("any"))))
    joined: dict[str, Any] = {}
    for part in (mapping_or_empty(part.get("resources")) for part in mapping_items(match.get("all"))):
        kinds = [*joined.get("kinds", []), *list_or_empty(part.get("kinds"))]
        joined = {**part, **joined, "kinds": kinds}
    yield joined


def _namespaces(resources: Rule) -> tuple[str, ...]:
    return tuple(map(str, list_or_empty(resources.get("namespaces"))))


def _is_by_namespace(resources: Rule) -> bool:
    """Whether a filter takes all of its namespaces."""
    return bool(resources.get("namespaces")) and resources.keys() <= BY_NAMESPACE and not resources.get("kinds")


def _deciding_paths(resources: Rule) -> Iterator[Path]:
    if resources.get("selector"):
        yield ("metadata", "labels")
    if resources.get("annotations"):
        yield ("metadata", "annotations")


def _selected_kind(text: str) -> str:
    """The kind that a selector of kinds names: `apps/v1/Deployment`, `Pod`, `*`, `Deployment/scale`."""
    parts = text.split("/")
    named = parts[-2] if len(parts) > 1 and parts[-1].islower() and parts[-1] != "*" else parts[-1]
    return named.partition(".")[0]


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner)
    elif isinstance(value, str):
        yield value
