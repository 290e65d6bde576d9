"""Self-contained HTML pages from templates: one style, one script, both named by their hashes in a policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from compiler.diagnostics.render.cells import sanitized_line
from compiler.report import phrases
from compiler.report.line_diff import shortened
from compiler.report.svg.document import svg_stylesheet
from compiler.report.templates import escaping_templates

_MAX_TEXT: Final = 600


def html_page(template: str, styles: Sequence[str], scripts: Sequence[str], **values: Any) -> str:
    """The template's page: no network, no inline handlers, no markup made from strings by the script.

    Every text among `values` is escaped, put on one line and shortened at 600 characters; only `Markup` is not.
    """
    style = "\n".join([svg_stylesheet(), *map(asset, styles)])
    script = "\n".join(map(asset, scripts))
    policy = (
        f"default-src 'none'; style-src '{csp_hash(style)}'; script-src '{csp_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    # both are files of this package, and a policy is made of hashes
    page = {"policy": Markup(policy), "style": Markup(style), "script": Markup(script)}  # noqa: S704
    return _html_templates().get_template(template).render(**page, **values)


@cache
def _html_templates() -> Environment:
    templates = escaping_templates("compiler.report.html", _harmless, _PHRASES)
    templates.globals["marks"] = phrases.VERDICT_MARKS
    templates.globals["participles"] = phrases.ACTION_PARTICIPLES
    return templates


_PHRASES: Final = (
    phrases.action_counts,
    phrases.argocd_changes,
    phrases.change_title,
    phrases.changed_units_by_risk,
    phrases.counted,
    phrases.duration_text,
    phrases.environment_changes,
    phrases.overall_verdict,
    phrases.overall_words,
    phrases.release_counts,
    phrases.short_id,
    phrases.verdict_words,
)


def _harmless(value: Any) -> Any:
    """Control characters of specs and manifests show as their numbers; escaping comes after this."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return shortened(sanitized_line(value), _MAX_TEXT)
    return value


def asset(name: str) -> str:
    """A style or script that is shipped with the pages."""
    return (files("compiler.report.html") / "assets" / name).read_text(encoding="utf-8")


def csp_hash(content: str) -> str:
    """The hash by which a policy names an inline style or script (CSP level 3, "hash-source")."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
