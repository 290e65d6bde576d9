"""accepted, as far as policies of the folder verify images, and stay as they are: whether a new image is signed."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.facts.rules.admission_rule import POD_CONTROLLERS, pod_or_template, pods_made_by
from compiler.transition.facts.rules.images import ImageRule, image_rules, images_of
from compiler.transition.properties.unread.standing_policies import MAX_NAMED, first_names, reached_objects
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "accepted"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The policies that may refuse an image of which no pod in the namespace has run before."""
    change = judged.change
    asked: dict[Key, dict[Key, str]] = {}
    rules = image_rules(change.target.objects, change.target.by_kind) if change.live.objects else ()
    for policy, rule in rules:
        for key in reached_objects(change, policy, rule.scope):
            image = _unseen_image(change, rule, key)
            if image:
                asked.setdefault(policy, {})[key] = image
    for policy, images in asked.items():
        yield _image_breach(policy, images)


def _unseen_image(change: Change, rule: ImageRule, key: Key) -> str:
    """The first new image that the rule verifies; empty: none."""
    new = change.target.objects[key]
    pods = pod_or_template(new)
    kinds = ("Pod", key.kind) if key.kind in POD_CONTROLLERS else (key.kind,)
    if not pods or not any(rule.scope.looks_at(kind, action) for kind in kinds for action in ("CREATE", "UPDATE")):
        return ""
    unseen = images_of(pods) - _images_that_ran(change, key.namespace)
    return next((image for image in sorted(unseen) if rule.verifies(image)), "")


def _images_that_ran(change: Change, namespace: str) -> frozenset[str]:
    templates = (each.template for key, each in change.live.workloads.items() if key.namespace == namespace)
    batch = (pods_made_by(change.live.objects[key]) for kind in ("Job", "CronJob") for key in change.live.of_kind(kind))
    pods = (*(dict(template.raw) for template in templates), *batch)
    return frozenset(image for each in pods for image in images_of(each))


def _image_breach(policy: Key, images: dict[Key, str]) -> PropertyBreach:
    keys = list(images)
    return PropertyBreach(
        "unknown-kind",
        PROPERTY,
        f"{policy} verifies image {images[keys[0]]} of {first_names(keys)}. Not judged: whether it lets the image in",
        (policy, *keys[:MAX_NAMED]),
        "verify the image as the policy does (cosign verify, kyverno apply); if it is signed, declare the policy with "
        "a reason (--inert KIND=REASON)",
        "warning",
    )
