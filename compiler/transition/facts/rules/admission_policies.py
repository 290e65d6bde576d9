"""Policies of admission, as objects of the folder say them: which objects they look at, and what of these.

Source: Kubernetes, docs/reference/access-authn-authz/validating-admission-policy.md; Kyverno,
docs/writing-policies/validate and match-exclude; Gatekeeper, website/docs/howto.md, violations.md (`enforcementAction`
is deny by default).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.rules.admission_rule import ANYTHING, AdmissionRule, plural_of, text_set
from compiler.transition.facts.rules.kyverno import enforces, kyverno_rules, kyverno_scopes

EXPRESSION_PATH = re.compile(r"\b(?:object|oldObject)((?:\.[A-Za-z_]\w*\b(?!\s*\())*)")
OTHER_INPUTS = re.compile(r"\b(?:request|params|authorizer|namespaceObject)\b")
ANCHOR = re.compile(r"[^\w]*\((.+)\)")
ALL_OPERATIONS = frozenset({"CREATE", "UPDATE"})


def admission_rules(objects: Mapping[Key, Object]) -> Iterator[tuple[Key, AdmissionRule]]:
    """The rules of all policies among the objects that refuse what breaks them, each with its policy."""
    denied = {
        str(nested_value(obj, "spec", "policyName"))
        for key, obj in objects.items()
        if key.kind == "ValidatingAdmissionPolicyBinding" and denies(obj)
    }
    for key, obj in objects.items():
        yield from ((key, rule) for rule in _rules_that_refuse(key, obj, bound=key.name in denied))


def _rules_that_refuse(key: Key, obj: Object, *, bound: bool) -> Iterator[AdmissionRule]:
    """The rules of one policy, if it is one; `bound`: a binding of its name refuses what breaks it."""
    kyverno = key.group == "policies.kyverno.io" and key.kind.endswith("ValidatingPolicy")
    by_expression = kyverno and not key.kind.startswith("Image")
    if (key.kind == "ValidatingAdmissionPolicy" and bound) or (by_expression and denies(obj)):
        yield from expression_rules(obj, ("validations", "matchConditions", "variables"))
    elif key.group == "kyverno.io":
        yield from _kyverno_checks(key, obj)
    elif key.group == "constraints.gatekeeper.sh" and _constraint_denies(obj):
        yield _constraint_rule(obj)


def _constraint_denies(obj: Object) -> bool:
    return nested_value(obj, "spec", "enforcementAction") in (None, "deny")


def denies(obj: Object) -> bool:
    """Whether a policy or a binding refuses what breaks the policy: Kyverno's do where they say nothing."""
    actions = nested_value(obj, "spec", "validationActions")
    return "Deny" in list_or_empty(actions) or (actions is None and str(obj.get("kind")).endswith("ValidatingPolicy"))


def expression_rules(obj: Object, fields: tuple[str, ...]) -> Iterator[AdmissionRule]:
    """What a policy in CEL looks at, by its constraints; the expressions of `fields` say what they read."""
    spec = mapping_or_empty(obj.get("spec"))
    texts = [str(each.get("expression")) for name in fields for each in mapping_items(spec.get(name))]
    paths = [tuple(path.split(".")[1:]) for text in texts for path in EXPRESSION_PATH.findall(text)]
    wide = any(OTHER_INPUTS.search(text) for text in texts)
    constraints = mapping_or_empty(spec.get("matchConstraints"))
    if mapping_or_empty(constraints.get("objectSelector")):
        paths.append(("metadata", "labels"))
    for rule in mapping_items(constraints.get("resourceRules")):
        yield AdmissionRule(
            text_set(rule.get("resources")),
            text_set(rule.get("operations")),
            (ANYTHING,) if wide else tuple(dict.fromkeys(paths)),
            selector=mapping_or_empty(constraints.get("namespaceSelector")),
        )


def _kyverno_checks(key: Key, obj: Object) -> Iterator[AdmissionRule]:
    spec = mapping_or_empty(obj.get("spec"))
    for rule in kyverno_rules(key, obj):
        check = mapping_or_empty(rule.get("validate"))
        if check and enforces(check, spec):
            pattern = check.get("pattern")
            paths = tuple(_pattern_paths(pattern)) if isinstance(pattern, dict) else (ANYTHING,)
            yield from kyverno_scopes(rule, paths)


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
    match = mapping_or_empty(nested_value(obj, "spec", "match"))
    return gatekeeper_rule(match, (ANYTHING,), mapping_items(match.get("kinds")))


def gatekeeper_rule(match: Mapping[str, Any], paths: tuple[tuple[str, ...], ...], parts: Any) -> AdmissionRule:
    """What a constraint or a mutator of Gatekeeper looks at: `parts` name kinds; none: all of them.

    Source: Gatekeeper, website/docs/howto.md and mutation.md (`match`).
    """
    kinds = {str(kind) for part in parts for kind in list_or_empty(part.get("kinds"))} or {"*"}
    return AdmissionRule(
        frozenset("*" if kind == "*" else plural_of(kind) for kind in kinds),
        ALL_OPERATIONS,
        paths,
        tuple(text_set(match.get("namespaces"))),
        tuple(text_set(match.get("excludedNamespaces"))),
        mapping_or_empty(match.get("namespaceSelector")),
    )
