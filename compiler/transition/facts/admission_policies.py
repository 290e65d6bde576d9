"""Policies of admission, as objects of the folder say them: which objects they look at, and what of these.

Source: Kubernetes, docs/reference/access-authn-authz/validating-admission-policy.md; Kyverno,
docs/writing-policies/validate and match-exclude, autogen (a rule of Pods is one of their controllers); Gatekeeper,
website/docs/howto.md, violations.md (`enforcementAction` is deny by default).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value

EXPRESSION_PATH = re.compile(r"\b(?:object|oldObject)((?:\.[A-Za-z_]\w*\b(?!\s*\())*)")
OTHER_INPUTS = re.compile(r"\b(?:request|params|authorizer|namespaceObject)\b")
ANCHOR = re.compile(r"[^\w]*\((.+)\)")
POD_CONTROLLERS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Rollout"})
ANYTHING: tuple[str, ...] = ()
"""The path of a rule that may look at all of an object."""


class AdmissionRule(NamedTuple):
    """A rule that refuses: the kinds that it looks at, in lower case and plural (`*`: all), at creation and at update.

    `paths` are what it reads of an object.
    """

    resources: frozenset[str]
    operations: frozenset[str]
    paths: tuple[tuple[str, ...], ...]

    def looks_at(self, kind: str, operation: str) -> bool:
        """Whether it is asked when an object of the kind is created (`CREATE`) or changed (`UPDATE`)."""
        asked = self.operations & {operation, "*"}
        return bool(asked) and bool(self.resources & {plural_of(kind), "*", "*/*"})


def plural_of(kind: str) -> str:
    """The name of a kind in the API: `NetworkPolicy` is `networkpolicies`."""
    name = kind.lower()
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def admission_rules(objects: Mapping[Key, Object]) -> Iterator[tuple[Key, AdmissionRule]]:
    """The rules of all policies among the objects that refuse what breaks them, each with its policy."""
    denied = {
        str(nested_value(obj, "spec", "policyName"))
        for key, obj in objects.items()
        if key.kind == "ValidatingAdmissionPolicyBinding" and _denies(obj)
    }
    for key, obj in objects.items():
        yield from ((key, rule) for rule in _rules_that_refuse(key, obj, bound=key.name in denied))


def _rules_that_refuse(key: Key, obj: Object, *, bound: bool) -> Iterator[AdmissionRule]:
    """The rules of one policy, if it is one; `bound`: a binding of its name refuses what breaks it."""
    kyverno = key.group == "policies.kyverno.io" and key.kind.endswith("ValidatingPolicy")
    if (key.kind == "ValidatingAdmissionPolicy" and bound) or (kyverno and _denies(obj)):
        yield from _expression_rules(obj)
    elif key.group == "kyverno.io" and key.kind in ("ClusterPolicy", "Policy"):
        yield from _kyverno_rules(obj)
    elif key.group == "constraints.gatekeeper.sh" and _constraint_denies(obj):
        yield _constraint_rule(obj)


def _constraint_denies(obj: Object) -> bool:
    return nested_value(obj, "spec", "enforcementAction") in (None, "deny")


def _denies(obj: Object) -> bool:
    actions = nested_value(obj, "spec", "validationActions")
    return "Deny" in list_or_empty(actions) or (actions is None and obj.get("kind") == "ValidatingPolicy")


def _expression_rules(obj: Object) -> Iterator[AdmissionRule]:
    spec = mapping_or_empty(obj.get("spec"))
    texts = [
        str(each.get("expression"))
        for name in ("validations", "matchConditions", "variables")
        for each in mapping_items(spec.get(name))
    ]
    paths = [tuple(path.split(".")[1:]) for text in texts for path in EXPRESSION_PATH.findall(text)]
    wide = any(OTHER_INPUTS.search(text) for text in texts)
    for rule in mapping_items(nested_value(spec, "matchConstraints", "resourceRules")):
        resources = frozenset(str(name) for name in list_or_empty(rule.get("resources")))
        operations = frozenset(str(name) for name in list_or_empty(rule.get("operations")))
        yield AdmissionRule(resources, operations, (ANYTHING,) if wide else tuple(dict.fromkeys(paths)))


def _kyverno_rules(obj: Object) -> Iterator[AdmissionRule]:
    spec = mapping_or_empty(obj.get("spec"))
    for rule in mapping_items(spec.get("rules")):
        check = mapping_or_empty(rule.get("validate"))
        action = check.get("failureAction") or spec.get("validationFailureAction") or "Audit"
        if check and str(action).lower() == "enforce":
            pattern = check.get("pattern")
            paths = tuple(_pattern_paths(pattern)) if isinstance(pattern, dict) else (ANYTHING,)
            kinds = set(_matched_kinds(mapping_or_empty(rule.get("match"))))
            resources = frozenset("*" if kind == "*" else plural_of(kind) for kind in kinds)
            yield AdmissionRule(resources, frozenset({"CREATE", "UPDATE"}), paths)


def _matched_kinds(match: Mapping[str, Any]) -> Iterator[str]:
    for part in (match, *mapping_items(match.get("any")), *mapping_items(match.get("all"))):
        for kind in list_or_empty(nested_value(part, "resources", "kinds")):
            yield str(kind).rpartition("/")[2]


def _pattern_paths(pattern: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of a pattern, as far as they lead through mappings; a key may be wrapped: `=(spec)`."""
    for name, inner in pattern.items():
        anchored = ANCHOR.fullmatch(str(name))
        place = (*path, anchored[1] if anchored else str(name))
        if "*" in place[-1] or "?" in place[-1]:
            yield path
        elif isinstance(inner, dict):
            yield from _pattern_paths(inner, place)
        else:
            yield place


def _constraint_rule(obj: Object) -> AdmissionRule:
    parts = mapping_items(nested_value(obj, "spec", "match", "kinds"))
    kinds = {str(kind) for part in parts for kind in list_or_empty(part.get("kinds"))} or {"*"}
    resources = frozenset("*" if kind == "*" else plural_of(kind) for kind in kinds)
    return AdmissionRule(resources, frozenset({"CREATE", "UPDATE"}), (ANYTHING,))
