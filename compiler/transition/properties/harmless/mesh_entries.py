"""Pods that an entry of a mesh's registry leads to by itself, without a Service.

Source: Istio, api/networking/v1/service_entry.proto (`workloadSelector`: pods of the entry's namespace).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from compiler.model.manifest import Object
from compiler.model.objects import Key, equality_selector_matches, mapping_or_empty, nested_value
from compiler.transition.facts.pods import Template

SERVICE_ENTRY = ("networking.istio.io", "ServiceEntry")


def entries_before(objects: Mapping[Key, Object], workload: Key, template: Template) -> Iterator[Key]:
    """Those of the objects that are entries which lead to pods of the template."""
    for key, obj in objects.items():
        if key[:2] == SERVICE_ENTRY and key.namespace == workload.namespace:
            labels = mapping_or_empty(nested_value(obj, "spec", "workloadSelector", "labels"))
            if labels and equality_selector_matches(labels, template.labels):
                yield key
