"""How a version is reached before it serves, as JSON: in a plan, in `status`, and in what a verb says."""

from __future__ import annotations

from typing import Any

from compiler.model.plan import PreviewRequest


def preview_data(preview: PreviewRequest) -> dict[str, Any]:
    return {
        "release": preview.release,
        "track": preview.track,
        "version": preview.version,
        "header": preview.header or None,
        "command": preview.command,
        "from": preview.place or None,
    }
