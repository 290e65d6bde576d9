"""Markdown from templates: a text that a template prints is escaped, unless a filter made it into code."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from compiler.report import phrases
from compiler.report.markdown.escape import escaped_html_text, escaped_prose, fenced_code, inline_code
from compiler.report.shares import plain_share_bar, shares_text
from compiler.report.templates import escaping_templates
from compiler.report.terminal.receipt import counts_sentence, shown_value

MAX_UNFOLDED_LINES: Final = 12


def rendered_markdown(template: str, **values: Any) -> str:
    """The template's text, which ends with a newline."""
    return _markdown_templates().get_template(template).render(**values)


@cache
def _markdown_templates() -> Environment:
    templates = escaping_templates("compiler.report.markdown", _prose, _PHRASES)
    templates.globals |= {
        "marks": phrases.VERDICT_MARKS,
        "signs": phrases.ACTION_SIGNS,
        "actions": phrases.ACTION_ORDER,
        "max_unfolded_lines": MAX_UNFOLDED_LINES,
    }
    templates.filters |= {
        "code": inline_code,
        "fence": fenced_code,
        "html_text": escaped_html_text,
        "prose": escaped_prose,
    }
    return templates


_PHRASES: Final = (
    phrases.action_counts,
    phrases.argocd_changes,
    phrases.action_counts_text,
    phrases.change_title,
    phrases.changed_units_by_risk,
    phrases.counted,
    phrases.duration_text,
    phrases.environment_changes,
    phrases.overall_verdict,
    phrases.overall_words,
    phrases.release_counts,
    phrases.short_id,
    phrases.track_summary,
    phrases.scope_text,
    phrases.verdict_words,
    phrases.wait_text,
    phrases.wave_changes_text,
    phrases.worst_verdict,
    counts_sentence,
    plain_share_bar,
    shares_text,
    shown_value,
)


def _prose(value: Any) -> Any:
    return escaped_prose(value) if isinstance(value, str) and not isinstance(value, Markup) else value
