"""The chapters of the list of codes: which stage finds what, in words for users."""

from __future__ import annotations

from typing import Final

CHAPTERS: Final[dict[str, str]] = {
    "source": "Reading YAML files, and finding the specs in them",
    "spec": "The shape of a spec: keys, types, values",
    "strategies": "What a strategy accepts",
    "traffic": "What a traffic provider can do",
    "assemble": "Making Kubernetes objects from a spec",
    "validate": "What the API server, Argo CD and the environment's policy accept",
    "adoption": "Releases that took over what ran before",
    "adopt": "`shipway adopt`",
    "edit": "Editing a spec file",
    "course": "Moving a release: `start`, `advance`, `abort`, `finish`, `rollback`, `promote`",
    "git": "Git: the published branch, its history, other repositories",
    "transition": "The verifier: objects, pods, the sync",
    "transition_requests": "The verifier: who answers a request",
    "transition_unproven": "The verifier: what it does not decide",
    "pipeline": "An environment as a whole, and the command line",
    "forge": "Comments on pull requests",
    "pilot": "The pilot",
}
"""A chapter for each of the catalog's stages, in the order of the page."""
