"""Policies that write other objects than the one they look at, or delete that one later: rules of Kyverno.

Source: Kyverno, api/kyverno/v1 `Generation` (`synchronize`: what it made goes with its trigger), `Mutation.Targets`;
docs/policy-types/cluster-policy/generate.md, mutate.md (mutate existing resources).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.rules.admission_policies import expression_rules
from compiler.transition.facts.rules.admission_rule import ANYTHING, AdmissionRule
from compiler.transition.facts.rules.kyverno import KYVERNO_KINDS, Rule, kyverno_rules, kyverno_scopes, variable_paths

PLAIN_KINDS: Final = frozenset(
    {
        "ClusterRole", "ClusterRoleBinding", "ConfigMap", "PodDisruptionBudget", "Role", "RoleBinding", "Secret",
        "ServiceAccount",
    }
)  # fmt: skip
"""What takes no request from anybody when it is made."""
CLEANING_KINDS: Final = ("CleanupPolicy", "ClusterCleanupPolicy")
"""They delete what they look at (Kyverno, docs/policy-types/cleanup-policy.md)."""
EXPRESSION_KINDS: Final = (
    "GeneratingPolicy",
    "MutatingPolicy",
    "NamespacedGeneratingPolicy",
    "NamespacedMutatingPolicy",
)


class ReactionRule(NamedTuple):
    """What a rule reacts to; `rewrites`: at each write, though what it reads of the object stays as it is.

    `harmless`: what it makes does nothing to requests. `withdraws`: what it made goes with the object.
    """

    scope: AdmissionRule
    rewrites: bool = False
    harmless: bool = False
    withdraws: bool = True


def reaction_rules(
    objects: Mapping[Key, Object], by_kind: Mapping[str, tuple[Key, ...]]
) -> Iterator[tuple[Key, ReactionRule]]:
    """The rules of all policies among the objects that write other ones, each with its policy."""
    for key in (key for kind in KYVERNO_KINDS for key in by_kind.get(kind, ())):
        for rule in kyverno_rules(key, objects[key]):
            yield from ((key, each) for each in _kyverno_reactions(rule))
    for key in (key for kind in CLEANING_KINDS for key in by_kind.get(kind, ())):
        spec = mapping_or_empty(objects[key].get("spec"))
        read = (ANYTHING,) if spec.get("conditions") or spec.get("context") else ()
        for scope in kyverno_scopes(spec, read) if key.group == "kyverno.io" else ():
            yield key, ReactionRule(scope, withdraws=False)
    for key in (key for kind in EXPRESSION_KINDS for key in by_kind.get(kind, ())):
        aside = nested_value(objects[key], "spec", "targetMatchConstraints") or "Generating" in key.kind
        for scope in expression_rules(objects[key], ()) if aside and key.group == "policies.kyverno.io" else ():
            yield key, ReactionRule(scope._replace(paths=(ANYTHING,)), rewrites=True)


def _kyverno_reactions(rule: Rule) -> Iterator[ReactionRule]:
    generation, mutation = mapping_or_empty(rule.get("generate")), mapping_or_empty(rule.get("mutate"))
    if mutation.get("targets"):
        for scope in kyverno_scopes(rule, (ANYTHING,)):
            yield ReactionRule(scope, rewrites=True, withdraws=bool(scope.operations & {"DELETE", "*"}))
    if generation:
        reads = variable_paths([generation, rule.get("preconditions")])
        read = (ANYTHING,) if rule.get("context") else reads
        kinds, synchronized = set(_generated_kinds(generation)), generation.get("synchronize") is True
        for scope in kyverno_scopes(rule, read):
            yield ReactionRule(scope, harmless=kinds <= PLAIN_KINDS, withdraws=synchronized)


def _generated_kinds(generation: Mapping[str, Any]) -> Iterator[str]:
    for each in (generation, *mapping_items(generation.get("foreach"))):
        if each.get("kind"):
            yield str(each["kind"])
        for kind in list_or_empty(nested_value(each, "cloneList", "kinds")):
            yield str(kind).rpartition("/")[2]
