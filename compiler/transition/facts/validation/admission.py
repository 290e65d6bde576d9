"""What makes the API server refuse the configuration of an admission webhook.

Source: Kubernetes, pkg/apis/admissionregistration/validation/validation.go (`validateValidatingWebhook`,
`validateMutatingWebhook`, `validateRuleWithOperations`, `validateAdmissionReviewVersions`, `validateMatchConditions`);
apimachinery, pkg/util/validation (`IsFullyQualifiedName`); apiserver, pkg/util/webhook (`ValidateWebhookURL`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from compiler.model.objects import integer_or_default, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.validation.duplicates import duplicate_name_errors

AdmissionError = tuple[str, str]
Spec = Mapping[str, Any]
WORDS: Mapping[str, frozenset[str]] = {
    "sideEffects": frozenset({"None", "NoneOnDryRun"}),
    "failurePolicy": frozenset({"Ignore", "Fail"}),
    "matchPolicy": frozenset({"Exact", "Equivalent"}),
    "reinvocationPolicy": frozenset({"Never", "IfNeeded"}),
}
OF_V1BETA1: Spec = {"sideEffects": "None", "admissionReviewVersions": ["v1beta1"]}
"""The older version fills these in, and takes others (pkg/apis/admissionregistration/v1beta1/defaults.go)."""
SCOPES = frozenset({"Cluster", "Namespaced", "*"})
OPERATIONS = frozenset({"CREATE", "UPDATE", "DELETE", "CONNECT", "*"})
RULE_LISTS = ("operations", "apiGroups", "apiVersions", "resources")
REVIEW_VERSIONS = frozenset({"v1", "v1beta1"})
SECONDS = range(1, 31)
MIN_SEGMENTS: Final = 3


def webhook_configuration_errors(obj: Spec) -> Iterator[AdmissionError]:
    """Why the API server refuses a Validating- or MutatingWebhookConfiguration: v1 asks for more than v1beta1."""
    hooks = list(mapping_items(obj.get("webhooks")))
    if str(obj.get("apiVersion")).endswith("/v1beta1"):
        hooks = [{**hook, **OF_V1BETA1} for hook in hooks]
    else:
        yield from duplicate_name_errors("webhooks", (hook.get("name") for hook in hooks))
    for hook in hooks:
        for text, fix in _webhook_errors(hook):
            yield f"the webhook {hook.get('name')}: {text}", fix


def _webhook_errors(hook: Spec) -> Iterator[AdmissionError]:
    if str(hook.get("name") or "").count(".") < MIN_SEGMENTS - 1:
        yield "its name is not a domain of three segments", "name it as in check.shop.example.com"
    if hook.get("sideEffects") is None:
        yield "it has no sideEffects", "set sideEffects: None"
    for field, words in WORDS.items():
        if hook.get(field) is not None and str(hook[field]) not in words:
            yield f"{hook[field]} is not a value of {field}", f"set {' or '.join(sorted(words))}"
    if integer_or_default(hook.get("timeoutSeconds"), 1) not in SECONDS:
        yield "its timeoutSeconds is not between 1 and 30", "set a number of seconds in this range"
    versions = {str(version) for version in list_or_empty(hook.get("admissionReviewVersions"))}
    if not versions & REVIEW_VERSIONS:
        yield "its admissionReviewVersions contain neither v1 nor v1beta1", "set [v1]"
    yield from _client_errors(mapping_or_empty(hook.get("clientConfig")))
    for rule in mapping_items(hook.get("rules")):
        yield from _rule_errors(rule)
    yield from _condition_errors(list(mapping_items(hook.get("matchConditions"))))


def _client_errors(client: Spec) -> Iterator[AdmissionError]:
    url, service = client.get("url"), client.get("service")
    if (url is None) == (service is None):
        yield "its clientConfig needs exactly one of url and service", "name one of them"
    elif url is not None and not _is_webhook_url(str(url)):
        yield f"{url} is not an https address without user, query and fragment", "correct the url"
    elif url is None and not (nested_value(service, "name") and nested_value(service, "namespace")):
        yield "its service needs a name and a namespace", "add both"


def _is_webhook_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.netloc) and not (parts.query or parts.fragment or "@" in parts.netloc)


def _rule_errors(rule: Spec) -> Iterator[AdmissionError]:
    for name in RULE_LISTS:
        values = [str(value) for value in list_or_empty(rule.get(name))]
        if not values:
            yield f"a rule names no {name}", f"name its {name}"
        elif name != "resources" and "*" in values and len(values) > 1:
            yield f"a rule names * and other {name}", "keep * alone"
    for operation in list_or_empty(rule.get("operations")):
        if str(operation) not in OPERATIONS:
            yield f"{operation} is not an operation", f"use one of {', '.join(sorted(OPERATIONS))}"
    if rule.get("scope") is not None and str(rule["scope"]) not in SCOPES:
        yield f"{rule['scope']} is not a scope", "set Namespaced, Cluster or *"


def _condition_errors(conditions: list[Spec]) -> Iterator[AdmissionError]:
    yield from duplicate_name_errors("matchConditions", (condition.get("name") for condition in conditions))
    for condition in conditions:
        for field in ("name", "expression"):
            if not str(condition.get(field) or "").strip():
                yield f"a matchCondition has no {field}", f"write its {field}"
