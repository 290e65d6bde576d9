"""Policies of admission that verify images: which objects they look at, which images, and whether they refuse.

Source: Kyverno, api/kyverno/v1 `ImageVerification` and api/policies.kyverno.io/v1alpha1 `ImageValidatingPolicy`;
pkg/utils/image/infos.go `GetImageInfo` (the name that a pattern must take).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.rules.admission_policies import denies, expression_rules
from compiler.transition.facts.rules.admission_rule import AdmissionRule
from compiler.transition.facts.rules.kyverno import Rule, enforces, kyverno_rules, kyverno_scopes

DEFAULT_REGISTRY: Final = "docker.io"
KINDS_OF_KYVERNO: Final = ("ClusterPolicy", "Policy")
KINDS_IN_CEL: Final = ("ImageValidatingPolicy", "NamespacedImageValidatingPolicy")
CONTAINER_LISTS: Final = ("containers", "initContainers", "ephemeralContainers")


class ImageRule(NamedTuple):
    """What a rule looks at, and patterns of the images that it verifies and of those among them that it skips."""

    scope: AdmissionRule
    patterns: tuple[str, ...]
    skipped: tuple[str, ...]

    def verifies(self, image: str) -> bool:
        """Whether it may refuse a pod with this image."""
        names = _full_names(image)
        if any(fnmatchcase(name, pattern) for name in names for pattern in self.skipped):
            return False
        return any(fnmatchcase(name, pattern) for name in names for pattern in self.patterns)


def image_rules(
    objects: Mapping[Key, Object], by_kind: Mapping[str, tuple[Key, ...]]
) -> Iterator[tuple[Key, ImageRule]]:
    """The rules of all policies among the objects that refuse images, each with its policy."""
    for key in (key for kind in KINDS_OF_KYVERNO for key in by_kind.get(kind, ())):
        spec = mapping_or_empty(objects[key].get("spec"))
        for rule in kyverno_rules(key, objects[key]):
            for check in mapping_items(rule.get("verifyImages")):
                if enforces(check, spec):
                    yield from ((key, each) for each in _kyverno_image_rules(rule, check))
    for key in (key for kind in KINDS_IN_CEL for key in by_kind.get(kind, ()) if denies(objects[key])):
        patterns = tuple(
            str(each.get("glob") or "*")
            for each in mapping_items(nested_value(objects[key], "spec", "matchImageReferences"))
        )
        for scope in expression_rules(objects[key], ()):
            yield key, ImageRule(scope, patterns, ())


def _kyverno_image_rules(rule: Rule, check: Rule) -> Iterator[ImageRule]:
    named = [*list_or_empty(check.get("imageReferences")), *([check["image"]] if check.get("image") else [])]
    skipped = tuple(map(str, list_or_empty(check.get("skipImageReferences"))))
    for scope in kyverno_scopes(rule, ()):
        yield ImageRule(scope, tuple(map(str, named)), skipped)


def images_of(pods: Object) -> frozenset[str]:
    """The images of a pod, or of a template of pods."""
    spec = mapping_or_empty(pods.get("spec"))
    containers = (container for field in CONTAINER_LISTS for container in mapping_items(spec.get(field)))
    return frozenset(str(container["image"]) for container in containers if container.get("image"))


def _full_names(image: str) -> tuple[str, ...]:
    """The name of an image with its registry and tag, and, where it has no registry, also without."""
    place, digest = image.partition("@")[::2]
    path, tag = place.rpartition(":")[::2] if ":" in place.rpartition("/")[2] else (place, "latest")
    name = f"{path}@{digest}" if digest else f"{path}:{tag}"
    first = name.partition("/")[0]
    has_registry = "/" in name and (any(mark in first for mark in ".:") or first == "localhost" or not first.islower())
    return (name,) if has_registry else (f"{DEFAULT_REGISTRY}/{name}", name)
