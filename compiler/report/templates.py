"""How every page and comment is made: a template of its format's folder, whose texts are escaped by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def escaping_templates(
    package: str, harmless: Callable[[Any], Any], phrases: tuple[Callable[..., Any], ...]
) -> Environment:
    """The templates of a package's folder `templates/`; `harmless` sees each value before it is escaped and printed.

    `phrases` are functions that templates may call, by their names. A name that is not defined is an error.
    """
    templates = Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        finalize=harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for phrase in phrases:
        templates.globals[phrase.__name__] = phrase
    templates.filters["figure"] = "{:,}".format
    return templates
