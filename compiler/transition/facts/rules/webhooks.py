"""Admission webhooks, as objects of the folder say them: which objects they are asked about.

Source: Kubernetes, docs/reference/access-authn-authz/extensible-admission-controllers.md (`rules`, `objectSelector`,
`namespaceSelector`, `matchConditions`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, label_selector_accepts, mapping_items, mapping_or_empty, object_labels
from compiler.transition.facts.rules.admission_policies import EXPRESSION_PATH
from compiler.transition.facts.rules.admission_rule import AdmissionRule, text_set

CONFIGURATIONS: Final = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
DECIDED_BY_OTHERS: Final = (".gatekeeper.sh", "kyverno.svc", "kyverno.svc-fail", "kyverno.svc-ignore")
"""What these do is what policies of their projects say, which are judged by themselves."""
JUDGED_WITH_ROUTES: Final = ("nginx.ingress.kubernetes.io",)
"""Source: ingress-nginx, internal/ingress/controller `CheckIngress`: what it refuses is judged with the Ingress."""
KNOWN_WEBHOOKS: Final = (*DECIDED_BY_OTHERS, *JUDGED_WITH_ROUTES)
NAMESPACES_OF_SCOPE: Final = {"Cluster": ("",), "Namespaced": ("?*",)}
"""Patterns of the namespaces in which a rule looks; what is the cluster's has none."""
BUILT_IN_GROUPS: Final = frozenset(
    {
        "", "apps", "autoscaling", "batch", "policy", "apiextensions.k8s.io", "discovery.k8s.io", "networking.k8s.io",
        "node.k8s.io", "rbac.authorization.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
    }
)  # fmt: skip
"""The kinds of other groups belong to the projects whose webhooks look at them, and are judged by themselves."""


class WebhookRule(NamedTuple):
    """What a rule of a webhook looks at: objects of these groups (`*`: all) that the selector takes by their labels."""

    name: str
    scope: AdmissionRule
    groups: frozenset[str]
    labels: Mapping[str, Any]

    def takes(self, group: str, kind: str, operation: str, obj: Object) -> bool:
        """Whether the webhook is asked when an object with these labels is written so."""
        asked = self.scope.looks_at(kind, operation) and bool(self.groups & {group, "*"})
        return asked and label_selector_accepts(self.labels, object_labels(obj))


def webhook_rules(
    objects: Mapping[Key, Object], by_kind: Mapping[str, tuple[Key, ...]]
) -> Iterator[tuple[Key, WebhookRule]]:
    """The rules of all webhooks among the objects, each with the configuration that has it."""
    for key in (key for kind in CONFIGURATIONS for key in by_kind.get(kind, ())):
        for hook in mapping_items(objects[key].get("webhooks")):
            if not str(hook.get("name")).endswith(KNOWN_WEBHOOKS):
                yield from ((key, rule) for rule in _rules_of_hook(hook))


def _rules_of_hook(hook: Mapping[str, Any]) -> Iterator[WebhookRule]:
    texts = [str(each.get("expression")) for each in mapping_items(hook.get("matchConditions"))]
    paths = dict.fromkeys(tuple(path.split(".")[1:]) for text in texts for path in EXPRESSION_PATH.findall(text))
    selector = mapping_or_empty(hook.get("namespaceSelector"))
    for rule in mapping_items(hook.get("rules")):
        resources, operations = text_set(rule.get("resources")), text_set(rule.get("operations"))
        namespaces = NAMESPACES_OF_SCOPE.get(str(rule.get("scope")), ())
        scope = AdmissionRule(resources, operations, tuple(paths), namespaces, selector=selector)
        labels = mapping_or_empty(hook.get("objectSelector"))
        yield WebhookRule(str(hook.get("name")), scope, text_set(rule.get("apiGroups")), labels)
