"""What an admission rule looks at, whoever wrote it: kinds, operations, namespaces, and what of an object decides.

Source: Kubernetes, docs/reference/access-authn-authz/extensible-admission-controllers.md (`namespaceSelector`: a
Namespace has its own name as the label `kubernetes.io/metadata.name`).
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    label_selector_accepts,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
    object_labels,
)
from compiler.transition.facts.validation.field_errors import TEMPLATE, TEMPLATES

POD_CONTROLLERS = frozenset({*TEMPLATES, "ReplicationController"} - {"Pod"})
ANYTHING: tuple[str, ...] = ()
"""The path of a rule that may look at all of an object."""
NAME_OF_NAMESPACE = "kubernetes.io/metadata.name"


class AdmissionRule(NamedTuple):
    """The kinds that a rule looks at, in lower case and plural (`*`: all), at creation and at update.

    `paths` are what of an object decides about it. It looks at namespaces of the patterns `namespaces` (empty: all)
    that none of `spared` takes, and that `selector` takes by their labels.
    """

    resources: frozenset[str]
    operations: frozenset[str]
    paths: tuple[tuple[str, ...], ...]
    namespaces: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    selector: Mapping[str, Any] | None = None

    def looks_at(self, kind: str, operation: str) -> bool:
        """Whether it is asked when an object of the kind is created (`CREATE`) or changed (`UPDATE`)."""
        asked = self.operations & {operation, "*"}
        return bool(asked) and bool(self.resources & {plural_of(kind), "*", "*/*"})

    def may_reach(self, namespace: str, objects: Mapping[Key, Object]) -> bool:
        """Whether it may look into the namespace, as far as the objects say how that is labeled."""
        if self.namespaces and not any(fnmatchcase(namespace, pattern) for pattern in self.namespaces):
            return False
        if any(fnmatchcase(namespace, pattern) for pattern in self.spared):
            return False
        return not namespace or may_take_namespace(self.selector, namespace, objects)


def may_take_namespace(selector: Mapping[str, Any] | None, namespace: str, objects: Mapping[Key, Object]) -> bool:
    """Whether a selector may take a namespace; of one that is not among the objects only the name is known."""
    selector, obj = mapping_or_empty(selector), objects.get(Key("", "Namespace", "", namespace))
    named = {NAME_OF_NAMESPACE: namespace}
    if obj is not None:
        return label_selector_accepts(selector, {**object_labels(obj), **named})
    terms = [term for term in mapping_items(selector.get("matchExpressions")) if term.get("key") == NAME_OF_NAMESPACE]
    wanted = mapping_or_empty(selector.get("matchLabels")).get(NAME_OF_NAMESPACE, namespace)
    return wanted == namespace and label_selector_accepts({"matchExpressions": terms}, named)


def plural_of(kind: str) -> str:
    """The name of a kind in the API: `NetworkPolicy` is `networkpolicies`."""
    name = kind.lower()
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def pods_made_by(obj: Object) -> Object:
    """The template of the pods that an object makes; empty where it makes none."""
    kind = str(obj.get("kind"))
    made = nested_value(obj, *TEMPLATES.get(kind, TEMPLATE)) if kind in POD_CONTROLLERS else None
    return dict(mapping_or_empty(made))


def pod_or_template(obj: Object) -> Object:
    """The pods that an object makes, or the pod that it is; empty where it is neither."""
    return obj if obj.get("kind") == "Pod" else pods_made_by(obj)


def text_set(value: Any) -> frozenset[str]:
    """The items of a list as texts."""
    return frozenset(str(item) for item in list_or_empty(value))
