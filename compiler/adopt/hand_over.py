"""The hand-over of ownership, as commands: what applied the objects before lets go of them and deletes nothing."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from compiler.adopt.adopted_release import AdoptedRelease
from compiler.adopt.argo_rollouts import ROLLOUT
from compiler.adopt.rollout_hand_over import leftover_lines, rollout_lines
from compiler.model.manifest import Object
from compiler.model.objects import annotations_of, mapping_or_empty, nested_value, object_labels

HELM_RELEASE: Final = "meta.helm.sh/release-name"
HELM_NAMESPACE: Final = "meta.helm.sh/release-namespace"
FINALIZERS: Final = "the finalizer would delete all that the Application has applied"


def hand_over_commands(
    environment: str,
    origin: str,
    raw: Iterable[Object],
    application: Mapping[str, Any] | None,
    releases: Sequence[AdoptedRelease],
) -> tuple[str, ...]:
    """Shell commands and comments, in their order; `raw` are the objects as they were read, from `origin`."""
    objects = list(raw)
    lines = [*_application_lines(application), *_helm_lines(objects)]
    if not lines:
        lines = ["# first, whoever applies these objects today must stop: two owners would undo each other's changes"]
    running = "" if origin == "-" else f" --from {shlex.quote(origin)}"
    rollouts = [release.group for release in releases if release.group.source.kind == ROLLOUT]
    return (
        *lines,
        *(line for each in rollouts for line in rollout_lines(each)),
        f"shipway plan {environment}{running}",
        f"shipway publish {environment}{running}",
        f"shipway bootstrap {environment} | kubectl apply -f -",
        *(line for each in rollouts for line in leftover_lines(each)),
    )


def _application_lines(application: Mapping[str, Any] | None) -> list[str]:
    """Removes an Application and leaves what it has applied.

    Source: Argo CD, docs/user-guide/app_deletion.md: without `resources-finalizer.argocd.argoproj.io` and with
    `--cascade=false` the objects stay.
    """
    if application is None:
        return []
    name = shlex.quote(str(nested_value(dict(application), "metadata", "name")))
    place = shlex.quote(str(nested_value(dict(application), "metadata", "namespace") or "argocd"))
    return [
        f"# the Application stops managing the objects; {FINALIZERS}",
        f"kubectl -n {place} patch applications.argoproj.io {name} --type merge "
        """-p '{"spec":{"syncPolicy":{"automated":null}},"metadata":{"finalizers":null}}'""",
        f"kubectl -n {place} delete applications.argoproj.io {name} --cascade=orphan",
    ]


def _helm_lines(objects: Iterable[Object]) -> list[str]:
    """Makes Helm forget a release without uninstalling it.

    Source: Helm, pkg/storage/driver/secrets.go: a release is its Secrets `sh.helm.release.v1.NAME.vN`, labeled
    `owner=helm,name=NAME`; `helm uninstall` would delete the objects.
    """
    releases = dict.fromkeys(matching for obj in objects if (matching := _helm_release(obj)) is not None)
    lines = []
    for place, name in releases:
        if name:
            lines += [
                f"# Helm forgets the release {name}; do not run `helm uninstall`, which would delete its objects",
                f"kubectl -n {shlex.quote(place)} delete secret -l {shlex.quote(f'owner=helm,name={name}')}",
            ]
    if ("", "") in releases:
        lines += [
            "# the objects say that Helm manages them: find its release in this list, and delete its Secrets",
            "kubectl get secret --all-namespaces -l owner=helm",
        ]
    return lines


def _helm_release(obj: Object) -> tuple[str, str] | None:
    """The namespace and the name of the object's Helm release; ("", ""): of one whose name it does not say."""
    annotations = mapping_or_empty(annotations_of(obj))
    if HELM_RELEASE in annotations:
        return str(annotations.get(HELM_NAMESPACE) or "default"), str(annotations[HELM_RELEASE])
    return ("", "") if object_labels(obj).get("app.kubernetes.io/managed-by") == "Helm" else None
