"""A container's image as a spec names it: the repository, and the version that a release moves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

REFERENCE: Final = re.compile(
    r"(?P<name>[^@]*?)(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
"""distribution/reference: a colon after the last slash begins the tag; one before it, a registry's port."""


@dataclass(frozen=True, slots=True)
class ImageReference:
    """Name, tag and digest; `tag` is None where the reference has none."""

    name: str
    tag: str | None
    digest: str | None

    @property
    def version(self) -> str:
        """What the release's version is called: the tag; without one the beginning of the digest, or `latest`."""
        if self.tag is not None:
            return self.tag
        return "latest" if self.digest is None else self.digest.removeprefix("sha256:")[:12]


def image_reference(text: str) -> ImageReference | None:
    """The parts of an image's reference; None where it has none, or a digest that is not SHA-256."""
    match = REFERENCE.fullmatch(text)
    if match is None or not match["name"] or "/" in (match["tag"] or ""):
        return None
    return ImageReference(match["name"], match["tag"], match["digest"])


def same_image(one: object, other: object) -> bool:
    """Whether both texts name one version of one image: `nginx` is `nginx:latest`."""
    first, second = image_reference(str(one)), image_reference(str(other))
    if first is None or second is None:
        return False
    return (first.name, first.version, first.digest) == (second.name, second.version, second.digest)
