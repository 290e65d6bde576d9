"""Label selectors: k8s.io/apimachinery/pkg/labels/selector.go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def has_labels(wanted: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Whether `labels` has every one of `wanted`: the selector of a Service, or matchLabels."""
    return wanted.items() <= labels.items()


def label_selector_matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a LabelSelector (matchLabels, matchExpressions) selects `labels`; an empty one selects all."""
    if not has_labels(selector.get("matchLabels", {}), labels):
        return False
    return all(_meets_expression(expression, labels) for expression in selector.get("matchExpressions", ()))


def _meets_expression(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """NotIn and DoesNotExist also hold for pods without the label."""
    value, values = labels.get(expression["key"]), expression.get("values", ())
    match expression["operator"]:
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case _:
            return value is None
