"""Overrides of objects that the release does not write, and of what only a version decides: the image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.compiled import CompiledRelease
from compiler.model.manifest import Manifest
from compiler.model.topology import Topology
from compiler.spec.container import image_of
from compiler.support.suggest import did_you_mean

OVERRIDES: Final[Path] = ("spec", "overrides")
CONTAINERS: Final[Path] = ("spec", "template", "spec", "containers")
PINNED_HELP: Final = "set the container's fields under `spec.container`, or update this image with each version"


def check_overrides(
    overrides: Mapping[str, Any], manifests: Sequence[Manifest], release: str, topology: Topology
) -> list[Problem]:
    """Overrides of objects that do not exist; those of a track that holds no version now wait for the next one."""
    shares = {share.track for split in topology.splits for share in split.shares}
    awaited = tuple(f"{release}-{track}" for track in shares if topology.workload(track) is None)
    names = {f"{manifest.kind}/{manifest.name}" for manifest in manifests} if overrides else set()
    problems = []
    for key in overrides:
        # what `null` leaves out is not among them any more, and need not be
        if key not in names and overrides[key] is not None and not names_track_object(key, awaited):
            guess = did_you_mean(key, sorted(names))
            text = f"did you mean `{guess}`?" if guess else f"the objects are: {', '.join(sorted(names))}"
            problems.append(
                Problem(
                    "override-unknown-object",
                    (f"this release has no object {key}"),
                    (*OVERRIDES, key),
                    text,
                    on_key=True,
                )
            )
    return problems


def names_track_object(key: str, awaited: tuple[str, ...]) -> bool:
    """Whether the key names an object of one of these tracks: `Deployment/web-green`, `Service/web-green-smoke`."""
    return any(f"{key.partition('/')[2]}-".startswith(f"{name}-") for name in awaited)


def check_pinned_images(overrides: Mapping[str, Any], release: CompiledRelease) -> list[Problem]:
    """Overridden containers that hold another image than the version's: a `start` would start nothing."""
    problems = []
    for workload in release.topology.workloads:
        kind = "Deployment" if release.subject.release.spec.stateful is None else "StatefulSet"
        key = f"{kind}/{workload.deployment}"
        wanted = image_of(release.subject.release.spec.container, workload.version)
        listed = value_below(overrides.get(key), CONTAINERS)
        for index, container in enumerate(listed if isinstance(listed, list) else ()):
            if pins_image(container, release, wanted):
                message = f"the override always runs this image, whatever version {workload.track} has: {wanted}"
                place = (*OVERRIDES, key, *CONTAINERS, index, "image")
                problems.append(Problem("override-pins-image", message, place, PINNED_HELP))
    return problems


def pins_image(container: Any, release: CompiledRelease, wanted: str) -> bool:
    """Whether the container is the release's own, or has its image under another name, at another version."""
    if not isinstance(container, dict) or not isinstance(container.get("image"), str) or container["image"] == wanted:
        return False
    return container.get("name") == container_name(release) or image_name(container["image"]) == image_name(wanted)


def image_name(image: str) -> str:
    """The image without its tag and digest."""
    folder, slash, last = image.partition("@")[0].rpartition("/")
    return folder + slash + last.partition(":")[0]


def container_name(release: CompiledRelease) -> str:
    identity = release.subject.release.spec.identity
    return release.name if identity is None or identity.container is None else identity.container


def value_below(tree: Any, path: Path) -> Any:
    for key in path:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree
