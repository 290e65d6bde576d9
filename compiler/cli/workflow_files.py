"""The workflows and pipelines that `init` writes: templates, with the address of Shipway put in."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from typing import Final

ACTION_PLACEHOLDER: Final = "OWNER/shipway@COMMIT"
"""what stands in the templates; left there, the user has to put in the address"""
GITLAB_PIPELINE: Final = ".gitlab-ci.yml"
GITLAB_INCLUDED: Final = ".gitlab/shipway.yml"
"""where the pipeline goes beside one that is there already, which includes it"""
_NAMES: Final = ("plan", "comment", "publish", "pilot")
_GITHUB: Final = re.compile(r"(?:https://|ssh://git@)github\.com[/:](?P<repository>[\w.-]+/[\w.-]+?)(?:\.git)?/?")


def workflow_files(action: str | None = None) -> dict[str, str]:
    """The files below a repository of specs, by path; `action` is `OWNER/REPOSITORY@COMMIT`, by default the one that
    this Shipway was installed from, where that is known.
    """
    address = action or installed_action() or ACTION_PLACEHOLDER
    folder = files("compiler.templates").joinpath("workflows")
    texts = {name: folder.joinpath(f"{name}.yml").read_text(encoding="utf-8") for name in _NAMES}
    return {f".github/workflows/{name}.yml": text.replace(ACTION_PLACEHOLDER, address) for name, text in texts.items()}


def gitlab_files(place: str, action: str | None = None) -> dict[str, str]:
    """GitLab's pipeline at `place`; `action` as in `workflow_files`."""
    named, _, commit = (action or installed_action() or ACTION_PLACEHOLDER).partition("@")
    repository = "/".join(named.split("/")[:2])
    text = files("compiler.templates").joinpath("gitlab-ci.yml").read_text(encoding="utf-8")
    default, _, placeholder = ACTION_PLACEHOLDER.partition("@")
    return {place: text.replace(f"/{default} ", f"/{repository} ").replace(f"-q {placeholder}\n", f"-q {commit}\n")}


def installed_action() -> str | None:
    """`OWNER/REPOSITORY@COMMIT` if pip installed Shipway from a commit on GitHub, else None.

    Source: PEP 610, `direct_url.json` of a distribution installed from a version control system.
    """
    try:
        origin = json.loads(distribution("shipway").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return None
    address = _GITHUB.fullmatch(str(origin.get("url", "")))
    commit = str(origin.get("vcs_info", {}).get("commit_id", ""))
    return f"{address['repository']}@{commit}" if address and re.fullmatch(r"[0-9a-f]{40}", commit) else None
